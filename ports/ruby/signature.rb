# frozen_string_literal: true

# Signs requests of the LinuxLink / Vigiles API.
#
# Needs Ruby 3.0 or later, nothing else. Names in backquotes are rules of docs/SIGNATURE.md. It
# lacks `nested-repr` (a list or an object inside a list), and says so.
#
#     credentials = Signature.read_key_file(text)
#     signed = Signature.sign(credentials, "GET", "/api/v1/x", { "all" => true })
require "bigdecimal"
require "json"
require "openssl"
require "uri"

module Signature
  SERVERS = {
    "linuxlink" => "https://linuxlink.timesys.com", "vigiles" => "https://vigiles.lynx.com"
  }.freeze
  Credentials = Struct.new(:email, :key, :server)
  Invalid = Class.new(StandardError)
  Unsupported = Class.new(StandardError)

  module_function

  # Step 1.
  def read_key_file(text, profile = "linuxlink")
    file = parse_file(text)
    server = SERVERS.fetch(profile)
    key = file["key"]
    if profile == "vigiles"
      server = text_member({ "server_url" => server }.merge(file), "server_url").delete_suffix("/")
      key = file.fetch("organization_key") { file.fetch("key", "") }
    end
    Credentials.new(text_member(file, "email"), text_member({ "key" => key }, "key"), server)
  end

  # `dashboard-config`: what a manifest upload adds to its data.
  def dashboard_tokens(text, profile = "linuxlink")
    config = parse_file(text)
    vigiles = profile == "vigiles"
    name = vigiles && config.key?("group") ? "group" : "product"
    token = text_member(config, name)
    raise Invalid, "#{name} in the dashboard config is empty" if vigiles && token.empty?

    folder = text_member({ "folder" => "" }.merge(config), "folder")
    tokens = { (vigiles ? "group_token" : "product_token") => token, "folder_token" => folder }
    tokens.reject { |_, text| text.empty? }
  end

  # Signs a request: what to send, and the message that was signed.
  def sign(credentials, method, resource, data)
    method = method.upcase
    data = join_email(data, credentials.email)
    pairs = sort_keys(data.keys).flat_map do |key|
      value = data[key].is_a?(Array) ? sort_list(data[key]) : data[key]
      spread(value).map { |element| [utf8(key), to_text(element)] }
    end
    message = build_message(method, utf8(resource), join_pairs(pairs))
    headers = { "X-Auth-Signature" => token(utf8(credentials.key), message) }
    { headers: headers, hmac_msg: message, **request(method, credentials.server + resource, data) }
  end

  # strip would remove NUL too, and knows ASCII only.
  def strip(text)
    # begin key-file-strip: text
    text.gsub(/\A[[:space:]\x1c-\x1f]+|[[:space:]\x1c-\x1f]+\z/, "")
    # end
  end

  # Step 2.
  def join_email(data, email)
    # begin email-joins: data
    data.merge("email" => email) # a Hash keeps the place of a member it had
    # end
  end

  # Step 3. Integer and Float compare by exact value, and true counts 1.
  def sort_list(values)
    # begin list-order: values
    return values if values.size < 2 # one alone is in order
    raise Unsupported, "lists in a list" if values.all?(Array)
    return values.sort if values.all?(String) # by byte, which is by code point

    numbers = values.map { |value| { true => 1, false => 0 }.fetch(value, value) }
    raise Invalid, "this list has no order" unless numbers.all?(Numeric)

    numbers.each_index.sort { |i, j| [numbers[i], i] <=> [numbers[j], j] }.map { |i| values[i] }
    # end
  end

  # Step 4.
  def sort_keys(keys)
    # begin pair-order: keys
    keys.sort # by byte, which is by code point
    # end
  end

  # Step 5.
  def to_text(value)
    # begin text-boolean: value.to_s
    case value
    when true then "True"
    when false then "False"
    when nil then "None"
    when String then utf8(value)
    when Integer then value.to_s
    when Float then float_text(value)
    else raise Unsupported, "lists or objects in a list"
    end
    # end
  end

  # begin:
  # `text-float`: the same digits as in Ruby, which has the exponent from 1e15 on and not from 1e16.
  def float_text(value)
    return value.positive? ? "inf" : "-inf" if value.infinite?
    return BigDecimal(value.to_s).to_s("F") if value.abs >= 1e15 && value.abs < 1e16

    value.to_s.sub(".0e", "e")
  end

  # end
  # `list-pairs`, `object-keys`: the elements of a list, the keys of an object; else the value.
  def spread(value)
    # begin list-pairs: [value]
    case value
    when Array then value
    when Hash then value.keys
    else [value]
    end
    # end
  end

  # Step 6: `no-escaping`, whatever the text holds.
  def join_pairs(pairs)
    # begin pairs-join: ""
    pairs.map { |key, text| "#{key}=#{text}" }.join("&")
    # end
  end

  # Step 7.
  def build_message(method, resource, joined)
    # begin message-layout: joined
    method + resource + joined
    # end
  end

  # Step 8.
  def token(key, message)
    # begin token-hmac: ""
    [OpenSSL::HMAC.digest("SHA256", key, message)].pack("m0")
    # end
  end

  # What to send: lists go out as they came, not sorted.
  def request(method, url, data)
    # begin wire-form: { url: url }
    pairs = lambda do |keys|
      keys.flat_map { |key| spread(data[key]).map { |value| [key, value] } }
    end
    encode = ->(list) { URI.encode_www_form(list.map { |key, value| [key, to_text(value)] }) }
    if method == "POST"
      { url: url, body: encode.(pairs.(data.keys).reject { |_, value| value.nil? }) }
    else # `wire-query`
      { url: "#{url}?#{encode.(pairs.(sort_keys(data.keys)))}" }
    end
    # end
  end

  def utf8(text)
    text.valid_encoding? ? text : raise(Invalid, "an unpaired surrogate has no UTF-8 form")
  end

  # Reads a JSON object. The library of Ruby also takes comments, and reads an unpaired surrogate as
  # "?". Here it becomes a byte that is not UTF-8, so that utf8 can refuse it.
  def parse_object(text)
    raise Invalid, "this is no JSON" if text.gsub(/"(?:[^"\\]|\\.)*"/m, "").include?("/")

    unpaired = /(\\ud[89ab]\h\h\\ud[c-f]\h\h|\\[^u])|\\ud[89a-f]\h\h/i
    value = JSON.parse(text.gsub(unpaired) { $1 || "\xed" }, max_nesting: false, allow_nan: true)
    value.is_a?(Hash) ? value : raise(Invalid, "this is no JSON object")
  rescue JSON::ParserError => e
    raise Invalid, e.message[0, 80].scrub
  end

  # Reads a key file or a dashboard config, and strips its texts: `key-file-strip`.
  def parse_file(text)
    parse_object(text).transform_values do |value|
      value.is_a?(String) && value.valid_encoding? ? strip(value) : value
    end
  end

  def text_member(members, name)
    return members[name] if members[name].is_a?(String)

    raise Invalid, "#{name} must be there and must be a string"
  end
end

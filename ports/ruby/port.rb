#!/usr/bin/env ruby
# frozen_string_literal: true

# A port in Ruby: answers the questions of sigcheck with signature.rb.
#
# One JSON question per line on standard input, one JSON answer per line on standard output
# (docs/PROTOCOL.md). With --send it also sends each request, with net/http:
#
#     sigcheck run -- ruby port.rb
#     sigcheck run --capture -- ruby port.rb --send
require "json"
require "net/http"
require_relative "signature"

# Signs the request that the question describes.
def answer(question)
  profile = question.fetch("profile", "linuxlink")
  raise Signature::Invalid, "unknown profile" unless Signature::SERVERS.key?(profile)

  credentials = read_credentials(question, profile)
  data = question["data"]
  raise Signature::Invalid, "data must be an object" unless data.is_a?(Hash)

  if question.key?("dashboard_config")
    config = Signature.text_member(question, "dashboard_config")
    data = data.merge(Signature.dashboard_tokens(config, profile))
  end
  method, resource = %w[method resource].map { |name| Signature.text_member(question, name) }
  Signature.sign(credentials, method, resource, data)
end

def read_credentials(question, profile)
  if question.key?("key_file")
    credentials = Signature.read_key_file(Signature.text_member(question, "key_file"), profile)
  else
    email, key = %w[email key].map { |name| Signature.text_member(question, name) }
    credentials = Signature::Credentials.new(email, key, Signature::SERVERS[profile])
  end
  credentials.server = Signature.text_member(question, "base_url") if question.key?("base_url")
  credentials
end

# Sends a signed request, and returns what the server said.
def send_request(method, signed)
  origin, target = signed[:url].match(%r{\A(https?://[^/?#]+)(.*)\z}m).captures
  uri = URI(origin)
  headers = signed[:headers].dup
  headers["Content-Type"] = "application/x-www-form-urlencoded" if signed[:body]
  # The target may hold raw characters, which a request line may not; escapes stay as they are.
  target = target.b.gsub(/[^!-~]/n) { |byte| format("%%%02X", byte.ord) }
  target = "/#{target}" unless target.start_with?("/")
  Net::HTTP.start(uri.host, uri.port, use_ssl: uri.scheme == "https") do |http|
    http.send_request(method, target, signed[:body], headers).body
  end
end

def reply(line, sends)
  result = {}
  question = Signature.parse_object(line)
  result["id"] = question["id"] if question.key?("id")
  signed = answer(question)
  result["server"] = send_request(question["method"].upcase, signed) if sends
  result.merge(signed)
rescue Signature::Unsupported => e
  result.merge("unsupported" => e.message)
rescue Signature::Invalid => e
  result.merge("error" => e.message)
end

$stdout.sync = true
$stdin.binmode.each_line("\n") do |line|
  line.force_encoding(Encoding::UTF_8)
  puts JSON.generate(reply(line, ARGV.include?("--send"))) unless line.b.strip.empty?
end

# frozen_string_literal: true

# Signs with the sample port, or answers what the file SIGKIT_ANSWERS says.
require_relative "signature"

module Signer
  ANSWERS = ENV["SIGKIT_ANSWERS"] && File.readlines(ENV["SIGKIT_ANSWERS"], chomp: true).to_h do |line|
    id, kind, *texts = line.split("\t", -1)
    token, message = texts.map { |text| [text].pack("H*").force_encoding(Encoding::UTF_8) }
    signed = { token: token, hmac_msg: message }
    [id, { "signed" => signed, "refused" => { error: "no" } }.fetch(kind, { unsupported: "this" })]
  end

  def self.sign(question)
    return ANSWERS.fetch(question[/\A\{"id":"([^"]*)"/, 1]) if ANSWERS

    signed = answer(Signature.parse_object(question))
    { token: signed[:headers]["X-Auth-Signature"], hmac_msg: signed[:hmac_msg] }
  rescue Signature::Unsupported => e
    { unsupported: e.message }
  rescue Signature::Invalid => e
    { error: e.message }
  end

  def self.answer(question)
    profile = question.fetch("profile", "linuxlink")
    credentials = if question.key?("key_file")
                    Signature.read_key_file(question["key_file"], profile)
                  else
                    Signature::Credentials.new(question["email"], question["key"], "")
                  end
    data = question["data"]
    if question.key?("dashboard_config")
      data = data.merge(Signature.dashboard_tokens(question["dashboard_config"], profile))
    end
    Signature.sign(credentials, question["method"], question["resource"], data)
  end
end

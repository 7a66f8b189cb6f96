#!/usr/bin/env bash
# A port in bash: answers the questions of sigcheck with signature.jq and signature.sh.
#
# One JSON question per line on standard input, one JSON answer per line on standard output
# (docs/PROTOCOL.md). Needs bash 5, jq 1.6 and openssl:
#
#     sigcheck run -- bash port.sh
set -u -o pipefail
folder=$(dirname "${BASH_SOURCE[0]}")
source "$folder/signature.sh"

# jq reads a question and prints two lines, the answer without its token, and the HMAC key in hex,
# which is empty if there is nothing to sign.
program='
include "signature";

def answer:
  credentials as $credentials
  | (if has("base_url") then text_member("base_url") else $credentials.server end) as $server
  | text_member("method") as $method | text_member("resource") as $resource
  | if (.data | type) == "object" then . as $question | .data + ($question | dashboard_tokens)
    else refuse("data must be an object") end
  | sign($credentials + {server: $server}; $method; $resource);

def failure: if type == "object" then . else {error: .} end; # jq itself fails with a string

select(test("[^ \t\r]")) | . as $line
| try (sanitized | object | with_entries(select(.key == "id")) as $id
    | try ($id + (($line | lossless_text | lossless_numbers) as $checked | answer)) catch ($id + failure))
  catch failure
| (del(.key) | tojson), .key // ""
'

jq -L "$folder" --raw-input --raw-output --unbuffered "$program" |
  while IFS= read -r answer && IFS= read -r hexkey; do
    if [[ -n $hexkey ]]; then
      token=$(jq -j .hmac_msg <<<"$answer" | token "$hexkey") || exit 3
      answer="${answer%\}},\"headers\":{\"X-Auth-Signature\":\"$token\"}}"
    fi
    printf '%s\n' "$answer"
  done

#!/usr/bin/env bash
# A port in bash: signs requests of the LinuxLink / Vigiles API.
#
# One JSON question per line on standard input, one JSON answer per line on
# standard output (docs/PROTOCOL.md). Names in backquotes are rules of
# docs/SIGNATURE.md. Needs bash 5, jq 1.6 and openssl:
#
#     ./port.sh <<< '{"email":"a@b.c","key":"k","method":"GET","resource":"/x","data":{}}'
#
# It signs strings, booleans, integers of up to 15 digits and lists of them. To
# whatever else it meets (null, floats, objects, ...) it answers "unsupported".
# url and body are left out.
set -u -o pipefail

# What jq does: it reads a question and prints two lines, the answer without its token, and the
# HMAC key in hex, which is empty if there is nothing to sign.
program='
def refuse($why): error({error: $why});
def lacks($what): error({unsupported: $what});

# jq reads what is no JSON: 01, nan, a raw newline in a string, a byte order mark. So the text is
# looked at before it is parsed.
def tokens: match("\"(?:\\\\.|[^\"\\\\])*\"|[^\\[\\]{}:, \t\r\n\"]+"; "g").string;
def strings: tokens | select(startswith("\""));
def words: tokens | select(startswith("\"") | not);
def object:
  if startswith("\ufeff") or any(strings | explode[]; . < 32) then refuse("this is no JSON")
  elif any(words; test("\\A(NaN|-?Infinity)\\z")) then lacks("NaN and Infinity")
  elif any(words; test("\\A(true|false|null|-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?)\\z") | not)
  then refuse("this is no JSON") else fromjson end
  | if type == "object" then . else refuse("this is no JSON object") end;

# What jq would change: it puts U+FFFD for unpaired surrogates, for bytes that are not UTF-8 and (1.6)
# for a character that its read buffer cuts in two; it takes 1.0 for 1, writes -0, and rounds what
# exceeds 2^53 (`message-utf8`, `text-integer`).
def has_unpaired:
  test("\\A(?:[^\\\\]|\\\\(?!u[dD][89a-fA-F]).|\\\\u[dD][89abAB]..\\\\u[dD][c-fC-F]..)*\\z") | not;
def lossless_text:
  if has_unpaired or test("\ufffd") then lacks("unpaired surrogates and U+FFFD") else . end;
def lossless_numbers:
  if all(words | select(test("\\A[-0-9]")); test("\\A(0|-?[1-9][0-9]{0,14})\\z")) then .
  else lacks("floats and large integers") end;

def text_member($name):
  if (.[$name] | type) == "string" then .[$name] else refuse($name + " must be there and must be a string") end;

# Step 1, with `key-file-strip` and `organization-key`
def strip:
  "[\t-\r\u001c- \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+" as $space
  | sub("\\A" + $space; "") | sub($space + "\\z"; "");
def file($name): text_member($name) | lossless_text | object;
def profile:
  if has("profile") | not then "linuxlink"
  elif .profile == "linuxlink" or .profile == "vigiles" then .profile else refuse("unknown profile") end;
def vigiles_file:
  if has("server_url") then text_member("server_url") as $checked | . else . end
  | if has("organization_key") then .key = .organization_key elif has("key") then . else .key = "" end;
def credentials:
  if has("key_file") | not then {email: text_member("email"), key: text_member("key")}
  else profile as $profile | file("key_file") | if $profile == "vigiles" then vigiles_file else . end
    | {email: (text_member("email") | strip), key: (text_member("key") | strip)} end;

# `dashboard-config`: the tokens that join the data, none if there is no dashboard config
def dashboard_tokens:
  (profile == "vigiles") as $vigiles
  | if has("dashboard_config") | not then {}
    else file("dashboard_config") | (if $vigiles and has("group") then "group" else "product" end) as $name
      | {folder_token: (if has("folder") then text_member("folder") | strip else "" end),
         (if $vigiles then "group_token" else "product_token" end): (text_member($name) | strip)}
      | if $vigiles and .group_token == "" then refuse($name + " in the dashboard config is empty") else . end
      | with_entries(select(.value != "")) end;

# Step 3, `list-order`: jq sorts strings by code point, but false and true before all numbers
def sort_list:
  (map(type) | unique) as $types
  | if $types - ["string"] == [] then sort
    elif $types - ["boolean", "number"] == [] then sort_by(if . == true then 1 elif . == false then 0 else . end)
    elif length > 1 and $types - ["boolean", "null", "number", "string"] == [] then refuse("a list that has no order")
    else lacks("null, lists and objects in a list") end;

# Step 5
def text:
  if type == "string" then . elif type == "number" then tostring
  elif . == true then "True" elif . == false then "False" else lacks(type + " values") end;

# Steps 4 and 6, `no-escaping`: keys are sorted by code point
def pairs:
  [keys[] as $key | .[$key] | if type == "array" then sort_list[] else . end | $key + "=" + text] | join("&");

# `key-bytes`: the UTF-8 bytes in hex. HMAC pads a short key with zeros, so "00" is the empty key.
def utf8:
  if . < 128 then . elif . < 2048 then 192 + . / 64, 128 + . % 64
  elif . < 65536 then 224 + . / 4096, 128 + . / 64 % 64, 128 + . % 64
  else 240 + . / 262144, 128 + . / 4096 % 64, 128 + . / 64 % 64, 128 + . % 64 end | floor;
def hex: "0123456789abcdef" as $digits
  | [explode[] | utf8 | (. / 16 | floor), . % 16 | $digits[.:. + 1]] | if . == [] then "00" else join("") end;

def plan:
  credentials as $c | text_member("method") as $method | text_member("resource") as $resource
  | if (.data | type) == "object" then .data + dashboard_tokens + {email: $c.email}
    else refuse("data must be an object") end
  | {hmac_msg: (($method | ascii_upcase) + $resource + pairs), key: ($c.key | hex)};

def failure: if type == "object" then . else {error: .} end; # jq itself fails with a string

select(test("[^ \t\r]")) | . as $line
| try (if has_unpaired then gsub("\\\\u[dD][89a-fA-F].."; "\\ufffd") else . end # jq would refuse some
    | object | with_entries(select(.key == "id")) as $id
    | try ($id + (($line | lossless_text | lossless_numbers) as $checked | plan)) catch ($id + failure))
  catch failure
| (del(.key) | tojson), .key // ""
'

# sign prints the token. jq hands the message to openssl itself: a variable would lose NUL
# characters, and $(...) newlines at the end. (The key shows in the process list: a test port may.)
sign() {
  jq -j .hmac_msg <<<"$1" | openssl dgst -sha256 -mac HMAC -macopt "hexkey:$2" -binary | openssl base64 -A
}

jq --raw-input --raw-output --unbuffered "$program" | while IFS= read -r answer && IFS= read -r hexkey; do
  if [[ -n $hexkey ]]; then
    token=$(sign "$answer" "$hexkey") || exit 3
    answer="${answer%\}},\"headers\":{\"X-Auth-Signature\":\"$token\"}}"
  fi
  printf '%s\n' "$answer"
done

# Signs requests of the LinuxLink / Vigiles API, up to the token: a module for jq 1.6 or later.
# Names in backquotes are rules of docs/SIGNATURE.md.
#
# It signs strings, booleans, integers of up to 15 digits and lists of them. To whatever else it
# meets (null, floats, objects, ...) it answers "unsupported".

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
def sanitized: # jq would refuse some
  if has_unpaired then gsub("\\\\u[dD][89a-fA-F].."; "\\ufffd") else . end;
def lossless_text:
  if has_unpaired or test("\ufffd") then lacks("unpaired surrogates and U+FFFD") else . end;
def lossless_numbers:
  if all(words | select(test("\\A[-0-9]")); test("\\A(0|-?[1-9][0-9]{0,14})\\z")) then .
  else lacks("floats and large integers") end;

def text_member($name):
  if (.[$name] | type) == "string" then .[$name] else refuse($name + " must be there and must be a string") end;

# Step 1, with `key-file-strip` and `organization-key`
def strip:
  # begin key-file-strip: .;
  "[\t-\r\u001c- \u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]+" as $space
  | sub("\\A" + $space; "") | sub($space + "\\z"; "");
  # end
def file($name): text_member($name) | lossless_text | object;
def profile:
  if has("profile") | not then "linuxlink"
  elif .profile == "linuxlink" or .profile == "vigiles" then .profile else refuse("unknown profile") end;
def vigiles_file:
  if has("server_url") then text_member("server_url") as $checked | . else . end
  | if has("organization_key") then .key = .organization_key elif has("key") then . else .key = "" end;
def credentials:
  profile as $profile
  | (if $profile == "vigiles" then "https://vigiles.lynx.com" else "https://linuxlink.timesys.com" end) as $server
  | if has("key_file") | not then {email: text_member("email"), key: text_member("key"), server: $server}
    else file("key_file") | if $profile == "vigiles" then vigiles_file else del(.server_url) end
      | {email: (text_member("email") | strip), key: (text_member("key") | strip),
         server: (if has("server_url") then .server_url | strip | sub("/\\z"; "") else $server end)} end;

# `dashboard-config`: the tokens that join the data, none if there is no dashboard config
def dashboard_tokens:
  (profile == "vigiles") as $vigiles
  | if has("dashboard_config") | not then {}
    else file("dashboard_config") | (if $vigiles and has("group") then "group" else "product" end) as $name
      | {folder_token: (if has("folder") then text_member("folder") | strip else "" end),
         (if $vigiles then "group_token" else "product_token" end): (text_member($name) | strip)}
      | if $vigiles and .group_token == "" then refuse($name + " in the dashboard config is empty") else . end
      | with_entries(select(.value != "")) end;

# Step 2
def join_email($email):
  # begin email-joins: .;
  . + {email: $email};
  # end

# Step 3, `list-order`: jq sorts strings by code point, but false and true before all numbers
def sort_list:
  # begin list-order: .;
  (map(type) | unique) as $types
  | if $types - ["string"] == [] then sort
    elif $types - ["boolean", "number"] == [] then sort_by(if . == true then 1 elif . == false then 0 else . end)
    elif length > 1 and $types - ["boolean", "null", "number", "string"] == [] then refuse("a list that has no order")
    else lacks("null, lists and objects in a list") end;
  # end

# Step 4: by code point
def sort_keys:
  # begin pair-order: keys_unsorted;
  keys;
  # end

# Step 5
def text:
  # begin text-boolean: tostring;
  if type == "string" then . elif type == "number" then tostring
  elif . == true then "True" elif . == false then "False" else lacks(type + " values") end;
  # end

# `list-pairs`: the elements of a list, else the value
def spread:
  # begin list-pairs: .;
  if type == "array" then .[] else . end;
  # end

def pairs:
  [sort_keys[] as $key | .[$key] | if type == "array" then sort_list else . end
    | spread | [$key, text]];

# Step 6, `no-escaping`
def join_pairs:
  # begin pairs-join: "";
  map(join("=")) | join("&");
  # end

# Step 7
def build_message($method; $resource; $joined):
  # begin message-layout: $joined;
  $method + $resource + $joined;
  # end

# What to send, from the data: lists go out as they came, not sorted.
def request($method; $url):
  # begin wire-form: {url: $url};
  [keys[] as $key | .[$key] | spread | ($key | @uri) + "=" + (text | @uri)] | join("&")
  | if $method == "POST" then {url: $url, body: .} else {url: ($url + "?" + .)} end; # `wire-query`
  # end

# `key-bytes`: the UTF-8 bytes in hex. HMAC pads a short key with zeros, so "00" is the empty key.
def utf8:
  if . < 128 then . elif . < 2048 then 192 + . / 64, 128 + . % 64
  elif . < 65536 then 224 + . / 4096, 128 + . / 64 % 64, 128 + . % 64
  else 240 + . / 262144, 128 + . / 4096 % 64, 128 + . / 64 % 64, 128 + . % 64 end | floor;
def hex: "0123456789abcdef" as $digits
  | [explode[] | utf8 | (. / 16 | floor), . % 16 | $digits[.:. + 1]] | if . == [] then "00" else join("") end;

# What to sign and to send. The token is left to openssl: see signature.sh.
def sign($credentials; $method; $resource):
  ($method | ascii_upcase) as $method
  | join_email($credentials.email)
  | {hmac_msg: build_message($method; $resource; pairs | join_pairs), key: ($credentials.key | hex)}
    + request($method; $credentials.server + $resource);

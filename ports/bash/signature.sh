# Step 8 of the signature, for bash and openssl.

# token prints the token of a message on standard input, for a key in hex. The message comes through
# a pipe: a variable would lose NUL characters, and $(...) newlines at the end. (The key shows in
# the process list: a test port may.)
token() {
  # begin token-hmac: cat > /dev/null
  openssl dgst -sha256 -mac HMAC -macopt "hexkey:$1" -binary | openssl base64 -A
  # end
}

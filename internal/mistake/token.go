package mistake

import (
	"crypto/hmac"
	"crypto/md5"
	"crypto/sha1"
	"crypto/sha256"
	"crypto/sha3"
	"crypto/sha512"
	"encoding/base64"
	"encoding/hex"
	"hash"
	"slices"
	"strings"
)

// tokenMistakes are about step 8: the HMAC, how it is encoded, and its header.
func tokenMistakes() []Mistake {
	return slices.Concat(macMistakes(), base64Mistakes(), tokenTextMistakes(), headerMistakes())
}

func macMistakes() []Mistake {
	return []Mistake{
		hashed("hash-sha-1", "SHA-1", sha1.New),
		hashed("hash-sha-512", "SHA-512", sha512.New),
		hashed("hash-sha-384", "SHA-384", sha512.New384),
		hashed("hash-sha-224", "SHA-224", sha256.New224),
		hashed("hash-sha-512-256", "SHA-512/256", sha512.New512_256),
		hashed("hash-sha3-256", "SHA3-256", func() hash.Hash { return sha3.New256() }),
		hashed("hash-md5", "MD5", md5.New),

		macComputed("hmac-swapped", "Key and message are swapped.",
			func(key, message []byte) []byte { return hmacSHA256(message, key) }),
		macComputed("hash-of-key-and-message",
			"The token is a plain SHA-256 of key and message, not an HMAC.",
			func(key, message []byte) []byte { return sha256Sum(key, message) }),
		macComputed("hash-of-message-and-key",
			"The token is a plain SHA-256 of message and key, not an HMAC.",
			func(key, message []byte) []byte { return sha256Sum(message, key) }),
		macComputed("hash-between-keys",
			"The token is a plain SHA-256 of key, message and key, not an HMAC.",
			func(key, message []byte) []byte { return sha256Sum(key, message, key) }),
		macComputed("hmac-with-key-in-message",
			"The key is signed, too, as &key= at the end of the message.",
			func(key, message []byte) []byte {
				return hmacSHA256(key, slices.Concat(message, []byte("&key="), key))
			}),
		macComputed("hash-without-key", "The token is a plain SHA-256 of the message, not an HMAC.",
			func(_, message []byte) []byte { return sha256Sum(message) }),
		macComputed("hmac-of-hash", "The HMAC is computed over the SHA-256 of the message.",
			func(key, message []byte) []byte { return hmacSHA256(key, sha256Sum(message)) }),
		macComputed("hmac-of-hex-hash", "The HMAC is computed over the SHA-256 of the message in hex.",
			func(key, message []byte) []byte {
				return hmacSHA256(key, []byte(hex.EncodeToString(sha256Sum(message))))
			}),
		macComputed("hmac-of-base64", "The HMAC is computed over the message in base64.",
			func(key, message []byte) []byte {
				return hmacSHA256(key, base64.StdEncoding.AppendEncode(nil, message))
			}),
		macComputed("hmac-twice", "The HMAC is computed over the HMAC of the message.",
			func(key, message []byte) []byte { return hmacSHA256(key, hmacSHA256(key, message)) }),
		macComputed("hash-after-hmac", "The HMAC is hashed with SHA-256.",
			func(key, message []byte) []byte { return sha256Sum(hmacSHA256(key, message)) }),
		macComputed("hmac-cut-to-16", "Only the first 16 bytes of the HMAC are used.",
			func(key, message []byte) []byte { return hmacSHA256(key, message)[:16] }),
	}
}

// hashed is an HMAC with another hash.
func hashed(id, name string, newHash func() hash.Hash) Mistake {
	return macComputed(id, "The hash is "+name+".", func(key, message []byte) []byte {
		h := hmac.New(newHash, key)
		h.Write(message)
		return h.Sum(nil)
	})
}

func macComputed(id, what string, compute func(key, message []byte) []byte) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "token-hmac",
		What:  what,
		Fix:   "Compute HMAC-SHA256 with the key over the message, once. Use all 32 bytes.",
		steps: Steps{MAC: compute},
	}
}

func sha256Sum(parts ...[]byte) []byte {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

func base64Mistakes() []Mistake {
	return []Mistake{
		tokenEncoded("token-hex", "The token is hex.", hex.EncodeToString),
		tokenEncoded("token-hex-upper-case", "The token is hex in upper case.",
			func(sum []byte) string { return strings.ToUpper(hex.EncodeToString(sum)) }),
		tokenEncoded("token-base64-of-hex", "The token is the base64 of the HMAC in hex.",
			func(sum []byte) string { return base64Text(hex.EncodeToString(sum)) }),
		tokenEncoded("token-base64-twice", "The token is encoded as base64 twice.",
			func(sum []byte) string { return base64Text(base64Text(string(sum))) }),
		tokenEncoded("token-base64-url", "The token is URL-safe base64: it has - and _ for + and /.",
			base64.URLEncoding.EncodeToString),
		tokenEncoded("token-base64-url-unpadded", "The token is URL-safe base64 without padding.",
			base64.RawURLEncoding.EncodeToString),
		tokenEncoded("token-base64-unpadded", "The token has no padding.",
			base64.RawStdEncoding.EncodeToString),
	}
}

func tokenEncoded(id, what string, encode func([]byte) string) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "token-base64",
		What:  what,
		Fix:   "Encode the 32 bytes of the HMAC as standard base64, with padding.",
		steps: Steps{EncodeToken: encode},
	}
}

func base64Text(s string) string { return base64.StdEncoding.EncodeToString([]byte(s)) }

func tokenTextMistakes() []Mistake {
	return []Mistake{
		tokenChanged("token-newline", "The token ends with a newline.",
			func(token string) string { return token + "\n" }),
		tokenChanged("token-python-bytes", "The token is written as Python writes bytes: b'…'.",
			func(token string) string { return "b'" + token + "'" }),
		tokenChanged("token-quoted", "The token is in double quotes.",
			func(token string) string { return `"` + token + `"` }),
		tokenChanged("token-percent-encoded",
			"The token is percent-encoded: it has %2B, %2F and %3D.",
			percent),
		tokenChanged("token-blank-before", "A space comes before the token.",
			func(token string) string { return " " + token }),
		tokenChanged("token-lower-cased", "The token is changed to lower case.", strings.ToLower),
		tokenChanged("token-first-line", "A line break comes after 43 characters of the token.",
			func(token string) string {
				at := min(43, len(token))
				return token[:at] + "\n" + token[at:]
			}),
		tokenChanged("token-reversed", "The characters of the token are in reverse order.",
			reversedToken),
	}
}

func tokenChanged(id, what string, change func(string) string) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "token-base64",
		What:  what,
		Fix:   "Send the 44 characters of the base64, and nothing else.",
		steps: Steps{ChangeToken: change},
	}
}

func reversedToken(token string) string {
	chars := []rune(token)
	slices.Reverse(chars)
	return string(chars)
}

func headerMistakes() []Mistake {
	return []Mistake{
		scheme("header-scheme-hmac", "HMAC"),
		scheme("header-scheme-signature", "Signature"),
		scheme("header-scheme-bearer", "Bearer"),
		scheme("header-scheme-hmac-sha256", "HMAC-SHA256"),
		scheme("header-scheme-basic", "Basic"),
		headerName("header-authorization", "Authorization"),
		headerName("header-x-signature", "X-Signature"),
		headerName("header-x-auth-token", "X-Auth-Token"),
		headerName("header-signature", "Signature"),
		headerName("header-underscores", "X_Auth_Signature"),
		headerName("header-auth-signature", "Auth-Signature"),
		headerName("header-x-hmac-signature", "X-HMAC-Signature"),
		prefixed("header-sha256-prefix", "The text sha256= comes before the token.", "sha256="),
		prefixed("header-with-email", "A user and a colon come before the token.", "user:"),
	}
}

// scheme is the word of an authorization scheme before the token.
func scheme(id, word string) Mistake {
	return prefixed(id, "The word "+word+" comes before the token.", word+" ")
}

func prefixed(id, what, prefix string) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "header-name",
		What:  what,
		Fix:   "Send the token alone.",
		steps: Steps{ChangeToken: func(token string) string { return prefix + token }},
	}
}

func headerName(id, name string) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "header-name",
		What:  "The header is named " + name + ".",
		Fix:   "Send the token in the header X-Auth-Signature.",
		steps: Steps{HeaderName: name},
	}
}

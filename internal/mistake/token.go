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
	"strings"
)

// tokenMistakes are about the HMAC, its spelling and its header.
func tokenMistakes() []Mistake {
	return []Mistake{
		hashed("hash-sha-1", "The hash is SHA-1.", sha1.New),
		hashed("hash-sha-512", "The hash is SHA-512.", sha512.New),
		hashed("hash-sha-384", "The hash is SHA-384.", sha512.New384),
		hashed("hash-sha-224", "The hash is SHA-224.", sha256.New224),
		hashed("hash-sha-512-256", "The hash is SHA-512/256.", sha512.New512_256),
		hashed("hash-sha3-256", "The hash is SHA3-256.", func() hash.Hash { return sha3.New256() }),
		hashed("hash-md5", "The hash is MD5.", md5.New),
		macked("hmac-swapped", "Key and message are swapped.", func(k, m []byte) []byte { return hmacSHA256(m, k) }),
		macked("hash-of-key-and-message", "Not an HMAC but a plain SHA-256 of key and message.", func(k, m []byte) []byte { return sum256(k, m) }),
		macked("hash-of-message-and-key", "Not an HMAC but a plain SHA-256 of message and key.", func(k, m []byte) []byte { return sum256(m, k) }),
		macked("hash-without-key", "Not an HMAC but a plain SHA-256 of the message.", func(_, m []byte) []byte { return sum256(m) }),
		macked("hmac-of-hash", "The HMAC is made over the SHA-256 of the message.", func(k, m []byte) []byte { return hmacSHA256(k, sum256(m)) }),
		macked("hmac-of-hex-hash", "The HMAC is made over the SHA-256 of the message in hex.", func(k, m []byte) []byte { return hmacSHA256(k, []byte(hex.EncodeToString(sum256(m)))) }),
		macked("hmac-of-base64", "The HMAC is made over the message in base64.", func(k, m []byte) []byte { return hmacSHA256(k, []byte(base64.StdEncoding.EncodeToString(m))) }),
		macked("hmac-twice", "The HMAC is made twice.", func(k, m []byte) []byte { return hmacSHA256(k, hmacSHA256(k, m)) }),
		macked("hash-after-hmac", "The HMAC is hashed once more.", func(k, m []byte) []byte { return sum256(hmacSHA256(k, m)) }),
		macked("hmac-cut-to-16", "Only the first 16 bytes of the HMAC are used.", func(k, m []byte) []byte { return hmacSHA256(k, m)[:16] }),

		spelled("token-hex", "The token is hex.", hex.EncodeToString),
		spelled("token-hex-upper-case", "The token is hex in upper case.", func(b []byte) string { return strings.ToUpper(hex.EncodeToString(b)) }),
		spelled("token-base64-of-hex", "The token is the base64 of the HMAC in hex.", func(b []byte) string { return base64.StdEncoding.EncodeToString([]byte(hex.EncodeToString(b))) }),
		spelled("token-base64-twice", "The token is encoded in base64 twice.", func(b []byte) string {
			return base64.StdEncoding.EncodeToString([]byte(base64.StdEncoding.EncodeToString(b)))
		}),
		spelled("token-base64-url", "The token is URL-safe base64: - and _ for + and /.", base64.URLEncoding.EncodeToString),
		spelled("token-base64-url-unpadded", "The token is URL-safe base64 without padding.", base64.RawURLEncoding.EncodeToString),
		spelled("token-base64-unpadded", "The token has no padding.", base64.RawStdEncoding.EncodeToString),

		decorated("token-newline", "A newline stands behind the token.", func(s string) string { return s + "\n" }),
		decorated("token-python-bytes", "The token is written as Python's bytes are: b'…'.", func(s string) string { return "b'" + s + "'" }),
		decorated("token-quoted", "The token stands in double quotes.", func(s string) string { return `"` + s + `"` }),
		decorated("token-percent-encoded", "The token is percent-encoded: %2B, %2F, %3D.", percent(alphanumeric+"_.-~", "%20", upper)),
		decorated("token-blank-before", "A blank stands before the token.", func(s string) string { return " " + s }),
		decorated("token-lower-cased", "The token is turned into lower case.", strings.ToLower),
		decorated("token-first-line", "The token is broken off behind 43 characters.", func(s string) string { return s[:min(43, len(s))] + "\n" + s[min(43, len(s)):] }),
		decorated("token-reversed", "The token is written back to front.", reversedText),
		prefixed("header-scheme-hmac", "HMAC"), prefixed("header-scheme-signature", "Signature"), prefixed("header-scheme-bearer", "Bearer"),
		prefixed("header-scheme-hmac-sha256", "HMAC-SHA256"), prefixed("header-scheme-basic", "Basic"),
		named("header-authorization", "Authorization"), named("header-x-signature", "X-Signature"), named("header-x-auth-token", "X-Auth-Token"), named("header-underscores", "X_Auth_Signature"),
		named("header-auth-signature", "Auth-Signature"), named("header-x-hmac-signature", "X-HMAC-Signature"),
		{ID: "header-with-email", Rule: "header-name", What: "The header holds more than the token: a user before a colon.", Fix: "Send the token alone.",
			slot: "decorate", change: func(r *recipe) { r.decorate = func(s string) string { return "user:" + s } }},
	}
}

func hashed(id, what string, h func() hash.Hash) Mistake {
	return macked(id, what, func(key, message []byte) []byte {
		mac := hmac.New(h, key)
		mac.Write(message)
		return mac.Sum(nil)
	})
}

func macked(id, what string, mac func(key, message []byte) []byte) Mistake {
	return Mistake{ID: id, Rule: "token-hmac", What: what, Fix: "Make HMAC-SHA256 with the key over the message, once, and use all 32 bytes.", slot: "mac", change: func(r *recipe) { r.mac = mac }}
}

func spelled(id, what string, spell func([]byte) string) Mistake {
	return Mistake{ID: id, Rule: "token-base64", What: what, Fix: "Encode the 32 bytes of the HMAC in standard base64, with padding.", slot: "spell", change: func(r *recipe) { r.spell = spell }}
}

func decorated(id, what string, decorate func(string) string) Mistake {
	return Mistake{ID: id, Rule: "token-base64", What: what, Fix: "Send the 44 characters of the base64 as text, and nothing else.", slot: "decorate", change: func(r *recipe) { r.decorate = decorate }}
}

func prefixed(id, scheme string) Mistake {
	return Mistake{ID: id, Rule: "header-name", What: "The word " + scheme + " stands before the token.", Fix: "Send the token alone.", slot: "decorate", change: func(r *recipe) {
		r.decorate = func(s string) string { return scheme + " " + s }
	}}
}

func named(id, header string) Mistake {
	return Mistake{ID: id, Rule: "header-name", What: "The header is called " + header + ".", Fix: "Send the token in the header X-Auth-Signature.", slot: "header", change: func(r *recipe) { r.header = header }}
}

func sum256(parts ...[]byte) []byte {
	h := sha256.New()
	for _, p := range parts {
		h.Write(p)
	}
	return h.Sum(nil)
}

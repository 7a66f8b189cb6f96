package mistake

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"strings"
)

// The fixes that several mistakes share.
const (
	useUTF8Bytes  = "Use the UTF-8 bytes of the key as it is written."
	encodeUTF8Key = "Encode the key as UTF-8."
	useKeyAsIs    = "Use the key as it is written."
)

// keyBytesMistakes are about the bytes of the key.
func keyBytesMistakes() []Mistake {
	return []Mistake{
		keyChanged("key-newline-added", "The key is signed with a newline at its end.",
			"Use the key without the end of its line.",
			func(key string) []byte { return []byte(key + "\n") }),
		keyChanged("key-hex-decoded", "The key is decoded if it is valid hex.",
			useUTF8Bytes, ifDecodable(hex.DecodeString)),
		keyChanged("key-base64-decoded", "The key is decoded if it is valid base64.",
			useUTF8Bytes, ifDecodable(base64.StdEncoding.DecodeString)),
		keyChanged("key-base64-decoded-by-node",
			"The key is decoded as Node's Buffer.from(key, 'base64') does it: - and _ stand for + "+
				"and /, and characters that are no base64 are skipped.",
			useUTF8Bytes, func(key string) []byte {
				return decodeSkipping(strings.NewReplacer("-", "+", "_", "/").Replace(key))
			}),
		keyChanged("key-base64-decoded-skipping",
			"The key is decoded as PHP's base64_decode() and Ruby's decode64 do it: "+
				"characters that are no base64 are skipped.",
			useUTF8Bytes, decodeSkipping),
		keyDecoded("key-must-be-hex", "The key is decoded from hex. Any other key is refused.",
			hex.DecodeString),
		keyDecoded("key-must-be-base64",
			"The key is decoded from base64. Any other key is refused.",
			base64.StdEncoding.DecodeString),
		{
			ID:    "key-empty-refused",
			Rule:  "key-bytes",
			What:  "An empty key is refused, as Java's SecretKeySpec does.",
			Fix:   "Sign with the empty key. In Java, use a key of one zero byte: HMAC gives the same.",
			steps: Steps{RefuseKey: func(key string) bool { return key == "" }},
		},
		keyChanged("key-cut-at-64", "A key of more than 64 bytes is cut after 64.",
			"Give HMAC the whole key. It hashes long keys itself.",
			func(key string) []byte { return []byte(key[:min(64, len(key))]) }),
		keyChanged("key-cut-at-nul", "The key ends at its first NUL, as a C string does.",
			"Pass the length of the key together with the key.", beforeNUL),
		keyChanged("key-latin-1",
			"The key is encoded as Latin-1. All other characters become ?.",
			encodeUTF8Key, func(key string) []byte { return oneByteEach(key, latin1, "?") }),
		keyMistake("key-latin-1-refused",
			"The key is encoded as Latin-1. A key with other characters is refused.",
			encodeUTF8Key, func(key string) ([]byte, error) {
				if !isLatin1(key) {
					return nil, ErrRefused
				}
				return oneByteEach(key, latin1, ""), nil
			}),
		keyChanged("key-low-bytes",
			"Only the low eight bits of each UTF-16 unit of the key are used.",
			encodeUTF8Key, lowBytes),
		keyChanged("key-utf-16", "The key is encoded as UTF-16, little-endian.",
			encodeUTF8Key, utf16LE),
		keyChanged("key-lower-cased", "The key is changed to lower case.",
			useKeyAsIs, func(key string) []byte { return []byte(strings.ToLower(key)) }),
		keyChanged("key-with-ampersand",
			"An & is added to the key, as OAuth 1.0 does for an empty second secret.",
			useKeyAsIs, func(key string) []byte { return []byte(key + "&") }),
		keyChanged("key-hashed", "The key is hashed with SHA-256 before it is used.",
			useKeyAsIs, func(key string) []byte {
				sum := sha256.Sum256([]byte(key))
				return sum[:]
			}),
	}
}

// keyChanged is a mistake that makes other bytes of every key.
func keyChanged(id, what, fix string, keyBytes func(string) []byte) Mistake {
	return keyMistake(id, what, fix, func(key string) ([]byte, error) {
		return keyBytes(key), nil
	})
}

// keyDecoded is a mistake that decodes the key, and refuses a key that cannot be decoded.
func keyDecoded(id, what string, decode func(string) ([]byte, error)) Mistake {
	return keyMistake(id, what, useUTF8Bytes, func(key string) ([]byte, error) {
		decoded, err := decode(key)
		if err != nil {
			return nil, ErrRefused
		}
		return decoded, nil
	})
}

func keyMistake(id, what, fix string, keyBytes func(string) ([]byte, error)) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "key-bytes",
		What:  what,
		Fix:   fix,
		steps: Steps{KeyBytes: keyBytes},
	}
}

// ifDecodable decodes a key. A key that cannot be decoded is used as it is.
func ifDecodable(decode func(string) ([]byte, error)) func(string) []byte {
	return func(key string) []byte {
		if decoded, err := decode(key); err == nil && key != "" {
			return decoded
		}
		return []byte(key)
	}
}

// decodeSkipping decodes the base64 in a text. It skips all other characters, and a last one that
// is less than a byte.
func decodeSkipping(text string) []byte {
	const digits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	kept := strings.Map(func(r rune) rune {
		if strings.ContainsRune(digits, r) {
			return r
		}
		return -1
	}, text)
	if len(kept)%4 == 1 {
		kept = kept[:len(kept)-1]
	}
	decoded, err := base64.RawStdEncoding.DecodeString(kept)
	if err != nil {
		return []byte(text)
	}
	return decoded
}

func beforeNUL(key string) []byte {
	before, _, _ := strings.Cut(key, "\x00")
	return []byte(before)
}

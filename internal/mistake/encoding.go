package mistake

import (
	"bytes"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// encodingMistakes are about the message as bytes (step 7).
func encodingMistakes() []Mistake {
	return []Mistake{
		encoded("message-latin-1",
			"The message is encoded as Latin-1. All other characters become ?.",
			func(message string) []byte { return oneByteEach(message, latin1, "?") }),
		{
			ID:   "nul-dropped",
			Rule: "message-utf8",
			What: "NUL is dropped from the key and the message, as $(...) does in a shell.",
			Fix:  "Pass the texts through files or pipes, not through variables of the shell.",
			steps: Steps{
				KeyBytes: func(key string) ([]byte, error) {
					return []byte(withoutNUL(key)), nil
				},
				ChangeMessage: withoutNUL,
			},
		},
		encoded("message-latin-1-if-possible",
			"A message whose characters are all in Latin-1 is encoded as Latin-1, any other as UTF-8.",
			func(message string) []byte {
				if isLatin1(message) {
					return oneByteEach(message, latin1, "?")
				}
				return []byte(message)
			}),
		encodedIf("message-latin-1-refused",
			"The message is encoded as Latin-1. A message with other characters is refused.",
			latin1),
		encoded("message-low-bytes",
			"Only the low eight bits of each UTF-16 unit are signed.", lowBytes),
		encoded("message-ascii",
			"The message is encoded as ASCII. All other characters become ?.",
			func(message string) []byte { return oneByteEach(message, ascii, "?") }),
		encoded("message-ascii-dropped",
			"Characters that are not ASCII are removed from the message.",
			func(message string) []byte { return oneByteEach(message, ascii, "") }),
		encodedIf("message-ascii-refused", "A message that is not ASCII is refused.", ascii),
		encoded("message-utf-16", "The message is encoded as UTF-16, little-endian.", utf16LE),
		encoded("message-utf-16-bom",
			"The message is encoded as UTF-16 with a byte order mark, as Python's utf-16 does.",
			func(message string) []byte { return append([]byte{0xFF, 0xFE}, utf16LE(message)...) }),
		encoded("message-cesu-8",
			"Characters above U+FFFF are encoded as two surrogates of three bytes each "+
				"(CESU-8, Java's modified UTF-8).",
			cesu8),
		encoded("message-three-byte-utf-8", "Characters above U+FFFF become ?.", threeByteUTF8),
		encoded("message-bom", "The message starts with a byte order mark.",
			func(message string) []byte { return []byte("\ufeff" + message) }),
		encoded("message-utf-8-twice", "The message is encoded as UTF-8 twice.", utf8Twice),
		encodedAlways("message-surrogates-replaced",
			"An unpaired surrogate becomes U+FFFD. It must be refused.",
			func(message string) string { return ReplaceSurrogates(message, "\ufffd") }),
		encodedAlways("message-surrogates-question-mark",
			"An unpaired surrogate becomes ?. It must be refused.",
			func(message string) string { return ReplaceSurrogates(message, "?") }),
		encodedAlways("message-surrogates-dropped",
			"An unpaired surrogate is left out. It must be refused.",
			func(message string) string { return ReplaceSurrogates(message, "") }),
		encodedAlways("message-surrogates-kept",
			"An unpaired surrogate is encoded as three bytes. It must be refused.", same),
		encoded("message-composed",
			"The whole message, with keys and resource, is normalized to NFC.",
			func(message string) []byte { return norm.NFC.Bytes([]byte(message)) }),

		bytesChanged("message-cut-at-nul",
			"The message ends at its first NUL, as a C string does.",
			func(message []byte) []byte {
				before, _, _ := bytes.Cut(message, []byte{0})
				return before
			}),
		bytesChanged("message-trimmed",
			"White space at the start and the end of the message is not signed.", bytes.TrimSpace),
		bytesChanged("message-nul-at-end",
			"The message is signed with the NUL that ends a C string.",
			func(message []byte) []byte { return append(bytes.Clone(message), 0) }),
		bytesChanged("message-cut-at-4096",
			"A message of more than 4,096 bytes is cut after 4,096.",
			func(message []byte) []byte { return message[:min(4096, len(message))] }),
		bytesChanged("message-cut-at-1024",
			"A message of more than 1,024 bytes is cut after 1,024.",
			func(message []byte) []byte { return message[:min(1024, len(message))] }),
		bytesChanged("message-lower-cased",
			"The whole message is changed to lower case.", bytes.ToLower),
	}
}

func isLatin1(text string) bool {
	return !strings.ContainsFunc(text, func(c rune) bool { return c > latin1 })
}

// encoded is a mistake in how a message is encoded. One with an unpaired surrogate is refused.
func encoded(id, what string, encode func(string) []byte) Mistake {
	return encodingMistake(id, what, func(message string) ([]byte, error) {
		if _, err := encodeUTF8(message); err != nil {
			return nil, err
		}
		return encode(message), nil
	})
}

// encodedIf is a mistake that refuses characters above the highest.
func encodedIf(id, what string, highest rune) Mistake {
	return encodingMistake(id, what, func(message string) ([]byte, error) {
		if strings.ContainsFunc(message, func(c rune) bool { return c > highest }) {
			return nil, ErrRefused
		}
		return oneByteEach(message, highest, ""), nil
	})
}

// encodedAlways is a mistake that accepts unpaired surrogates.
func encodedAlways(id, what string, change func(string) string) Mistake {
	return encodingMistake(id, what, func(message string) ([]byte, error) {
		return []byte(change(message)), nil
	})
}

func encodingMistake(id, what string, encode func(string) ([]byte, error)) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "message-utf8",
		What:  what,
		Fix:   "Encode the message as UTF-8. Refuse text that contains an unpaired surrogate.",
		steps: Steps{Encode: encode},
	}
}

// bytesChanged is a mistake that changes the message after it is encoded.
func bytesChanged(id, what string, change func([]byte) []byte) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "message-utf8",
		What:  what,
		Fix:   "Sign all bytes of the message without a change.",
		steps: Steps{ChangeBytes: change},
	}
}

func lowBytes(message string) (out []byte) {
	for _, unit := range utf16.Encode([]rune(message)) {
		out = append(out, byte(unit))
	}
	return out
}

func threeByteUTF8(message string) []byte {
	return []byte(strings.Map(func(c rune) rune {
		if c > 0xFFFF {
			return '?'
		}
		return c
	}, message))
}

func utf8Twice(message string) (out []byte) {
	for _, b := range []byte(message) {
		out = utf8.AppendRune(out, rune(b))
	}
	return out
}

func withoutNUL(s string) string { return strings.ReplaceAll(s, "\x00", "") }

package mistake

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// encodingMistakes are about the message as bytes.
func encodingMistakes() []Mistake {
	return []Mistake{
		encoded("message-latin-1", "The message is encoded as Latin-1, with ? for what has no place there.", func(s string) []byte { return narrow(whole(s), 0xFF, "?") }),
		encoded("message-latin-1-refused", "The message is encoded as Latin-1, and refused where that cannot be.", func(s string) []byte {
			for _, c := range whole(s) {
				if c > 0xFF {
					refuse()
				}
			}
			return narrow(s, 0xFF, "?")
		}),
		encoded("message-low-bytes", "Of every character only the low eight bits are signed.", func(s string) (out []byte) {
			for _, unit := range utf16.Encode([]rune(whole(s))) {
				out = append(out, byte(unit))
			}
			return out
		}),
		encoded("message-ascii", "The message is encoded as ASCII, with ? for all else.", func(s string) []byte { return narrow(whole(s), 0x7F, "?") }),
		encoded("message-ascii-dropped", "What is not ASCII is taken out of the message.", func(s string) []byte { return narrow(whole(s), 0x7F, "") }),
		encoded("message-ascii-refused", "A message that is not ASCII is refused.", func(s string) []byte {
			if strings.ContainsFunc(s, func(c rune) bool { return c > 0x7F }) {
				refuse()
			}
			return []byte(s)
		}),
		encoded("message-utf-16", "The message is encoded as UTF-16, little-endian.", func(s string) []byte { return utf16LE(whole(s)) }),
		encoded("message-utf-16-bom", "The message is encoded as UTF-16 with a byte order mark, as Python's utf-16 has it.", func(s string) []byte { return append([]byte{0xFF, 0xFE}, utf16LE(whole(s))...) }),
		encoded("message-cesu-8", "Characters beyond U+FFFF are encoded as two surrogates of three bytes (CESU-8, Java's modified UTF-8, MySQL's utf8).", cesu8),
		encoded("message-three-byte-utf-8", "Characters beyond U+FFFF become ?.", func(s string) []byte {
			return []byte(strings.Map(func(c rune) rune {
				if c > 0xFFFF {
					return '?'
				}
				return c
			}, whole(s)))
		}),
		encoded("message-bom", "A byte order mark stands before the message.", func(s string) []byte { return append([]byte("\ufeff"), strictUTF8(s)...) }),
		encoded("message-utf-8-twice", "The message is encoded as UTF-8 twice.", func(s string) (out []byte) {
			for _, b := range strictUTF8(s) {
				out = utf8.AppendRune(out, rune(b))
			}
			return out
		}),
		encoded("message-surrogates-replaced", "An unpaired surrogate becomes U+FFFD, instead of being refused.", func(s string) []byte { return []byte(replaced(s, "\ufffd")) }),
		encoded("message-surrogates-question-mark", "An unpaired surrogate becomes ?, instead of being refused.", func(s string) []byte { return []byte(replaced(s, "?")) }),
		encoded("message-surrogates-kept", "An unpaired surrogate is encoded in three bytes, instead of being refused.", func(s string) []byte { return []byte(s) }),
		encoded("message-composed", "The whole message is normalised to NFC, keys and resource included.", func(s string) []byte { return norm.NFC.Bytes(strictUTF8(s)) }),
		cut("message-cut-at-nul", "The message ends at its first NUL, as a C string does.", func(b []byte) []byte { before, _, _ := strings.Cut(string(b), "\x00"); return []byte(before) }),
		cut("message-trimmed", "White space around the message is not signed.", func(b []byte) []byte { return []byte(strings.TrimSpace(string(b))) }),
		cut("message-cut-at-4096", "A message of more than 4,096 bytes is cut there.", func(b []byte) []byte { return b[:min(4096, len(b))] }),
		cut("message-cut-at-1024", "A message of more than 1,024 bytes is cut there.", func(b []byte) []byte { return b[:min(1024, len(b))] }),
		cut("message-lower-cased", "The whole message is turned into lower case.", func(b []byte) []byte { return []byte(strings.ToLower(string(b))) }),
	}
}

func encoded(id, what string, encode func(string) []byte) Mistake {
	return Mistake{ID: id, Rule: "message-utf8", What: what, Fix: "Encode the message as UTF-8, and refuse text that has no UTF-8 form.", slot: "encode", change: func(r *recipe) { r.encode = encode }}
}

func cut(id, what string, change func([]byte) []byte) Mistake {
	return Mistake{ID: id, Rule: "message-utf8", What: what, Fix: "Sign all bytes of the message, whatever they are.", slot: "bytes", change: func(r *recipe) { r.bytes = change }}
}

// whole refuses unpaired surrogates.
func whole(s string) string { return string(strictUTF8(s)) }

// replaced puts something in the place of an unpaired surrogate, which stands as three bytes.
func replaced(s, instead string) string {
	var out strings.Builder
	for len(s) > 0 {
		c, size := utf8.DecodeRuneInString(s)
		if c == utf8.RuneError && size == 1 {
			out.WriteString(instead)
			s = s[min(3, len(s)):]
			continue
		}
		out.WriteString(s[:size])
		s = s[size:]
	}
	return out.String()
}

func cesu8(s string) (out []byte) {
	for _, c := range whole(s) {
		if c <= 0xFFFF {
			out = utf8.AppendRune(out, c)
			continue
		}
		high, low := utf16.EncodeRune(c)
		for _, unit := range []rune{high, low} {
			out = append(out, 0xE0|byte(unit>>12), 0x80|byte(unit>>6)&0x3F, 0x80|byte(unit)&0x3F)
		}
	}
	return out
}

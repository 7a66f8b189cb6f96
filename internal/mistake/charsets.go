package mistake

import (
	"fmt"
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// The last characters of character sets with one byte for each character.
const (
	ascii  = 0x7F
	latin1 = 0xFF
)

// oneByteEach encodes each character up to highest as one byte, and writes instead for all others.
func oneByteEach(s string, highest rune, instead string) (out []byte) {
	for _, c := range s {
		if c <= highest {
			out = append(out, byte(c))
		} else {
			out = append(out, instead...)
		}
	}
	return out
}

// utf16LE encodes text as UTF-16, little-endian.
func utf16LE(s string) (out []byte) {
	for _, unit := range utf16.Encode([]rune(s)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return out
}

// cesu8 encodes each half of a surrogate pair as three bytes.
func cesu8(s string) (out []byte) {
	for _, c := range s {
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

// mapParts changes the unpaired surrogates in a text, and the texts between them. Package signer
// keeps each unpaired surrogate as three bytes that are not valid UTF-8.
func mapParts(s string, text, surrogate func(string) string) string {
	if utf8.ValidString(s) {
		return text(s)
	}
	var out strings.Builder
	for s != "" {
		start := firstInvalid(s)
		end := min(start+3, len(s))
		out.WriteString(text(s[:start]))
		if start < end {
			out.WriteString(surrogate(s[start:end]))
		}
		s = s[end:]
	}
	return out.String()
}

// firstInvalid returns where the first bytes that are not valid UTF-8 start, or the length.
func firstInvalid(s string) int {
	for i, c := range s {
		if _, size := utf8.DecodeRuneInString(s[i:]); c == utf8.RuneError && size == 1 {
			return i
		}
	}
	return len(s)
}

// ReplaceSurrogates returns a text with another text in place of each unpaired surrogate.
func ReplaceSurrogates(s, instead string) string {
	return mapParts(s, same, func(string) string { return instead })
}

// lowerCase changes text to lower case. It leaves unpaired surrogates, which a later step refuses.
func lowerCase(s string) string { return mapParts(s, strings.ToLower, same) }

// upperCased changes text to upper case, in the same way.
func upperCased(s string) string { return mapParts(s, strings.ToUpper, same) }

// surrogateEscape writes an unpaired surrogate as a JSON escape.
func surrogateEscape(s string) string {
	return fmt.Sprintf(`\u%04x`, rune(s[0]&0x0F)<<12|rune(s[1]&0x3F)<<6|rune(s[2]&0x3F))
}

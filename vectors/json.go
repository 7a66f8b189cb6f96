package vectors

import (
	"bytes"
	"math"
	"strconv"
	"unicode"
	"unicode/utf8"

	"sigkit/signer"
)

func isPlain(text []byte) bool {
	for _, c := range text {
		if !plainByte[c] {
			return false
		}
	}
	return true
}

// plainByte are the ASCII characters that are not escaped in a JSON string.
var plainByte = func() (plain [256]bool) {
	for c := ' '; c < 0x7F; c++ {
		plain[c] = c != '"' && c != '\\'
	}
	return plain
}()

// legible are the letters that are not escaped in a file: visible ones that are written from left
// to right and do not combine with others. The set is fixed, so that files do not change with the
// version of Unicode.
var legible = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x00C0, 0x024F, 1}, // Latin
		{0x0391, 0x03A1, 1}, // Greek
		{0x03A3, 0x03C9, 1},
		{0x0410, 0x044F, 1}, // Cyrillic
		{0x3041, 0x3096, 1}, // Hiragana
		{0x30A1, 0x30FA, 1}, // Katakana
		{0x4E00, 0x9FA5, 1}, // Chinese characters
		{0xAC00, 0xD7A3, 1}, // Hangul
	},
	LatinOffset: 0,
}

// AppendValue appends a value as JSON on one line. [signer.ParseData] reads the same value from it:
// floats have a fraction or an exponent, and unpaired surrogates are escapes.
func AppendValue(dst []byte, v signer.Value) []byte {
	switch v := v.(type) {
	case signer.String:
		return AppendString(dst, string(v))
	case signer.Int:
		return append(dst, v.String()...)
	case signer.Bool:
		return strconv.AppendBool(dst, bool(v))
	case signer.Float:
		return appendFloat(dst, float64(v))
	case signer.List:
		dst = append(dst, '[')
		for i, element := range v {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = AppendValue(dst, element)
		}
		return append(dst, ']')
	case signer.Object:
		dst = append(dst, '{')
		for i, m := range v {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(AppendString(dst, m.Key), ": "...)
			dst = AppendValue(dst, m.Value)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// appendFloat writes a double as Python's repr does. JSON has no infinity, so a number that is too
// large is written for it.
func appendFloat(dst []byte, f float64) []byte {
	switch {
	case math.IsInf(f, 1):
		return append(dst, "1e999"...)
	case math.IsInf(f, -1):
		return append(dst, "-1e999"...)
	}
	return signer.AppendText(dst, signer.Float(f))
}

// AppendString appends text as a JSON string. An unpaired surrogate, in the form of
// [signer.String], becomes an escape.
func AppendString(dst []byte, text string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(text); {
		if plainByte[text[i]] {
			i++
			continue
		}
		dst = append(dst, text[start:i]...)
		r, size := signer.DecodeRune(text[i:])
		dst = appendRune(dst, r)
		i += size
		start = i
	}
	return append(append(dst, text[start:]...), '"')
}

func appendRune(dst []byte, r rune) []byte {
	switch at := bytes.IndexByte([]byte("\"\\\n\r\t\b\f"), byte(r)); {
	case r < utf8.RuneSelf && at >= 0:
		return append(dst, '\\', `"\nrtbf`[at])
	case unicode.Is(legible, r):
		return utf8.AppendRune(dst, r)
	case r > 0xFFFF:
		r -= 0x10000
		return appendUnit(appendUnit(dst, 0xD800+r>>10), 0xDC00+r&0x3FF)
	}
	return appendUnit(dst, r)
}

func appendUnit(dst []byte, r rune) []byte {
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', hex[r>>12], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}

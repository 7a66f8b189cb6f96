package signer

import (
	"math"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
)

// AppendText appends a value as Python's str() writes it (step 5). Lists and objects become their
// repr. That applies only inside a list: [Pairs] replaces lists and objects of the data by their
// elements and keys.
func AppendText(dst []byte, v Value) []byte {
	switch v := v.(type) {
	case String:
		return append(dst, v...)
	case Int:
		return append(dst, v.String()...)
	case Bool:
		if v {
			return append(dst, "True"...)
		}
		return append(dst, "False"...)
	case Float:
		return appendFloat(dst, float64(v))
	case List, Object:
		return AppendRepr(dst, v)
	}
	return append(dst, "None"...)
}

// AppendRepr appends a value as Python's repr() writes it (rule nested-repr).
func AppendRepr(dst []byte, v Value) []byte {
	switch v := v.(type) {
	case String:
		return appendQuoted(dst, string(v))
	case List:
		dst = append(dst, '[')
		for i, element := range v {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = AppendRepr(dst, element)
		}
		return append(dst, ']')
	case Object:
		dst = append(dst, '{')
		for i, m := range dict(v) {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(appendQuoted(dst, m.Key), ": "...)
			dst = AppendRepr(dst, m.Value)
		}
		return append(dst, '}')
	}
	return AppendText(dst, v)
}

// appendFloat writes a double as Python's repr does: the shortest digits that parse to the same
// double, with an exponent unless 1e-4 <= |f| < 1e16 (rule text-float).
func appendFloat(dst []byte, f float64) []byte {
	switch size := math.Abs(f); {
	case math.IsInf(f, 1):
		return append(dst, "inf"...)
	case math.IsInf(f, -1):
		return append(dst, "-inf"...)
	case math.IsNaN(f):
		return append(dst, "nan"...)
	case f != 0 && (size < 1e-4 || size >= 1e16):
		return strconv.AppendFloat(dst, f, 'e', -1, 64)
	}
	start := len(dst)
	dst = strconv.AppendFloat(dst, f, 'f', -1, 64)
	if slices.Contains(dst[start:], '.') {
		return dst
	}
	return append(dst, ".0"...)
}

// appendQuoted writes a string as Python's repr does: in single quotes, unless the text contains a
// single quote and no double quote.
func appendQuoted(dst []byte, s string) []byte {
	quote := rune('\'')
	if strings.Contains(s, "'") && !strings.Contains(s, `"`) {
		quote = '"'
	}
	dst = append(dst, byte(quote))
	for len(s) > 0 {
		r, size := DecodeRune(s)
		switch {
		case r == quote || r == '\\':
			dst = append(dst, '\\', byte(r))
		case r == '\n':
			dst = append(dst, `\n`...)
		case r == '\r':
			dst = append(dst, `\r`...)
		case r == '\t':
			dst = append(dst, `\t`...)
		case r >= ' ' && r < 0x7F || r >= 0x80 && !utf16.IsSurrogate(r) && printable(r):
			dst = append(dst, s[:size]...)
		default:
			dst = appendEscaped(dst, r)
		}
		s = s[size:]
	}
	return append(dst, byte(quote))
}

// appendEscaped writes \xhh, \uhhhh or \Uhhhhhhhh.
func appendEscaped(dst []byte, r rune) []byte {
	prefix, width := `\U`, 8
	switch {
	case r <= 0xFF:
		prefix, width = `\x`, 2
	case r <= 0xFFFF:
		prefix, width = `\u`, 4
	}
	dst = append(dst, prefix...)
	for shift := 4 * (width - 1); shift >= 0; shift -= 4 {
		dst = append(dst, "0123456789abcdef"[r>>shift&0xF])
	}
	return dst
}

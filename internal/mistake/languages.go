package mistake

import (
	"cmp"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf16"
	"unicode/utf8"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"sigkit/signer"
)

// This file holds how other languages write, compare and escape values. The families of mistakes
// share it, and share nothing else.

// joinElements writes the elements of a list between brackets.
func joinElements(list signer.List, separator string, write func(signer.Value) string) string {
	parts := make([]string, len(list))
	for i, v := range list {
		parts[i] = write(v)
	}
	return "[" + strings.Join(parts, separator) + "]"
}

// joinMembers writes the members of an object between braces.
func joinMembers(object signer.Object, separator string, write func(signer.Member) string) string {
	parts := make([]string, len(object))
	for i, m := range object {
		parts[i] = write(m)
	}
	return "{" + strings.Join(parts, separator) + "}"
}

// javaText writes a value as Java's toString() does.
func javaText(v signer.Value) string {
	switch v := v.(type) {
	case signer.Bool:
		return strconv.FormatBool(bool(v))
	case signer.Null, nil:
		return "null"
	case signer.Float:
		return javaDouble(float64(v))
	case signer.List:
		return joinElements(v, ", ", javaText)
	case signer.Object:
		return joinMembers(v, ", ", func(m signer.Member) string {
			return m.Key + "=" + javaText(m.Value)
		})
	}
	return textOf(v)
}

// javaDouble writes a number as Java's Double.toString does.
func javaDouble(f float64) string {
	size := math.Abs(f)
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0 || size >= 1e-3 && size < 1e7:
		return withFraction(strconv.FormatFloat(f, 'f', -1, 64))
	}
	mantissa, exponent, _ := strings.Cut(shortExponent(f), "e")
	return withFraction(mantissa) + "E" + strings.TrimPrefix(exponent, "+")
}

// withFraction appends .0 to a number without a fraction.
func withFraction(number string) string {
	if strings.Contains(number, ".") {
		return number
	}
	return number + ".0"
}

// shortExponent writes a number with the shortest exponent: 1e-7, not 1e-07.
func shortExponent(f float64) string {
	mantissa, exponent, _ := strings.Cut(strconv.FormatFloat(f, 'e', -1, 64), "e")
	return mantissa + "e" + exponent[:1] + strings.TrimLeft(exponent[1:], "0")
}

// javaScriptText writes a value as JavaScript's String() does.
func javaScriptText(v signer.Value) string {
	switch v := v.(type) {
	case signer.Bool:
		return strconv.FormatBool(bool(v))
	case signer.Null, nil:
		return "null"
	case signer.Float:
		return javaScriptNumber(float64(v))
	case signer.List:
		parts := make([]string, len(v))
		for i, element := range v {
			if _, null := element.(signer.Null); !null {
				parts[i] = javaScriptText(element)
			}
		}
		return strings.Join(parts, ",")
	case signer.Object:
		return "[object Object]"
	}
	return textOf(v)
}

// javaScriptNumber writes a number as JavaScript's String() does.
func javaScriptNumber(f float64) string {
	size := math.Abs(f)
	switch {
	case math.IsInf(f, 1):
		return "Infinity"
	case math.IsInf(f, -1):
		return "-Infinity"
	case f == 0:
		return "0"
	case size >= 1e-6 && size < 1e21:
		return strconv.FormatFloat(f, 'f', -1, 64)
	}
	return shortExponent(f)
}

// javaScriptJSON writes a value as JavaScript's JSON.stringify does.
func javaScriptJSON(v signer.Value) string {
	switch v := v.(type) {
	case signer.String:
		return plainJSON(string(v))
	case signer.Int:
		return v.String()
	case signer.Float:
		return javaScriptNumber(float64(v))
	case signer.Bool:
		return strconv.FormatBool(bool(v))
	case signer.List:
		return joinElements(v, ",", javaScriptJSON)
	case signer.Object:
		return joinMembers(v, ",", func(m signer.Member) string {
			return plainJSON(m.Key) + ":" + javaScriptJSON(m.Value)
		})
	}
	return "null"
}

// pythonJSON writes a value as Python's json.dumps does: blanks after commas and colons, everything
// that is not ASCII escaped.
func pythonJSON(v signer.Value) string {
	switch v := v.(type) {
	case signer.String:
		return asciiJSON(string(v))
	case signer.Bool:
		return strconv.FormatBool(bool(v))
	case signer.Null, nil:
		return "null"
	case signer.List:
		return joinElements(v, ", ", pythonJSON)
	case signer.Object:
		return joinMembers(v, ", ", func(m signer.Member) string {
			return asciiJSON(m.Key) + ": " + pythonJSON(m.Value)
		})
	}
	return textOf(v)
}

// plainJSON writes a string as JavaScript's JSON.stringify does.
func plainJSON(s string) string {
	return `"` + mapParts(s, escapeJSON, surrogateEscape) + `"`
}

func escapeJSON(s string) string {
	var out strings.Builder
	for _, c := range s {
		switch at := strings.IndexRune("\"\\\n\r\t\b\f", c); {
		case c < utf8.RuneSelf && at >= 0:
			out.WriteString(`\` + `"\nrtbf`[at:at+1])
		case c < ' ':
			fmt.Fprintf(&out, `\u%04x`, c)
		default:
			out.WriteRune(c)
		}
	}
	return out.String()
}

// asciiJSON writes a string as Python's json.dumps does, which escapes DEL, too.
func asciiJSON(s string) string {
	return strings.ReplaceAll(escapeNonASCII(plainJSON(s)), "\x7f", `\u007f`)
}

// escapeNonASCII writes what is not ASCII as JSON escapes.
func escapeNonASCII(s string) string { return mapParts(s, escapeText, surrogateEscape) }

func escapeText(s string) string {
	var out strings.Builder
	for _, c := range s {
		switch {
		case c > 0xFFFF:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		case c >= utf8.RuneSelf:
			fmt.Fprintf(&out, `\u%04x`, c)
		default:
			out.WriteRune(c)
		}
	}
	return out.String()
}

// pythonASCII escapes a repr as Python's ascii() does.
func pythonASCII(s string) string {
	var out strings.Builder
	for _, c := range s {
		switch {
		case c < utf8.RuneSelf:
			out.WriteRune(c)
		case c <= 0xFF:
			fmt.Fprintf(&out, `\x%02x`, c)
		case c <= 0xFFFF:
			fmt.Fprintf(&out, `\u%04x`, c)
		default:
			fmt.Fprintf(&out, `\U%08x`, c)
		}
	}
	return out.String()
}

// compareUTF16 compares strings by UTF-16 units, as JavaScript, Java and C# do.
func compareUTF16(a, b string) int {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

// compareSignedBytes compares strings by bytes that have a sign.
func compareSignedBytes(a, b string) int {
	signed := func(text string) (all []int8) {
		for i := range len(text) {
			all = append(all, int8(text[i]))
		}
		return all
	}
	return slices.Compare(signed(a), signed(b))
}

// compareWithoutCase compares strings in lower case.
func compareWithoutCase(a, b string) int {
	return strings.Compare(strings.ToLower(a), strings.ToLower(b))
}

// compareLengthFirst compares strings by length, then as text.
func compareLengthFirst(a, b string) int {
	return cmp.Or(len(a)-len(b), strings.Compare(a, b))
}

// collators are in the order of the Unicode Collation Algorithm. One is used by one goroutine.
var collators = sync.Pool{New: func() any { return collate.New(language.Und) }}

// compareCollated compares strings as the libraries of ICU do.
func compareCollated(a, b string) int {
	collator := collators.Get().(*collate.Collator)
	defer collators.Put(collator)
	return collator.CompareString(a, b)
}

// compareLocale compares strings as a dictionary does: letters and digits first, then case, then
// the rest.
func compareLocale(a, b string) int {
	letters := func(s string) string {
		return strings.Map(func(c rune) rune {
			if c < utf8.RuneSelf && !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789", c) {
				return -1
			}
			return c
		}, strings.ToLower(s))
	}
	return cmp.Or(
		strings.Compare(letters(a), letters(b)),
		compareWithoutCase(a, b),
		strings.Compare(b, a), // lower case first
	)
}

package mistake

import (
	"encoding/json"
	"fmt"
	"html"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"sigkit/signer"
	"sigkit/vectors"
)

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

// escapingMistakes are about rule no-escaping: what stands raw is written in some other way.
func escapingMistakes() []Mistake {
	formed := percent(alphanumeric+"_.-~", "+", upper)
	return []Mistake{
		escaped("escaped-quote-plus", "Keys and values are form-encoded, as for a body: %26 for &, + for a blank.", formed),
		escaped("escaped-quote-plus-lower", "Keys and values are form-encoded with lower-case escapes.", percent(alphanumeric+"_.-~", "+", lower)),
		escaped("escaped-quote", "Keys and values are percent-encoded by Python's quote(): %20 for a blank, / stays.", percent(alphanumeric+"_.-~/", "%20", upper)),
		escaped("escaped-rfc-3986", "Keys and values are percent-encoded: %20 for a blank, %2F for a slash.", percent(alphanumeric+"_.-~", "%20", upper)),
		escaped("escaped-uri-component", "Keys and values are encoded by JavaScript's encodeURIComponent().", percent(alphanumeric+"-_.!~*'()", "%20", upper)),
		escaped("escaped-uri", "Keys and values are encoded by JavaScript's encodeURI(): &, =, + and / stay.", percent(alphanumeric+"-_.!~*'();,/?:@&=+$#", "%20", upper)),
		escaped("escaped-url-search-params", "Keys and values are encoded by URLSearchParams, as in a browser's form.", percent(alphanumeric+"*-._", "+", upper)),
		escaped("escaped-separators", "The characters &, = and % are percent-encoded, so that the message is not ambiguous.", strings.NewReplacer("&", "%26", "=", "%3D", "%", "%25").Replace),
		escaped("escaped-separators-only", "The characters & and = are percent-encoded.", strings.NewReplacer("&", "%26", "=", "%3D").Replace),
		escaped("escaped-blanks-plus", "A blank is written as +.", strings.NewReplacer(" ", "+").Replace),
		escaped("escaped-blanks-percent", "A blank is written as %20.", strings.NewReplacer(" ", "%20").Replace),
		escaped("escaped-non-ascii", "What is not ASCII is percent-encoded.", func(s string) string {
			return percentOf(s, func(c byte) bool { return c < 0x80 }, "", upper)
		}),
		escaped("escaped-twice", "Keys and values are form-encoded twice.", func(s string) string { return formed(formed(s)) }),
		escaped("escaped-html", "The characters &, <, > and quotes are written as HTML entities.", html.EscapeString),
		escaped("escaped-backslash", "Backslashes and quotes get a backslash before them.", strings.NewReplacer(`\`, `\\`, `"`, `\"`, `'`, `\'`).Replace),
		escaped("decoded-plus", "A + is decoded to a blank.", strings.NewReplacer("+", " ").Replace),
		escaped("decoded-percent", "Percent escapes in keys and values are decoded.", func(s string) string { return decoded(s, url.PathUnescape) }),
		escaped("decoded-form", "Keys and values are decoded as a form: + and percent escapes.", func(s string) string { return decoded(s, url.QueryUnescape) }),
		escaped("decoded-html", "HTML entities in keys and values are decoded.", html.UnescapeString),
		{ID: "escaped-values-only", Rule: "no-escaping", What: "Values are form-encoded, keys are not.", Fix: "Sign keys and values raw.",
			slot: "escape-value", change: func(r *recipe) { r.escapeValue = formed }},
		stringy("escaped-json-html", "Strings are escaped as Go's JSON does it: \\u0026 for &, \\u003c for <.", func(s string) string {
			text, _ := json.Marshal(s)
			return string(text[1 : len(text)-1])
		}),
		stringy("escaped-json", "Strings are escaped as in JSON: \\n for a newline, \\\" for a quote.", func(s string) string { return strings.Trim(jsonText(signer.String(s), "", ""), `"`) }),
		stringy("escaped-json-quoted", "Strings are written as JSON, in double quotes.", func(s string) string { return jsonText(signer.String(s), "", "") }),
		stringy("escaped-json-ascii", "What is not ASCII in strings is written as JSON escapes: \\u00e9.", func(s string) string {
			var out strings.Builder
			for _, unit := range utf16.Encode([]rune(s)) {
				if unit < 0x80 {
					out.WriteByte(byte(unit))
				} else {
					fmt.Fprintf(&out, `\u%04x`, unit)
				}
			}
			return out.String()
		}),
		stringy("escaped-python-repr", "Strings are written as Python's repr() does it, in quotes.", func(s string) string { return repr(signer.String(s)) }),
		stringy("escaped-bytes", "Strings are written as Python's bytes are: b'…'.", func(s string) string { return "b'" + s + "'" }),
	}
}

func escaped(id, what string, escape func(string) string) Mistake {
	return Mistake{ID: id, Rule: "no-escaping", What: what, Fix: "Sign keys and values raw; encode only what is sent.", slot: "escape-value escape-key", change: func(r *recipe) {
		r.escapeKey, r.escapeValue = escape, escape
	}}
}

func stringy(id, what string, escape func(string) string) Mistake {
	return Mistake{ID: id, Rule: "no-escaping", What: what, Fix: "Sign the text of the string itself.", slot: "text-escape", change: func(r *recipe) { r.texts = append(r.texts, escape) }}
}

const (
	upper = "0123456789ABCDEF"
	lower = "0123456789abcdef"
)

// percent returns an encoder that leaves some characters as they are.
func percent(stays, blank, digits string) func(string) string {
	return func(s string) string {
		return percentOf(s, func(c byte) bool { return strings.IndexByte(stays, c) >= 0 }, blank, digits)
	}
}

func percentOf(s string, stays func(byte) bool, blank, digits string) string {
	var out strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' && blank != "":
			out.WriteString(blank)
		case stays(c):
			out.WriteByte(c)
		default:
			out.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return out.String()
}

func decoded(s string, decode func(string) (string, error)) string {
	if plain, err := decode(s); err == nil {
		return plain
	}
	return s
}

// jsonText writes a value as JSON, with text behind commas and colons. Strings keep what is not ASCII where nothing stands behind them, as JavaScript does; else all of it is
// escaped, as Python does.
func jsonText(v signer.Value, comma, colon string) string {
	switch v := v.(type) {
	case signer.String:
		if comma != "" {
			return asciiJSON(string(v))
		}
		return plainJSON(string(v))
	case signer.Int:
		return v.String()
	case signer.Float:
		if comma != "" {
			return textOf(v)
		}
		return jsNumber(float64(v))
	case signer.Bool:
		return strconv.FormatBool(bool(v))
	case signer.List:
		parts := make([]string, len(v))
		for i, element := range v {
			parts[i] = jsonText(element, comma, colon)
		}
		return "[" + strings.Join(parts, ","+comma) + "]"
	case signer.Object:
		parts := make([]string, len(v))
		for i, m := range v {
			parts[i] = jsonText(signer.String(m.Key), comma, colon) + ":" + colon + jsonText(m.Value, comma, colon)
		}
		return "{" + strings.Join(parts, ","+comma) + "}"
	}
	return "null"
}

// plainJSON is a string as JavaScript's JSON.stringify writes it.
func plainJSON(s string) string {
	var out strings.Builder
	out.WriteByte('"')
	for _, c := range s {
		switch at := strings.IndexRune("\"\\\n\r\t\b\f", c); {
		case c < 0x80 && at >= 0:
			out.WriteString(`\` + `"\nrtbf`[at:at+1])
		case c < ' ':
			fmt.Fprintf(&out, `\u%04x`, c)
		default:
			out.WriteRune(c)
		}
	}
	return out.String() + `"`
}

// asciiJSON is a string as Python's json.dumps writes it, which package vectors nearly does.
func asciiJSON(s string) string {
	var out strings.Builder
	for _, c := range plainJSON(s) {
		switch {
		case c > 0xFFFF:
			high, low := utf16.EncodeRune(c)
			fmt.Fprintf(&out, `\u%04x\u%04x`, high, low)
		case c > '~':
			fmt.Fprintf(&out, `\u%04x`, c)
		default:
			out.WriteRune(c)
		}
	}
	return out.String()
}

// asciiRepr escapes all that is not ASCII as Python's ascii() does.
func asciiRepr(s string) string {
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

// asForm is what the reference would send of an input: the query, or the body of a POST.
func asForm(q *question, data signer.Object) string {
	in := vectors.Input{Email: new(""), Key: new(""), Method: q.in.Method, Resource: "/", BaseURL: new("http://h"), Data: []byte(jsonText(data, "", ""))}
	if email, ok := get(data, "email"); ok {
		in.Email = new(textOf(email))
	}
	e := in.Expected()
	if e.Request == nil {
		refuse()
	}
	if e.Request.Body != nil {
		return *e.Request.Body
	}
	_, query, _ := strings.Cut(e.Request.URL, "?")
	return query
}

func reversedText(s string) string {
	runes := []rune(s)
	slices.Reverse(runes)
	return string(runes)
}

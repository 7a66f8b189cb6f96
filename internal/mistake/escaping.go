package mistake

import (
	"encoding/json"
	"html"
	"net/url"
	"slices"
	"strings"

	"sigkit/signer"
)

// escapingMistakes are about rule no-escaping: keys or values are signed in some escaped form.
func escapingMistakes() []Mistake {
	return slices.Concat(encodedMistakes(), replacedMistakes(), decodedMistakes(), stringMistakes(),
		characterMistakes())
}

// encodedMistakes encode keys and values as a URL or a form does.
func encodedMistakes() []Mistake {
	return []Mistake{
		escaped(
			"escaped-quote-plus",
			"Keys and values are form-encoded: a blank becomes + and & becomes %26.",
			quotePlus,
		),
		escaped(
			"escaped-quote-plus-lower",
			"Keys and values are form-encoded with lower-case hex digits: & becomes %26, / becomes %2f.",
			percentEncoder(unreserved, "+", lowerHex),
		),
		escaped(
			"escaped-quote",
			"Keys and values are encoded with Python's quote(): a blank becomes %20, a slash stays.",
			percentEncoder(unreserved+"/", "%20", upperHex),
		),
		escaped(
			"escaped-rfc-3986",
			"Keys and values are percent-encoded: a blank becomes %20 and a slash becomes %2F.",
			percent,
		),
		escaped(
			"escaped-uri-component",
			"Keys and values are encoded with JavaScript's encodeURIComponent().",
			percentEncoder(alphanumeric+"-_.!~*'()", "%20", upperHex),
		),
		escaped(
			"escaped-uri",
			"Keys and values are encoded with JavaScript's encodeURI(), which keeps &, =, + and /.",
			percentEncoder(alphanumeric+"-_.!~*'();,/?:@&=+$#", "%20", upperHex),
		),
		escaped(
			"escaped-php-urlencode",
			"Keys and values are encoded with PHP's urlencode() or http_build_query(): ~ becomes %7E.",
			percentEncoder(alphanumeric+"-._", "+", upperHex),
		),
		escaped(
			"escaped-url-search-params",
			"Keys and values are encoded with URLSearchParams, as a browser encodes a form.",
			percentEncoder(alphanumeric+"*-._", "+", upperHex),
		),
	}
}

// replacedMistakes replace some characters only.
func replacedMistakes() []Mistake {
	return []Mistake{
		escaped(
			"escaped-separators",
			"The characters &, = and % are percent-encoded in keys and values.",
			strings.NewReplacer("&", "%26", "=", "%3D", "%", "%25").Replace,
		),
		escaped(
			"escaped-separators-only",
			"The characters & and = are percent-encoded in keys and values.",
			strings.NewReplacer("&", "%26", "=", "%3D").Replace,
		),
		escaped(
			"escaped-blanks-plus",
			"A blank in a key or value is signed as +.",
			strings.NewReplacer(" ", "+").Replace,
		),
		escaped(
			"escaped-blanks-percent",
			"A blank in a key or value is signed as %20.",
			strings.NewReplacer(" ", "%20").Replace,
		),
		escaped(
			"escaped-non-ascii",
			"Characters that are not ASCII are percent-encoded.",
			func(s string) string {
				return percentEncode(s, func(c byte) bool { return c < 0x80 }, "", upperHex)
			},
		),
		escaped(
			"escaped-twice",
			"Keys and values are form-encoded twice.",
			func(s string) string { return quotePlus(quotePlus(s)) },
		),
		escaped(
			"escaped-html",
			"The characters &, <, > and quotes are signed as HTML entities.",
			html.EscapeString,
		),
		escaped(
			"escaped-backslash",
			"Backslashes and quotes are signed with a backslash before them.",
			strings.NewReplacer(`\`, `\\`, `"`, `\"`, `'`, `\'`).Replace,
		),
	}
}

// decodedMistakes decode keys and values that are not encoded.
func decodedMistakes() []Mistake {
	return []Mistake{
		decoded(
			"decoded-plus",
			"A + in a key or value is decoded to a blank.",
			strings.NewReplacer("+", " ").Replace,
		),
		decoded(
			"decoded-percent",
			"Percent escapes in keys and values are decoded.",
			orUnchanged(url.PathUnescape),
		),
		decoded(
			"decoded-form",
			"Keys and values are decoded as a form: both + and percent escapes.",
			orUnchanged(url.QueryUnescape),
		),
		decoded(
			"decoded-html",
			"HTML entities in keys and values are decoded.",
			html.UnescapeString,
		),
	}
}

// stringMistakes escape values only.
func stringMistakes() []Mistake {
	return []Mistake{
		{
			ID:    "escaped-values-only",
			Rule:  "no-escaping",
			What:  "Values are form-encoded. Keys are not.",
			Fix:   "Sign keys and values without encoding.",
			steps: Steps{EscapeValue: quotePlus},
		},
		escapedString(
			"escaped-json-html",
			`Strings are escaped as Go's JSON encoder does: & becomes \u0026 and < becomes \u003c.`,
			goJSON,
		),
		escapedString(
			"escaped-json",
			`Strings are escaped as in JSON, without the quotes around them: a newline becomes \n.`,
			func(s string) string {
				quoted := plainJSON(s)
				return quoted[1 : len(quoted)-1]
			},
		),
		escapedString(
			"escaped-json-quoted",
			"Strings are signed as JSON, with double quotes around them.",
			plainJSON,
		),
		escapedString(
			"escaped-json-ascii",
			`Characters that are not ASCII are signed as JSON escapes: é becomes \u00e9.`,
			escapeNonASCII,
		),
		escapedString(
			"escaped-python-repr",
			"Strings are signed as Python's repr() writes them, with quotes around them.",
			func(s string) string { return repr(signer.String(s)) },
		),
		escapedString(
			"escaped-bytes",
			"Strings are signed as Python's bytes are printed: b'...'.",
			func(s string) string { return "b'" + s + "'" },
		),
	}
}

func escaped(id, what string, escape func(string) string) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "no-escaping",
		What:  what,
		Fix:   "Sign keys and values without encoding. Encode them only when you send them.",
		steps: Steps{EscapeKey: escape, EscapeValue: escape},
	}
}

func decoded(id, what string, decode func(string) string) Mistake {
	m := escaped(id, what, decode)
	m.Fix = "Sign keys and values as the caller gives them. Decode nothing."
	return m
}

func escapedString(id, what string, escape func(string) string) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "no-escaping",
		What:  what,
		Fix:   "Sign the text of the string itself, without quotes or escapes.",
		steps: Steps{EscapeString: escape},
	}
}

// orUnchanged returns a decoder that keeps what it cannot decode.
func orUnchanged(decode func(string) (string, error)) func(string) string {
	return func(s string) string {
		if plain, err := decode(s); err == nil {
			return plain
		}
		return s
	}
}

// goJSON escapes a string as Go's encoding/json does, without the quotes around it. Go replaces
// unpaired surrogates.
func goJSON(s string) string {
	text, _ := json.Marshal(ReplaceSurrogates(s, "\ufffd")) // a string has no error
	return string(text[1 : len(text)-1])
}

package mistake

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"sigkit/signer"
)

// sentEscapeMistakes escape what is sent in a wrong way.
func sentEscapeMistakes() []Mistake {
	twice := func(s string) string { return quotePlus(quotePlus(s)) }
	return []Mistake{
		{
			ID:    "sent-unescaped",
			Rule:  "wire-query",
			What:  "Keys and values are sent unescaped, as they are signed.",
			Fix:   "Form-encode keys and values when you send them.",
			steps: Steps{SendEscapeKey: same, SendEscape: same, SendEscapeEmail: same},
		},
		{
			ID:    "sent-escaped-twice",
			Rule:  "wire-query",
			What:  "Keys and values are escaped twice.",
			Fix:   "Form-encode once. Check whether the HTTP library does it already.",
			steps: Steps{SendEscapeKey: twice, SendEscape: twice, SendEscapeEmail: twice},
		},
		{
			ID:    "sent-as-latin-1",
			Rule:  "wire-form",
			What:  "Values are encoded as Latin-1 when they are sent: %FC for \u00fc.",
			Fix:   "Encode them as UTF-8, as they are signed.",
			steps: Steps{SendEscape: quoteLatin1, SendEscapeEmail: quoteLatin1},
		},
		{
			ID:   "sent-code-points-escaped",
			Rule: "wire-form",
			What: "Characters are sent as % and their code point, as in %20AC, not as % and each byte of " +
				"their UTF-8.",
			Fix: "Encode text as UTF-8, and escape its bytes.",
			steps: Steps{
				SendEscapeKey:   escapedCodePoints,
				SendEscape:      escapedCodePoints,
				SendEscapeEmail: escapedCodePoints,
			},
		},
		{
			ID:   "sent-as-latin-1-if-possible",
			Rule: "wire-form",
			What: "Text whose characters are all in Latin-1 is sent as Latin-1, %FC for \u00fc, and other " +
				"text as UTF-8.",
			Fix: "Encode all text as UTF-8, as it is signed.",
			steps: Steps{
				SendEscapeKey:   quoteLatin1IfPossible,
				SendEscape:      quoteLatin1IfPossible,
				SendEscapeEmail: quoteLatin1IfPossible,
			},
		},
		sentKeeping("sent-plus-unescaped",
			"A + is sent as it is, and arrives as a blank.", "+"),
		sentKeeping("sent-as-encode-uri",
			"Keys and values are escaped by JavaScript's encodeURI, which leaves & = + # and others.",
			"!#$&'()*+,/:;=?@~"),
		sentKeeping("sent-path-escaped",
			"Keys and values are escaped as a part of a path, by Go's PathEscape, which leaves & = +.",
			"$&+:=@~"),
		{
			ID:    "sent-keys-unescaped",
			Rule:  "wire-query",
			What:  "Values are escaped when they are sent, but keys are not.",
			Fix:   "Form-encode the keys, too.",
			steps: Steps{SendEscapeKey: same},
		},
		{
			ID:    "sent-email-unescaped",
			Rule:  "wire-query",
			What:  "The email is sent unescaped: a + in it arrives as a blank.",
			Fix:   "Form-encode the email as all other values.",
			steps: Steps{SendEscapeEmail: same},
		},
	}
}

// withCRLF ends all lines as a browser does when it sends a form.
func withCRLF(text string) string {
	return strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\n", "\r\n")
}

func withoutEmailPair(form string) string {
	isEmail := func(pair string) bool { return strings.HasPrefix(pair, "email=") }
	return strings.Join(slices.DeleteFunc(strings.Split(form, "&"), isEmail), "&")
}

func lastOnly(list signer.List) (signer.List, error) { return list[len(list)-1:], nil }

// sentKeeping is a mistake in which characters are escaped when they are sent.
func sentKeeping(id, what, kept string) Mistake {
	escape := percentEncoder(unreserved+kept, "%20", upperHex)
	return Mistake{
		ID:    id,
		Rule:  "wire-query",
		What:  what,
		Fix:   "Form-encode keys and values: escape all but letters, digits and -._~.",
		steps: Steps{SendEscapeKey: escape, SendEscape: escape, SendEscapeEmail: escape},
	}
}

func escapedCodePoints(s string) string {
	var out strings.Builder
	for _, c := range s {
		if c < utf8.RuneSelf && strings.ContainsRune(unreserved, c) {
			out.WriteRune(c)
		} else {
			fmt.Fprintf(&out, "%%%02X", c)
		}
	}
	return out.String()
}

func quoteLatin1IfPossible(s string) string {
	if isLatin1(s) {
		return quoteLatin1(s)
	}
	return quotePlus(s)
}

func quoteLatin1(s string) string {
	kept := func(c byte) bool { return strings.IndexByte(unreserved, c) >= 0 }
	return percentEncodeText(string(oneByteEach(s, latin1, "?")), kept, "+", upperHex)
}

package mistake

import "strings"

// The characters that percent-encoders leave as they are, and their digits.
const (
	alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"
	unreserved   = alphanumeric + "-_.~"
	upperHex     = "0123456789ABCDEF"
	lowerHex     = "0123456789abcdef"
)

// quotePlus encodes as Python's quote_plus does (rule wire-form).
var quotePlus = percentEncoder(unreserved, "+", upperHex)

// percent encodes all that is not unreserved in RFC 3986.
var percent = percentEncoder(unreserved, "%20", upperHex)

// percentEncoder returns an encoder that keeps some characters. It writes a blank as given and
// everything else as %XX with the digits.
func percentEncoder(keep, blank, digits string) func(string) string {
	var kept [256]bool
	for _, c := range []byte(keep) {
		kept[c] = true
	}
	keeps := func(c byte) bool { return kept[c] }
	return func(s string) string { return percentEncode(s, keeps, blank, digits) }
}

// percentEncode leaves unpaired surrogates, which have no bytes to encode.
func percentEncode(s string, kept func(byte) bool, blank, digits string) string {
	return mapParts(s, func(text string) string {
		return percentEncodeText(text, kept, blank, digits)
	}, same)
}

func percentEncodeText(s string, kept func(byte) bool, blank, digits string) string {
	var out strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c == ' ' && blank != "":
			out.WriteString(blank)
		case kept(c):
			out.WriteByte(c)
		default:
			out.Write([]byte{'%', digits[c>>4], digits[c&15]})
		}
	}
	return out.String()
}

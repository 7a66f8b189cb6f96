package signer

import (
	"regexp"
	"slices"
	"strconv"
	"strings"
)

// urlParts splits a URL as RFC 3986, appendix B, does: scheme, authority, path, query; the fragment is never sent.
var urlParts = regexp.MustCompile(`(?s)^(?i:(https?):)?(?://([^\\/?#]*))?([^?#]*)(?:\?([^#]*))?(?:#.*)?$`)

// authority is user information, host and port.
var authority = regexp.MustCompile(`^(?:[^@]*@)?(?:\[[^\]]+\]|[^\[\]:%@]+)(?::[0-9]{0,5})?$`)

// Target returns the request target, path and query, that the reference's HTTP library puts into the request line for a URL: characters that may not
// stand in a URL are percent-encoded, escapes are kept in upper case unless they stand for unreserved characters, dot segments are resolved, the fragment is
// dropped, an empty path is "/". An error is of [KindInvalidURL], for a URL without http(s) scheme or host.
func Target(url string) (string, error) {
	parts := urlParts.FindStringSubmatch(url)
	if parts == nil || parts[1] == "" {
		return "", &Error{KindInvalidURL, "URL " + strconv.Quote(url), "it has no http or https scheme", "give a base URL like https://host.example.com"}
	}
	if !authority.MatchString(parts[2]) {
		return "", &Error{KindInvalidURL, "URL " + strconv.Quote(url), "its host and port are not valid", "start the resource with a slash, and check the base URL"}
	}
	path := encodeInvalid(resolveDots(parts[3]), "!$&'()*+,;=:@/")
	if path == "" {
		path = "/"
	}
	if query := encodeInvalid(parts[4], "!$&'()*+,;=:@/?"); query != "" {
		return path + "?" + query, nil
	}
	return path, nil
}

// resolveDots removes "." and ".." segments.
func resolveDots(path string) string {
	segments := strings.Split(path, "/")
	kept := make([]string, 0, len(segments))
	for _, segment := range segments {
		switch {
		case segment == ".":
		case segment != "..":
			kept = append(kept, segment)
		case len(kept) > 0:
			kept = kept[:len(kept)-1]
		}
	}
	if strings.HasPrefix(path, "/") && (len(kept) == 0 || kept[0] != "") {
		kept = slices.Insert(kept, 0, "")
	}
	if strings.HasSuffix(path, "/.") || strings.HasSuffix(path, "/..") {
		kept = append(kept, "")
	}
	return strings.Join(kept, "/")
}

// encodeInvalid percent-encodes what is neither unreserved nor in allowed. Escapes stay only where every percent sign starts one.
func encodeInvalid(s, allowed string) string {
	keepEscapes := true
	for i := range len(s) {
		if s[i] == '%' {
			_, ok := escapedByte(s[i:])
			keepEscapes = keepEscapes && ok
		}
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch decoded, _ := escapedByte(s[i:]); {
		case c == '%' && keepEscapes && isUnreserved(decoded):
			out = append(out, decoded)
			i += 2
		case c == '%' && keepEscapes:
			out = append(out, '%', upperHex[decoded>>4], upperHex[decoded&15])
			i += 2
		case isUnreserved(c) || strings.IndexByte(allowed, c) >= 0:
			out = append(out, c)
		default:
			out = append(out, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return string(out)
}

// escapedByte decodes a leading %XX.
func escapedByte(s string) (byte, bool) {
	if len(s) < 3 || s[0] != '%' {
		return 0, false
	}
	high, low := fromHex(s[1]), fromHex(s[2])
	if high < 0 || low < 0 {
		return 0, false
	}
	return byte(high<<4 | low), true
}

func fromHex(c byte) int {
	return strings.IndexByte("0123456789abcdef", c|(c&0x40)>>1) // lower-cases letters only
}

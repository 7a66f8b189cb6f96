package signer

import (
	"slices"
	"strconv"
	"strings"
)

// URL is a URL in the parts that the reference's HTTP library tells apart.
type URL struct {
	Scheme    string // http or https, as it was written
	Authority string // user information, host and port, as they were written
	Path      string // up to the query, as it was written; may be empty
	Query     string // without the question mark; the fragment is dropped
}

// SplitURL splits a URL. The authority ends before the first "/", "\\", "?" or "#". An error is of
// [KindInvalidURL]: there is no http or https scheme, or no valid host and port.
func SplitURL(text string) (URL, error) {
	scheme, rest, ok := strings.Cut(text, "://")
	if !ok || !strings.EqualFold(scheme, "http") && !strings.EqualFold(scheme, "https") {
		return URL{}, &Error{
			KindInvalidURL, "URL " + strconv.Quote(text), "it has no http or https scheme",
			"give a base URL like https://host.example.com",
		}
	}
	rest, _, _ = strings.Cut(rest, "#")
	end := strings.IndexAny(rest, `/?\`)
	if end < 0 {
		end = len(rest)
	}
	if !validAuthority(rest[:end]) {
		return URL{}, &Error{
			KindInvalidURL, "URL " + strconv.Quote(text), "its host and port are not valid",
			"start the resource with a slash, and check the base URL",
		}
	}
	path, query, _ := strings.Cut(rest[end:], "?")
	return URL{scheme, rest[:end], path, query}, nil
}

// Server returns scheme, "://" and authority.
func (u URL) Server() string { return u.Scheme + "://" + u.Authority }

// Target returns the request target, path and query, that the reference's HTTP library puts into
// the request line. Characters that a URL may not contain are percent-encoded. Escapes are kept in
// upper case unless they stand for unreserved characters. Dot segments are resolved. A path that
// does not start with "/" gets one.
func (u URL) Target() string {
	path := encodeInvalid(resolveDots(u.Path), &pathCharacters)
	if !strings.HasPrefix(path, "/") { // it is empty, or starts with a backslash
		path = "/" + path
	}
	if query := encodeInvalid(u.Query, &queryCharacters); query != "" {
		return path + "?" + query
	}
	return path
}

// Target returns [URL.Target] of a URL. An error is that of [SplitURL].
func Target(url string) (string, error) {
	u, err := SplitURL(url)
	if err != nil {
		return "", err
	}
	return u.Target(), nil
}

// The characters that stand in a path and in a query as they are.
var (
	pathCharacters  = bytesOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/")
	queryCharacters = bytesOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~!$&'()*+,;=:@/?")
)

// validAuthority checks user information, host and port.
func validAuthority(authority string) bool {
	host := authority[strings.LastIndexByte(authority, '@')+1:]
	if strings.HasPrefix(host, "[") { // IPv6
		_, after, ok := strings.Cut(host, "]")
		return ok && (after == "" || validPort(after))
	}
	name, port, given := strings.Cut(host, ":")
	return name != "" && !strings.ContainsAny(name, "[]%") && (!given || validPort(":"+port))
}

func validPort(port string) bool {
	return strings.HasPrefix(port, ":") && len(port) <= len(":65535") && strings.Trim(port[1:], "0123456789") == ""
}

// isCleanTarget reports whether a target needs no change: nothing to encode, no escape that is lower-case or needless, no dot segment, no empty query.
func isCleanTarget(target string) bool {
	for i := 0; i < len(target); i++ {
		c := target[i]
		if c == '%' {
			decoded, ok := escapedByte(target[i:])
			if !ok || unreserved[decoded] || target[i+1] >= 'a' || target[i+2] >= 'a' {
				return false
			}
		} else if !queryCharacters[c] {
			return false
		}
	}
	path, query, given := strings.Cut(target, "?")
	return !strings.Contains(path, "/.") && (query != "" || !given)
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

// encodeInvalid percent-encodes what is not allowed. Escapes stay only where every percent sign starts one.
func encodeInvalid(s string, allowed *[256]bool) string {
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
		case c == '%' && keepEscapes && unreserved[decoded]:
			out = append(out, decoded)
			i += 2
		case c == '%' && keepEscapes:
			out = append(out, '%', upperHex[decoded>>4], upperHex[decoded&15])
			i += 2
		case allowed[c]:
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
	high, low := hexValue[s[1]], hexValue[s[2]]
	return high<<4 | low&15, high|low < 16
}

// hexValue is the value of each hexadecimal digit, and more than 15 for all other characters.
var hexValue = func() (values [256]byte) {
	for i := range values {
		values[i] = 0xFF
	}
	for i, c := range []byte("0123456789abcdef") {
		values[c] = byte(i)
	}
	for i, c := range []byte("ABCDEF") {
		values[c] = byte(10 + i)
	}
	return values
}()

package signer

import (
	"slices"
	"strconv"
	"strings"
)

// URL is a URL in the parts that the reference's HTTP library distinguishes.
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
			Kind:    KindInvalidURL,
			Where:   "URL " + strconv.Quote(text),
			Problem: "it has no http or https scheme",
			Fix:     "give a base URL such as https://host.example.com",
		}
	}
	rest, _, _ = strings.Cut(rest, "#")
	end := strings.IndexAny(rest, `/?\`)
	if end < 0 {
		end = len(rest)
	}
	if !validAuthority(rest[:end]) {
		return URL{}, &Error{
			Kind:    KindInvalidURL,
			Where:   "URL " + strconv.Quote(text),
			Problem: "its host and port are not valid",
			Fix:     "start the resource with a slash, and check the base URL",
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
	path := resolveDots(u.Path)
	target := make([]byte, 0, len("/")+len(path)+len("?")+len(u.Query))
	if target = appendValid(target, path, &pathCharacters); len(target) == 0 || target[0] != '/' {
		target = slices.Insert(target, 0, '/') // the path is empty, or starts with a backslash
	}
	if u.Query != "" {
		target = appendValid(append(target, '?'), u.Query, &queryCharacters)
	}
	return string(target)
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
	pathCharacters  = bytesOf(alphanumeric + "-._~!$&'()*+,;=:@/")
	queryCharacters = bytesOf(alphanumeric + "-._~!$&'()*+,;=:@/?")
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
	return strings.HasPrefix(port, ":") && len(port) <= len(":65535") &&
		strings.Trim(port[1:], "0123456789") == ""
}

// resolveDots removes "." and ".." segments.
func resolveDots(path string) string {
	if !strings.Contains(path, "/.") && !strings.HasPrefix(path, ".") {
		return path
	}
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

// appendValid appends s with each byte that is not allowed percent-encoded. Escapes are kept only
// if every percent sign starts one.
func appendValid(dst []byte, s string, allowed *[256]bool) []byte {
	keepEscapes := everyPercentEscapes(s)
	start := 0 // of what has not been copied yet
	for i := 0; i < len(s); i++ {
		c := s[i]
		if allowed[c] {
			continue
		}
		dst = append(dst, s[start:i]...)
		if c == '%' && keepEscapes {
			c, _ = escapedByte(s[i:])
			i += 2
		}
		if start = i + 1; unreserved[c] {
			dst = append(dst, c)
		} else {
			dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return append(dst, s[start:]...)
}

func everyPercentEscapes(s string) bool {
	for i := strings.IndexByte(s, '%'); i >= 0; {
		if _, ok := escapedByte(s[i:]); !ok {
			return false
		}
		s = s[i+1:]
		i = strings.IndexByte(s, '%')
	}
	return true
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

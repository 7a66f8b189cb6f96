// Package wire compares requests by what a server would make of them: URLs and forms are the same where they decode to the same.
package wire

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"sigkit/signer"
)

// Header is one header of a request.
type Header struct{ Name, Value string }

// SameURL reports whether two URLs reach a server as the same.
func SameURL(a, b string) bool { return a == b || decoded(a) == decoded(b) }

// SameForm reports whether two forms decode to the same pairs, in the same order.
func SameForm(a, b string) bool { return a == b || slices.Equal(Pairs(a), Pairs(b)) }

// decoded is a URL as a server sees it: its target with path and query decoded.
func decoded(raw string) string {
	u, err := signer.SplitURL(raw)
	if err != nil {
		return raw
	}
	path, query, _ := strings.Cut(u.Target(), "?")
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	return strings.ToLower(u.Server()) + path + "?" + strings.Join(Pairs(query), "&")
}

// Pairs are the pairs of a form, decoded, each as text that no other pair has.
func Pairs(form string) []string {
	var pairs []string
	for _, p := range Parameters(form) {
		pairs = append(pairs, fmt.Sprintf("%q=%q", p[0], p[1]))
	}
	return pairs
}

// Parameters are the decoded keys and values of a form, in its order.
func Parameters(form string) (pairs [][2]string) {
	for part := range strings.SplitSeq(form, "&") {
		if part == "" {
			continue
		}
		key, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, [2]string{unescaped(key), unescaped(value)})
	}
	return pairs
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

package signer

import (
	"slices"
	"strings"
)

// Rebuild returns the message that a server can make of a request alone: the path decoded once, the pairs of the query (of the body, for a POST) decoded,
// sorted by key and, under one key, by value, since all values have arrived as text. For a POST the whole target is the resource.
//
// It equals [Signer.Message] for nearly all that published calls send. It differs where the wire form has lost something: numbers that sort otherwise than
// their texts, null in a body, values in nested lists, a resource with escapes of its own, a base URL with a path.
func Rebuild(method, target, body string) string {
	resource, form := target, body
	if method != "POST" {
		resource, form, _ = strings.Cut(target, "?")
	}
	var pairs []Pair
	for part := range strings.SplitSeq(form, "&") {
		if part == "" {
			continue
		}
		key, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, Pair{decodeForm(key), decodeForm(value)})
	}
	slices.SortStableFunc(pairs, func(a, b Pair) int {
		if order := strings.Compare(a.Key, b.Key); order != 0 {
			return order
		}
		return strings.Compare(a.Value, b.Value)
	})
	message := make([]byte, 0, len(method)+len(target)+len(form))
	message = append(append(message, method...), decodePercent(resource)...)
	start := len(message)
	for _, p := range pairs {
		message = AppendPair(message, start, p.Key, String(p.Value))
	}
	return string(message)
}

func decodeForm(s string) string {
	return decodePercent(strings.ReplaceAll(s, "+", " "))
}

func decodePercent(s string) string {
	if strings.IndexByte(s, '%') < 0 {
		return s
	}
	out := make([]byte, 0, len(s))
	for i := 0; i < len(s); i++ {
		c, ok := escapedByte(s[i:])
		if ok {
			i += 2
		} else {
			c = s[i]
		}
		out = append(out, c)
	}
	return string(out)
}

package signer

import (
	"bytes"
	"slices"
	"strings"
)

// Rebuild returns the message that a server can make of a request alone: the path decoded once, the pairs of the query (of the body, for a POST) decoded,
// sorted by key and, under one key, by value, since all values have arrived as text. For a POST the whole target is the resource.
//
// It equals [Signer.Message] for nearly all that published calls send. It differs where the wire form has lost something: numbers that sort otherwise than
// their texts, null in a body, values in nested lists, a resource with escapes of its own, a base URL with a path.
func Rebuild(method, target, body string) string {
	var b rebuilder
	return string(b.rebuild(method, target, body))
}

// rebuilder is the memory that rebuilding reuses.
type rebuilder struct {
	text    []byte // all decoded keys and values
	pairs   []span
	rebuilt []byte
}

// span is where a pair stands in text: the key from start to middle, the value from there to end.
type span struct{ start, middle, end int }

func (b *rebuilder) rebuild(method, target, body string) []byte {
	resource, rest := target, body
	if method != post {
		resource, rest, _ = strings.Cut(target, "?")
	}
	b.text, b.pairs = b.text[:0], b.pairs[:0]
	for rest != "" {
		var part string
		if part, rest, _ = strings.Cut(rest, "&"); part != "" {
			b.decodePair(part)
		}
	}
	slices.SortStableFunc(b.pairs, func(x, y span) int {
		if order := bytes.Compare(b.text[x.start:x.middle], b.text[y.start:y.middle]); order != 0 {
			return order
		}
		return bytes.Compare(b.text[x.middle:x.end], b.text[y.middle:y.end])
	})
	b.rebuilt = appendDecoded(append(b.rebuilt[:0], method...), resource, '+')
	for i, p := range b.pairs {
		if i > 0 {
			b.rebuilt = append(b.rebuilt, '&')
		}
		b.rebuilt = append(append(b.rebuilt, b.text[p.start:p.middle]...), '=')
		b.rebuilt = append(b.rebuilt, b.text[p.middle:p.end]...)
	}
	return b.rebuilt
}

func (b *rebuilder) decodePair(part string) {
	key, value, _ := strings.Cut(part, "=")
	p := span{start: len(b.text)}
	b.text = appendDecoded(b.text, key, ' ')
	p.middle = len(b.text)
	b.text = appendDecoded(b.text, value, ' ')
	p.end = len(b.text)
	b.pairs = append(b.pairs, p)
}

// appendDecoded appends s with its escapes decoded, and with plus in place of +.
func appendDecoded(dst []byte, s string, plus byte) []byte {
	start := 0 // of what has not been copied yet
	for i := 0; i < len(s); i++ {
		if s[i] != '%' && s[i] != '+' {
			continue
		}
		c, size := plus, 1
		if s[i] == '%' {
			decoded, ok := escapedByte(s[i:])
			if !ok {
				continue
			}
			c, size = decoded, 3
		}
		dst = append(append(dst, s[start:i]...), c)
		i += size - 1
		start = i + 1
	}
	return append(dst, s[start:]...)
}

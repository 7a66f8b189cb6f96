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
	resource, form := target, body
	if method != post {
		resource, form, _ = strings.Cut(target, "?")
	}
	b.decode(form)
	if !slices.IsSortedFunc(b.pairs, b.compare) { // the pairs of a query mostly are
		slices.SortStableFunc(b.pairs, b.compare)
	}
	b.rebuilt = appendDecoded(append(b.rebuilt[:0], method...), resource)
	for i, p := range b.pairs {
		if i > 0 {
			b.rebuilt = append(b.rebuilt, '&')
		}
		b.rebuilt = append(append(b.rebuilt, b.text[p.start:p.middle]...), '=')
		b.rebuilt = append(b.rebuilt, b.text[p.middle:p.end]...)
	}
	return b.rebuilt
}

func (b *rebuilder) compare(x, y span) int {
	if order := bytes.Compare(b.text[x.start:x.middle], b.text[y.start:y.middle]); order != 0 {
		return order
	}
	return bytes.Compare(b.text[x.middle:x.end], b.text[y.middle:y.end])
}

// decode takes a form apart in one pass. A part without = is a key with an empty value; an empty part is none.
func (b *rebuilder) decode(form string) {
	b.text, b.pairs = slices.Grow(b.text[:0], len(form)), b.pairs[:0]
	pair := span{middle: -1}
	for i := 0; i <= len(form); i++ {
		if i == len(form) || form[i] == '&' {
			if pair.end = len(b.text); pair.middle >= 0 || pair.end > pair.start {
				if pair.middle < 0 {
					pair.middle = pair.end
				}
				b.pairs = append(b.pairs, pair)
			}
			pair = span{start: len(b.text), middle: -1}
			continue
		}
		c := form[i]
		switch c {
		case '=':
			if pair.middle < 0 {
				pair.middle = len(b.text)
				continue
			}
		case '+':
			c = ' '
		case '%':
			if decoded, ok := escapedByte(form[i:]); ok {
				c = decoded
				i += 2
			}
		}
		b.text = append(b.text, c)
	}
}

// appendDecoded appends a path with its escapes decoded.
func appendDecoded(dst []byte, path string) []byte {
	for i := 0; i < len(path); i++ {
		c := path[i]
		if decoded, ok := escapedByte(path[i:]); ok {
			c = decoded
			i += 2
		}
		dst = append(dst, c)
	}
	return dst
}

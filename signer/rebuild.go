package signer

import (
	"bytes"
	"slices"
	"strings"
)

// Rebuild returns the message that a server can make from a request alone. It decodes the path
// once, decodes the pairs of the query (for a POST, of the body), and sorts them by key. Pairs with
// one key are sorted by value, since all values have arrived as text. For a POST the whole target
// is the resource.
//
// The result equals [Signer.Message] for nearly all that published calls send. It differs where the
// request has lost something: numbers that sort in another order than their texts, null in a body,
// values in nested lists, a resource with escapes of its own, a base URL with a path.
func Rebuild(method, target, body string) string {
	return string(new(workspace).rebuild(method, target, body))
}

func (w *workspace) rebuild(method, target, body string) []byte {
	resource, form := target, body
	if method != post {
		resource, form, _ = strings.Cut(target, "?")
	}
	w.receive(form)
	slices.SortStableFunc(w.received, func(a, b received) int {
		if order := bytes.Compare(a.key, b.key); order != 0 {
			return order
		}
		return bytes.Compare(a.value, b.value)
	})
	message := appendDecoded(append(w.text[:0], method...), resource, '+')
	for i, p := range w.received {
		if i > 0 {
			message = append(message, '&')
		}
		message = append(append(append(message, p.key...), '='), p.value...)
	}
	w.text = message
	return message
}

// received is a pair that a server receives. Key and value are parts of workspace.decoded.
type received struct{ key, value []byte }

// receive decodes the pairs of a form. A part without = is a key with an empty value. An empty part
// is no pair.
func (w *workspace) receive(form string) {
	w.received = w.received[:0]
	w.decoded = slices.Grow(w.decoded[:0], len(form)) // it must not move while parts of it are in use
	for part := range strings.SplitSeq(form, "&") {
		if part != "" {
			key, value, _ := strings.Cut(part, "=")
			w.received = append(w.received, received{w.decode(key), w.decode(value)})
		}
	}
}

// decode decodes a key or a value of a form, where + stands for a space.
func (w *workspace) decode(text string) []byte {
	start := len(w.decoded)
	w.decoded = appendDecoded(w.decoded, text, ' ')
	return w.decoded[start:]
}

// appendDecoded appends text with its escapes decoded and each + replaced. A percent sign that
// starts no escape stays.
func appendDecoded(dst []byte, text string, plus byte) []byte {
	for i := 0; i < len(text); i++ {
		c := text[i]
		switch c {
		case '+':
			c = plus
		case '%':
			if b, ok := escapedByte(text[i:]); ok {
				c = b
				i += 2
			}
		}
		dst = append(dst, c)
	}
	return dst
}

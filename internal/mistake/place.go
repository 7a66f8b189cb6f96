package mistake

import (
	"fmt"

	"sigkit/vectors"
)

// Place says to which part of an input's message a byte belongs, for people: "in the value of `fields`, pair 3 of 4". The offset counts from 0. It returns "" for an input that has no
// message.
func Place(in *vectors.Input, offset int) string {
	parts, count := parts(in)
	for _, p := range parts {
		if offset < len(p.text) {
			return p.name(count)
		}
		offset -= len(p.text)
	}
	if len(parts) == 0 {
		return ""
	}
	return "behind its end"
}

// part is one part of a message: method, resource, or something of a pair.
type part struct {
	text string
	what string // with %q for the key, if it is something of a pair
	key  string
	pair int // counted from 1
}

func (p *part) name(count int) string {
	if p.pair == 0 {
		return "in the " + p.what
	}
	return fmt.Sprintf("in the %s of %q, pair %d of %d", p.what, p.key, p.pair, count)
}

// parts takes the message of an input apart, and counts its pairs.
func parts(in *vectors.Input) (all []part, count int) {
	q := newQuestion(in)
	r := canonical()
	var pairs []pair
	r.arrange = func(p []pair) []pair { pairs = byKey(p); return pairs }
	if a := r.answer(q); a.refused {
		return nil, 0
	}
	all = []part{{text: in.Method, what: "method"}, {text: in.Resource, what: "resource"}}
	for i, p := range pairs {
		if i > 0 {
			all = append(all, part{"&", "separator before the key", p.key, i + 1})
		}
		all = append(all, part{p.key, "key", p.key, i + 1}, part{"=", "= behind the key", p.key, i + 1}, part{p.value, "value", p.key, i + 1})
	}
	return all, len(pairs)
}

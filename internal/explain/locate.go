package explain

import (
	"fmt"

	"sigkit/signer"
	"sigkit/vectors"
)

// Locate says to which part of an input's message a byte belongs, for people: `in the value of
// "fields", pair 3 of 4`. The offset counts bytes from 0. It returns "" for an input that is
// refused.
func Locate(in *vectors.Input, offset int) string {
	segments, count := segmentsOf(in)
	for _, s := range segments {
		if offset < len(s.text) {
			return s.name(count)
		}
		offset -= len(s.text)
	}
	if len(segments) == 0 {
		return ""
	}
	return "after its end"
}

// segment is one part of a message: method, resource, or a part of a pair.
type segment struct {
	text string
	what string
	key  string // of the pair
	pair int    // number of the pair, from 1; 0 for method and resource
}

func (s *segment) name(count int) string {
	if s.pair == 0 {
		return "in the " + s.what
	}
	return fmt.Sprintf("in the %s %q, pair %d of %d", s.what, s.key, s.pair, count)
}

// segmentsOf splits the message of an input, and counts its pairs.
func segmentsOf(in *vectors.Input) (all []segment, count int) {
	r, err := in.Request()
	if err != nil {
		return nil, 0
	}
	c, err := in.Credentials()
	if err != nil {
		return nil, 0
	}
	pairs, err := signer.Pairs(signer.WithEmail(r.Data, c.Email))
	if err != nil {
		return nil, 0
	}
	all = []segment{{text: r.Method, what: "method"}, {text: r.Resource, what: "resource"}}
	for i, p := range pairs {
		if i > 0 {
			all = append(all, segment{"&", "& before the key", p.Key, i + 1})
		}
		all = append(all,
			segment{p.Key, "key", p.Key, i + 1},
			segment{"=", "= after the key", p.Key, i + 1},
			segment{p.Value, "value of", p.Key, i + 1})
	}
	return all, len(pairs)
}

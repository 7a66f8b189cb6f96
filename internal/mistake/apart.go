package mistake

import (
	"fmt"

	"sigkit/internal/random"
	"sigkit/signer"
	"sigkit/vectors"
)

// tries is how many random requests of each level are made to tell two sets apart.
const tries = 5000

// tellApart finds a vector to which two sets answer differently, among the built-in ones and then among random ones, and what they answer. It returns nil if there is none.
func tellApart(a, b Set, seen []Seen) (*vectors.Vector, []string) {
	one, two := a.recipe(), b.recipe()
	asked := map[string]bool{}
	for i := range seen {
		asked[seen[i].Vector.ID] = true
	}
	for _, v := range vectors.All() {
		if says := differ(one, two, &v); says != nil && !asked[v.ID] {
			return &v, says
		}
	}
	var text []byte
	for _, level := range vectors.Levels() {
		g := random.New(1, level)
		for n := range uint64(tries) {
			text = g.Append(text[:0], n)
			line, err := vectors.ParseLine("random", 1, text)
			if err != nil {
				break
			}
			if says := differ(one, two, &line.Vector); says != nil {
				return &line.Vector, says
			}
		}
	}
	return nil, nil
}

// differ returns what two recipes answer to a vector, or nil if they answer alike.
func differ(a, b *recipe, v *vectors.Vector) []string {
	q := newQuestion(&v.Input)
	x, y := a.answer(q), b.answer(q)
	if x.differs(&y) {
		return []string{x.says(), y.says()}
	}
	if s, t := a.send(q), b.send(q); !sameRequest(s, t) {
		return []string{shown(s), shown(t)}
	}
	return nil
}

// says is an answer for people.
func (a *answer) says() string {
	if a.refused {
		return "it refuses"
	}
	return fmt.Sprintf("it signs %q and sends %s: %s", a.message, a.header, a.token)
}

func shown(r *signer.Sent) string {
	switch {
	case r == nil:
		return "it sends nothing"
	case r.Body == nil:
		return "it sends " + r.URL
	}
	return fmt.Sprintf("it sends %s with the body %s", r.URL, *r.Body)
}

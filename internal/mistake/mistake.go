// Package mistake knows the mistakes that ports make, and names those that a port has made.
//
// A [Mistake] is one deviation of one step of the signing, in data and a small function on a [recipe], which is the signing with every step exchangeable. Mistakes of different
// steps combine. The catalogue serves three times: as proof that no known mistake slips through the vectors ([Score]), as diagnosis of answers ([Lab.Diagnose]), and as wrong
// ports for tests.
//
// A new mistake is one entry in the table of its family: credentials, email, lists, pairs, text, escaping, layout, encoding, token, wire.
package mistake

import (
	"slices"
	"strings"
	"sync"

	"sigkit/internal/mistake/idiom"
	"sigkit/vectors"
)

// Mistake is one known deviation of the signing, or, in the wire family, of the request that is sent.
type Mistake struct {
	ID   string // a slug; never renamed, never reused
	Rule string // the rule of docs/SIGNATURE.md that it breaks
	What string // what goes wrong, in one sentence
	Fix  string // the mend, in one sentence

	// change makes the mistake. Two mistakes that share a word of slot exclude each other: a step can go wrong in one way at a time.
	slot   string
	change func(*recipe)
	wire   bool // it is about the request that is sent, not about what is signed

	// like is the id of a plainer mistake, from which this one differs in rare inputs only. Where both fit, the plainer one is told, and this one beside it.
	like string
}

// Idioms returns how the mend is written, by language; empty where it is the same everywhere.
func (m *Mistake) Idioms() map[string]string { return idiom.Of(m.Rule) }

// Catalogue returns all mistakes. The caller must not change them.
func Catalogue() []*Mistake { return catalogue() }

var catalogue = sync.OnceValue(func() (all []*Mistake) {
	for _, family := range [][]Mistake{
		credentialMistakes(), emailMistakes(), listMistakes(), pairMistakes(), textMistakes(), escapingMistakes(), layoutMistakes(), encodingMistakes(), tokenMistakes(), wireMistakes(),
	} {
		for i := range family {
			all = append(all, &family[i])
		}
	}
	return all
})

// Find returns the mistake with an id, or nil.
func Find(id string) *Mistake {
	for _, m := range Catalogue() {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// Set is some mistakes made at once.
type Set []*Mistake

// IDs returns the ids, in the order of the catalogue.
func (s Set) IDs() []string {
	ids := make([]string, len(s))
	for i, m := range s {
		ids[i] = m.ID
	}
	return ids
}

// sort puts the set into the order of the catalogue.
func (s Set) sort() {
	slices.SortFunc(s, func(a, b *Mistake) int { return slices.Index(Catalogue(), a) - slices.Index(Catalogue(), b) })
}

// String joins the ids.
func (s Set) String() string { return strings.Join(s.IDs(), " + ") }

// compatible reports whether two mistakes can be made at once.
func compatible(a, b *Mistake) bool {
	for word := range strings.FieldsSeq(a.slot) {
		if slices.Contains(strings.Fields(b.slot), word) {
			return false
		}
	}
	return true
}

// Answer is what a port that makes the mistakes answers to an input, the header alone; refused means that it refuses it. It is a wrong port for tests.
func (s Set) Answer(in *vectors.Input) (header Header, refused bool) {
	a := s.recipe().answer(newQuestion(in))
	return Header{a.header, a.token}, a.refused
}

// recipe returns the signing with the mistakes.
func (s Set) recipe() *recipe {
	r := canonical()
	for _, m := range s {
		m.change(r)
	}
	return r
}

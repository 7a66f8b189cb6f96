// Package mistake is the catalogue of known mistakes in the signing and sending of requests.
//
// A [Mistake] is a named, documented deviation of one or more [Steps] of the signing or of the
// sending, with the fix. Mistakes of different steps combine to a [Set], which signs and sends as a
// port with all of them would. The catalogue serves three times: as proof that no known mistake
// passes the vectors, for the diagnosis of answers (package diagnose), and as wrong ports for
// tests.
//
// A new mistake is one entry in the table of its family: credentials, email, lists, pairs, text,
// escaping, layout, encoding, token, sending.
package mistake

import (
	"cmp"
	"slices"
	"strings"
	"sync"
)

// Mistake is one known deviation of the signing, or of the request that is sent. Its JSON form is
// that of results.
type Mistake struct {
	ID     string            `json:"id"`               // a slug; never renamed, never reused
	Rule   string            `json:"rule"`             // the rule of docs/SIGNATURE.md that it breaks
	What   string            `json:"what"`             // what goes wrong, in one sentence
	Fix    string            `json:"fix"`              // what to do, in one sentence
	Idioms map[string]string `json:"idioms,omitempty"` // how the fix is written, by language

	// VariantOf is the id of a plainer mistake, from which this one differs in rare inputs only.
	// Where both are possible, the plainer one is named first.
	VariantOf string `json:"variant_of,omitempty"`

	// Several says that the mistake amounts to several others, made at once. Where these explain as
	// much, they are named.
	Several bool `json:"-"`

	idiomsOf string // the rule whose idioms show the fix, if not Rule

	steps   Steps // only what the mistake changes is set
	changes []int // the fields of steps that are set
	parts   changes
}

// Catalogue returns all mistakes. The caller must not change them.
func Catalogue() []*Mistake { return catalogue() }

var catalogue = sync.OnceValue(func() (all []*Mistake) {
	for _, family := range families() {
		for i := range family {
			family[i].prepare()
			all = append(all, &family[i])
		}
	}
	return all
})

// prepare works out what follows from the rule and the steps.
func (m *Mistake) prepare() {
	m.Idioms = idioms[cmp.Or(m.idiomsOf, m.Rule)]
	m.changes = m.steps.changed()
	m.parts.note(m)
}

func families() [][]Mistake {
	return [][]Mistake{
		credentialMistakes(),
		rubyJSONMistakes(),
		emailMistakes(),
		listMistakes(),
		pairMistakes(),
		textMistakes(),
		cutMistakes(),
		refusalMistakes(),
		escapingMistakes(),
		layoutMistakes(),
		encodingMistakes(),
		tokenMistakes(),
		sendingMistakes(),
	}
}

// Find returns the mistake with an id, or nil.
func Find(id string) *Mistake {
	for _, m := range Catalogue() {
		if m.ID == id {
			return m
		}
	}
	return nil
}

// Sends reports whether the mistake changes the request that is sent, and nothing that is signed.
func (m *Mistake) Sends() bool {
	return !slices.ContainsFunc(m.changes, func(i int) bool {
		return !strings.HasPrefix(fieldName(i), "Send")
	})
}

// Changes reports whether the mistake changes one of some steps, given by their names in [Steps].
func (m *Mistake) Changes(steps ...string) bool {
	return slices.ContainsFunc(m.changes, func(i int) bool {
		return slices.Contains(steps, fieldName(i))
	})
}

// Excludes reports whether a port cannot make both mistakes: they change the same step.
func (m *Mistake) Excludes(other *Mistake) bool {
	return slices.ContainsFunc(m.changes, func(i int) bool {
		return slices.Contains(other.changes, i)
	})
}

// Stages returns the first and the last step that the mistake changes, as numbers that grow from
// step 1 to the sending.
func (m *Mistake) Stages() (first, last int) {
	return m.changes[0], m.changes[len(m.changes)-1]
}

// Set is some mistakes made at once, none of which excludes another.
type Set []*Mistake

// Steps returns the signing and sending with the mistakes. The empty set is the reference.
func (s Set) Steps() *Steps {
	steps := reference()
	for _, m := range s {
		steps.overlay(&m.steps, m.changes)
		steps.changes.add(m.parts)
	}
	return steps
}

func (c *changes) add(o changes) {
	c.credentials = c.credentials || o.credentials
	c.message = c.message || o.message
	c.token = c.token || o.token
	c.encoding = c.encoding || o.encoding
}

// ChangesEncoding reports whether the message is encoded in another way than the reference's.
func (s *Steps) ChangesEncoding() bool { return s.changes.encoding }

// note sets the parts that a mistake changes.
func (c *changes) note(m *Mistake) {
	files := m.changedStep("Generation", "ChangeEmail")
	token := m.Changes("KeyBytes", "Encode", "ChangeBytes", "MAC", "EncodeToken", "ChangeToken")
	other := m.changedStep("StripToken", "ChangeMessage")
	*c = changes{
		credentials: files, message: files || other, token: token, encoding: m.Changes("Encode"),
	}
}

// ChangesToken reports whether the mistake can change the header of a message that is known.
func (m *Mistake) ChangesToken() bool {
	return m.parts.credentials || m.parts.token || m.Changes("HeaderName")
}

// ChangesSent reports whether the mistake can change the request that is sent.
func (m *Mistake) ChangesSent() bool {
	return m.Sends() || m.parts.credentials || m.changedStep("StripToken", "AddEmail") ||
		m.Changes("EmailPlace")
}

// ChangesFiles reports whether the mistake changes how key files and dashboard configs are read.
func (m *Mistake) ChangesFiles() bool {
	return m.parts.credentials || m.changedStep("StripToken", "KeepToken")
}

// changedStep reports whether the mistake changes a step from one to another, in their order.
func (m *Mistake) changedStep(first, last string) bool {
	return slices.ContainsFunc(m.changes, func(i int) bool {
		return i >= fieldIndex(first) && i <= fieldIndex(last)
	})
}

// IDs returns the ids, in the order of the set.
func (s Set) IDs() []string {
	ids := make([]string, len(s))
	for i, m := range s {
		ids[i] = m.ID
	}
	return ids
}

// String joins the ids.
func (s Set) String() string { return strings.Join(s.IDs(), " + ") }

// Sort puts the set into the order of the catalogue.
func (s Set) Sort() {
	all := Catalogue()
	slices.SortFunc(s, func(a, b *Mistake) int {
		return slices.Index(all, a) - slices.Index(all, b)
	})
}

// Unlisted returns a mistake that is not in the catalogue, for tests of the diagnosis.
func Unlisted(id string, steps Steps) *Mistake {
	m := &Mistake{ID: id, steps: steps}
	m.prepare()
	return m
}

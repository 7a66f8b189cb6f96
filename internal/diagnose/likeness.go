package diagnose

import (
	"strings"
	"unicode"

	"sigkit/vectors"
)

// likeness is the way in which an answer fails: which part of it, whether the port refuses and what
// it says then, and whether it should.
type likeness struct {
	kind         kind
	refused, due bool
	says         string
}

// likeness says in which way an answer fails, on this side. It does not if the found mistakes
// explain it.
func (s *side) likeness(o Observation) (l likeness, fails bool) {
	signed, sent := factsOf([]Observation{o})
	facts := signed
	if s.name == SideSent {
		facts = sent
	}
	found, right := s.steps(s.top.set), s.steps(bitset{})
	for _, f := range facts {
		if f.kind.form() || f.reproduced(f.outcome(right)) || f.reproduced(f.outcome(found)) {
			continue
		}
		l := likeness{kind: f.kind, due: o.Vector.Expect.Error != ""}
		if o.Answer.Error != nil {
			l.refused, l.says = true, reason(*o.Answer.Error, o.Vector)
		}
		return l, true
	}
	return likeness{}, false
}

// reason returns the words of an error, without those that come from the question. A port that
// refuses for two reasons mostly says so in two texts.
func reason(text string, v *vectors.Vector) string {
	const shortest, most = 3, 8
	given := string(v.Input.AppendJSON(nil))
	var words []string
	for word := range strings.FieldsFuncSeq(text, func(r rune) bool { return !unicode.IsLetter(r) }) {
		if len(word) >= shortest && len(words) < most && !strings.Contains(given, word) {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}

// possible reports whether an answer to a vector can fail in this way.
func (l likeness) possible(v *vectors.Vector) bool { return l.due == (v.Expect.Error != "") }

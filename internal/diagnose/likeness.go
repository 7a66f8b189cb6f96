package diagnose

import "sigkit/vectors"

// likeness is the way in which an answer fails: which part of it, whether the port refuses, and
// whether it should.
type likeness struct {
	kind         kind
	refused, due bool
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
		return likeness{f.kind, o.Answer.Error != nil, o.Vector.Expect.Error != ""}, true
	}
	return likeness{}, false
}

// possible reports whether an answer to a vector can fail in this way.
func (l likeness) possible(v *vectors.Vector) bool { return l.due == (v.Expect.Error != "") }

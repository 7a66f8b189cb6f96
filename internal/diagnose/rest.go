package diagnose

import "sigkit/internal/mistake"

// lookAtRest works out which of the observations that the search did not look at are reproduced by
// what it found.
func (r *run) lookAtRest() {
	signed, sent := factsOf(r.rest)
	for i, facts := range [][]*fact{signed, sent} {
		s := r.sides[i]
		s.rest, s.restHolds = nil, nil
		for _, f := range facts {
			if !f.kind.form() {
				s.rest = append(s.rest, f)
			}
		}
		s.restHolds = s.holdRest(s.top.set)
		right := mistake.Set{}.Steps()
		parallelChunks(len(s.rest), func(at int) {
			f := s.rest[at]
			f.right = f.reproduced(f.outcome(right))
		})
	}
}

// holdRest reports which of the other facts a set reproduces.
func (s *side) holdRest(set bitset) []bool {
	steps := s.steps(set)
	holds := make([]bool, len(s.rest))
	parallelChunks(len(s.rest), func(at int) {
		holds[at] = s.rest[at].reproduced(s.rest[at].outcome(steps))
	})
	return holds
}

// restExplained returns the ids of the other failures in which a mistake takes part.
func (s *side) restExplained(i int) (ids []string) {
	if len(s.rest) == 0 {
		return nil
	}
	without := s.top.set
	without.remove(i)
	rest := s.holdRest(without)
	seen := map[string]bool{}
	for at, f := range s.rest {
		if s.restHolds[at] && !rest[at] && f.Failed && !seen[f.Vector.ID] {
			seen[f.Vector.ID] = true
			ids = append(ids, f.Vector.ID)
		}
	}
	return ids
}

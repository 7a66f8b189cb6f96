package diagnose

import (
	"cmp"
	"slices"
)

// Bounds of the trials of pairs and triples on one fact.
const (
	seedFacts  = 4       // wrong facts that are looked at
	maxPairs   = 40_000  // pairs tried on one fact
	maxTriples = 150_000 // triples tried on one fact

	maxHarmless = 40 // mistakes of which triples are tried where most is right
)

// seeds returns sets from which to climb on when no single step helps: the set of st with a pair or
// a triple of mistakes that together reproduce a wrong fact. It looks at the wrong facts that the
// fewest mistakes affect, since these leave the fewest ways to be wrong.
func (s *search) seeds(st *state) (seeds []*state) {
	var wrong []*fact
	for i, f := range s.facts {
		if !st.holds[i] && !f.refused && f.Answer.Error == nil && !f.kind.form() {
			wrong = append(wrong, f)
		}
	}
	slices.SortStableFunc(wrong, func(a, b *fact) int {
		return cmp.Or(a.affected.size()-b.affected.size(), a.size-b.size)
	})
	rightMostly := s.rightMostly(st)
	few := seedFacts
	if rightMostly {
		few *= 2
	}
	wrong = wrong[:min(few, len(wrong))]
	for _, size := range []int{2, 3} {
		for i, f := range wrong {
			if size == 3 && i > 0 && !rightMostly {
				break // triples take long
			}
			var candidates []int
			if size == 3 && rightMostly {
				candidates = s.harmless(st, f)
			} else {
				candidates = s.distinct(st.set, f)
			}
			for _, set := range s.combinations(st.set, f, candidates, size) {
				seeds = append(seeds, s.state(set))
			}
			if len(seeds) > 0 || s.bound.over() {
				break
			}
		}
		if len(seeds) > 0 {
			break
		}
	}
	slices.SortStableFunc(seeds, func(a, b *state) int {
		return cmp.Or(b.score-a.score, s.cost(a.set)-s.cost(b.set))
	})
	return seeds[:min(beamWidth, len(seeds))]
}

// harmless returns the mistakes that may change a fact, and that can be added without losing more
// facts than are wrong. Where most is right, what is left has a cause of its own, which changes
// these facts and few others. Some mistakes show on a fact only together with others.
func (s *search) harmless(st *state, fact *fact) (kept []int) {
	wrong := len(s.facts) - st.score
	candidates := fact.affected.members()
	usable := s.usable()
	for _, i := range usable.members() {
		if !fact.affected.has(i) && fact.question.Special(s.mistakes[i]) {
			candidates = append(candidates, i)
		}
	}
	for _, i := range candidates {
		if st.set.has(i) || len(kept) == maxHarmless || s.bound.over() {
			continue
		}
		removed := st.set.and(&s.excludes[i])
		set := st.set.without(&removed)
		set = set.with(i)
		lost := 0
		for at, f := range s.facts {
			if st.holds[at] && !s.reproduces(set, f) {
				if lost++; lost > wrong {
					break
				}
			}
		}
		if lost <= wrong {
			kept = append(kept, i)
		}
	}
	return kept
}

// rightMostly reports whether a set reproduces one fact in five or more.
func (s *search) rightMostly(st *state) bool {
	held, count := 0, 0
	for i, f := range s.facts {
		if !f.kind.form() && !f.refused {
			count++
			if st.holds[i] {
				held++
			}
		}
	}
	return 5*held > count
}

// combinations returns the sets that are base with some mistakes more, in the place of those that
// they exclude, and that reproduce a fact.
func (s *search) combinations(
	base bitset, f *fact, candidates []int, size int,
) (found []bitset) {
	limit := maxPairs
	if size == 3 {
		limit = maxTriples
	}
	var grow func(from, left int, set bitset, excluded bitset)
	grow = func(from, left int, set, excluded bitset) {
		if left == 0 {
			if limit--; s.reproducesAnew(set, f) {
				found = append(found, set)
			}
			return
		}
		for at := from; at < len(candidates) && limit > 0 && !s.bound.over(); at++ {
			i := candidates[at]
			if excluded.has(i) {
				continue
			}
			removed := base.and(&s.excludes[i])
			next := set.without(&removed)
			grow(at+1, left-1, next.with(i), excluded.or(&s.excludes[i]))
		}
	}
	grow(0, size, base, bitset{})
	return found
}

// distinct returns the mistakes that affect a fact, one of each group that makes the same of it.
func (s *search) distinct(base bitset, f *fact) (places []int) {
	seen := map[outcome]bool{}
	for _, i := range f.affected.members() {
		if base.has(i) || s.bound.over() {
			continue
		}
		s.bound.spend(f)
		removed := base.and(&s.excludes[i])
		set := base.without(&removed)
		o := f.outcome(s.set(set.with(i)).Steps())
		if !seen[o] && !o.refused {
			seen[o] = true
			places = append(places, i)
		}
	}
	return places
}

// reproducesAnew is reproduces without a memory, for sets that are tried once.
func (s *search) reproducesAnew(set bitset, f *fact) bool {
	s.bound.spend(f)
	return f.reproduced(f.outcome(s.set(s.relevant(set, f)).Steps()))
}

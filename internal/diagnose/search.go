package diagnose

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// search looks for the set of mistakes that reproduces most facts.
//
// It climbs: from the empty set it adds or removes one mistake at a time and keeps the
// best few sets (the beam) of each round, scored by the number of facts that they reproduce. A
// wrong answer that becomes right counts as much as a right answer that becomes wrong, so a single
// odd answer neither stops the search nor leads it astray. Where no single step helps, a mistake of
// the set may stand where another belongs: it tries each other one in its place (see exchanges).
// Where that does not help either, because two mistakes change every answer, it looks at the wrong
// facts that the fewest mistakes affect, tries pairs and triples of mistakes on them, and climbs on
// from those that reproduce them (see seeds).
//
// For example: a port writes booleans in lower case, leaves lists unsorted and ends the message
// with a newline. No single mistake reproduces any answer. The heartbeat has no data, so the
// newline alone explains it; from there on each of the other two explains more.
type search struct {
	*relations
	bound  *bound
	banned bitset // mistakes that are not tried
	facts  []*fact
}

// beamWidth is how many sets of a round are kept, and how many seeds are tried.
const beamWidth = 3

// maxKnown is how many sets a fact remembers, so that a long search does not take much memory.
const maxKnown = 1000

// state is a set of mistakes with the facts that it reproduces.
type state struct {
	set   bitset
	holds []bool // by fact
	score int    // number of facts that hold
}

// add adds facts, after trying every single mistake on those that are wrong. When the bound is
// reached before, it adds those that have been tried.
func (s *search) add(facts []*fact) (all bool) {
	tried := make([]bool, len(facts))
	parallel(len(facts), func(i int) { tried[i] = s.try(facts[i]) })
	all = true
	for i, f := range facts {
		if all = all && tried[i]; tried[i] {
			s.facts = append(s.facts, f)
		}
	}
	return all
}

// usable returns the mistakes that are known to affect any fact.
func (s *search) usable() (usable bitset) {
	for _, f := range s.facts {
		usable = usable.or(&f.affected)
	}
	return usable
}

// relevant returns the members of a set on which the outcome of a fact depends: those that affect
// it alone, and those that change a later step than one of these. If the input has a file, all that
// are about files count: some show only together. For an input that must be refused all count,
// since once a mistake lets it pass, every step does. The token of a returned message depends on
// all if the message is encoded in another way: the text may be made of the encoded bytes.
func (s *search) relevant(set bitset, f *fact) bitset {
	if f.kind.sent() && set.meets(&s.coupling) || f.kind == token && set.meets(&s.encoding) {
		return set
	}
	affecting := s.affecting(set, f)
	if f.question.HasFile() {
		together := set.and(&f.ofFile)
		affecting = affecting.or(&together)
	}
	if affecting.empty() || affecting == set {
		return affecting
	}
	if f.refused || f.kind.sent() {
		return set
	}
	first := s.first[affecting.members()[0]]
	for _, i := range affecting.members() {
		first = min(first, s.first[i])
	}
	late := set.and(s.laterThan(first))
	return affecting.or(&late)
}

// reproduces reports whether a set reproduces a fact. It is not safe for concurrent use on one
// fact.
func (s *search) reproduces(set bitset, f *fact) bool {
	relevant := s.relevant(set, f)
	if relevant.empty() {
		return f.right
	}
	holds, known := f.known[relevant]
	if !known {
		if s.bound.over() {
			return false
		}
		s.bound.spend(f)
		holds = f.reproduced(f.outcome(s.relations.set(relevant).Steps()))
		if len(f.known) == maxKnown {
			clear(f.known)
		}
		f.known[relevant] = holds
	}
	return holds
}

// state evaluates a set on all facts.
func (s *search) state(set bitset) *state {
	st := &state{set: set, holds: make([]bool, len(s.facts))}
	parallelChunks(len(s.facts), func(i int) { st.holds[i] = s.reproduces(set, s.facts[i]) })
	for _, holds := range st.holds {
		if holds {
			st.score++
		}
	}
	return st
}

// scores reports whether a set reproduces that many facts or more.
func (s *search) scores(set bitset, score int) bool {
	allowed := int32(len(s.facts) - score)
	var missed atomic.Int32
	parallelChunks(len(s.facts), func(i int) {
		if missed.Load() <= allowed && !s.reproduces(set, s.facts[i]) {
			missed.Add(1)
		}
	})
	return missed.Load() <= allowed
}

// best climbs from a state. Where that ends with wrong facts left, it climbs on from exchanges and
// then from seeds, as long as one of them helps.
func (s *search) best(from *state) *state {
	top := s.climb(from)
	for !s.bound.over() && top.score < len(s.facts) {
		improved := s.highest(top, s.exchanges(top))
		if improved == top {
			improved = s.highest(top, s.seeds(top))
		}
		if improved == top {
			break
		}
		top = improved
	}
	return s.pruned(s.apart(top))
}

// apart tries to do without the mistakes that amount to several others.
func (s *search) apart(top *state) *state {
	several := top.set.and(&s.several)
	for _, i := range several.members() {
		s.banned = single(i)
		set := top.set
		set.remove(i)
		if reached := s.climb(s.state(set)); s.better(reached, top) && !s.bound.over() {
			top = reached
		}
	}
	s.banned = bitset{}
	return top
}

// highest returns the best set to which one can climb from some others, or top if it is as good.
func (s *search) highest(top *state, from []*state) *state {
	for _, st := range from {
		if s.bound.over() {
			break
		}
		if reached := s.climb(st); s.better(reached, top) {
			top = reached
		}
	}
	return top
}

// better reports whether a is better than b: it reproduces more facts, or as many with fewer
// mistakes.
func (s *search) better(a, b *state) bool {
	if a.score != b.score {
		return a.score > b.score
	}
	return s.cost(a.set) < s.cost(b.set)
}

// climb improves a set step by step until no step helps.
func (s *search) climb(from *state) *state {
	beam, top := []*state{from}, from
	seen := map[bitset]bool{from.set: true}
	for top.score < len(s.facts) {
		next := s.round(beam, seen)
		if s.bound.over() || len(next) == 0 || !s.better(next[0], top) {
			break
		}
		beam, top = next, next[0]
		s.bound.renew()
	}
	return top
}

// round returns the best new sets that are one step away from those of a beam.
func (s *search) round(beam []*state, seen map[bitset]bool) (next []*state) {
	var moves []*move
	for i, st := range beam {
		own := s.moves(st)
		moves = append(moves, own...)
		if i == 0 {
			moves = append(moves, s.together(st, own)...)
		}
	}
	slices.SortStableFunc(moves, func(a, b *move) int {
		return cmp.Or(b.score-a.score, s.cost(a.set)-s.cost(b.set))
	})
	for _, m := range moves {
		if len(next) == beamWidth || m.score == 0 {
			break
		}
		if !seen[m.set] {
			seen[m.set] = true
			next = append(next, s.state(m.set))
		}
	}
	slices.SortStableFunc(next, func(a, b *state) int {
		return cmp.Or(b.score-a.score, s.cost(a.set)-s.cost(b.set))
	})
	return next
}

// pruned removes the mistakes that no fact needs.
func (s *search) pruned(st *state) *state {
	for _, i := range st.set.members() {
		set := st.set
		set.remove(i)
		if less := s.state(set); less.score >= st.score && !s.bound.over() {
			st = less
		}
	}
	return st
}

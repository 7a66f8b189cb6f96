package diagnose

import (
	"cmp"
	"slices"
	"sync/atomic"
)

// move is a set that is one step away from another, with its score as far as the changed mistakes
// alone affect the facts.
type move struct {
	set     bitset
	changed bitset
	score   int
	gains   []int // places of the facts that it adds, in order, if its losses were counted
}

// moves returns the steps from a set: each mistake added, removed, or put in the place of those
// that it excludes.
func (s *search) moves(st *state) []*move {
	var moves []*move
	add := func(set, changed bitset) { moves = append(moves, &move{set: set, changed: changed}) }
	for _, i := range st.set.members() {
		set := st.set
		set.remove(i)
		add(set, single(i))
	}
	wanted := s.wanted(st)
	for _, i := range wanted.members() {
		if st.set.has(i) {
			continue
		}
		removed := st.set.and(&s.excludes[i])
		set := st.set.without(&removed)
		add(set.with(i), removed.with(i))
	}
	s.score(st, moves, len(s.facts))
	return moves
}

// together returns the best moves from a set made at once: those that gain facts which none before
// them gains. Most mistakes of a port are independent, and this saves a round for each.
func (s *search) together(st *state, moves []*move) []*move {
	gained := make([]bool, len(s.facts))
	isGained := func(at int) bool { return gained[at] }
	all := &move{set: st.set, score: st.score}
	count := 0
	for _, m := range moves {
		conflicts := s.conflicts(all.changed)
		if m.score <= st.score || m.changed.meets(&conflicts) || slices.ContainsFunc(m.gains, isGained) {
			continue
		}
		for _, at := range m.gains {
			gained[at] = true
		}
		added := m.changed.without(&st.set)
		removed := m.changed.and(&st.set)
		all.set = all.set.without(&removed)
		all.set = all.set.or(&added)
		all.changed = all.changed.or(&m.changed)
		all.score += m.score - st.score
		count++
	}
	if count < 2 {
		return nil
	}
	return []*move{all}
}

// exchanges returns the sets that have another mistake in the place of one, the best first, if they
// are better than the set. Climbing does not find them: with either mistake removed, or with both,
// fewer facts are reproduced. What is wrong may be so because of the one that is removed, so all
// that it excludes are tried in its place.
func (s *search) exchanges(st *state) (better []*state) {
	var moves []*move
	wanted, usable := s.wanted(st), s.usable()
	usable = usable.without(&s.banned)
	for _, out := range st.set.members() {
		rest := st.set
		rest.remove(out)
		rivals := usable.and(&s.excludes[out])
		rivals = rivals.or(&wanted)
		rivals = rivals.without(&st.set)
		for _, in := range rivals.members() {
			removed := rest.and(&s.excludes[in])
			set := rest.without(&removed)
			removed = removed.with(out)
			moves = append(moves, &move{set: set.with(in), changed: removed.with(in)})
		}
	}
	s.score(st, moves, maxExchanged)
	slices.SortStableFunc(moves, func(a, b *move) int { return b.score - a.score })
	for _, m := range moves[:min(beamWidth, len(moves))] {
		if m.score > st.score {
			better = append(better, s.state(m.set))
		}
	}
	return better
}

// wanted returns the mistakes that affect a fact which the set does not reproduce.
func (s *search) wanted(st *state) (wanted bitset) {
	parallelChunks(len(s.facts), func(at int) {
		if !st.holds[at] {
			s.tryAll(s.facts[at])
		}
	})
	for i, f := range s.facts {
		switch {
		case st.holds[i]:
		case f.refused && !s.refuses(st.set, f): // the input passes, so every mistake counts
			usable := s.usable()
			return usable.without(&s.banned)
		default:
			wanted = wanted.or(&f.affected)
		}
	}
	return wanted.without(&s.banned)
}

const (
	maxLosses    = 40 // moves of a round that are looked at in full
	maxExchanged = 24 // wrong facts on which exchanges are tried
)

// score works out the scores of moves from a set: first what they gain, on some of the facts that
// the set does not reproduce; then, for those that gain most, what they lose. The others keep a
// score of 0.
func (s *search) score(st *state, moves []*move, mostFacts int) {
	var wrong, held []int
	for at, holds := range st.holds {
		if holds {
			held = append(held, at)
		} else if len(wrong) < mostFacts {
			wrong = append(wrong, at)
		}
	}
	for i, gains := range s.changes(st, moves, wrong, false) {
		moves[i].score, moves[i].gains = len(gains), gains
	}
	slices.SortStableFunc(moves, func(a, b *move) int {
		return cmp.Or(b.score-a.score, s.cost(a.set)-s.cost(b.set))
	})
	top := 0
	for top < min(maxLosses, len(moves)) && moves[top].score > 0 {
		top++
	}
	for i, lost := range s.changes(st, moves[:top], held, true) {
		if m := moves[i]; len(lost) <= m.tolerable() {
			m.score += st.score - len(lost)
		} else {
			m.score = 0
		}
	}
	for _, m := range moves[top:] {
		m.score = 0
	}
}

// tolerable is how many facts a move may lose to be looked at further.
func (m *move) tolerable() int { return 2*len(m.gains) + 8 }

// changes returns, for each move, the places of the facts that change, in order, of some that the
// set reproduces (held), or of some that it does not.
func (s *search) changes(st *state, moves []*move, facts []int, held bool) [][]int {
	changed := make([][]int, len(facts))
	lost := make([]atomic.Int32, len(moves))
	parallelChunks(len(facts), func(at int) {
		f := s.facts[facts[at]]
		accepted := f.refused && !s.refuses(st.set, f)
		for i, m := range moves {
			if held && int(lost[i].Load()) > m.tolerable() {
				continue // the move is dropped, whatever else it loses
			}
			if (accepted || s.mayChange(m, f)) && s.reproduces(m.set, f) != held {
				changed[at] = append(changed[at], i)
				lost[i].Add(1)
			}
		}
	})
	places := make([][]int, len(moves))
	for at, some := range changed {
		for _, i := range some {
			places[i] = append(places[i], facts[at])
		}
	}
	return places
}

// refuses reports whether a port with the mistakes of a set refuses the input of a fact.
func (s *search) refuses(set bitset, f *fact) bool {
	s.bound.spend(f)
	return f.outcome(s.set(s.relevant(set, f)).Steps()).refused
}

// mayChange reports whether a move may change the outcome of a fact: what it changes does so when
// made alone, or may show only together with others. It saves signing.
func (s *search) mayChange(m *move, f *fact) bool {
	if m.changed.meets(&f.ofFile) {
		return true
	}
	if f.kind.sent() && (m.set.meets(&s.coupling) || m.changed.meets(&s.coupling)) {
		return true
	}
	affecting := s.affecting(m.changed, f)
	return !affecting.empty()
}

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

// state is a set of mistakes with the facts that it reproduces.
type state struct {
	set   bitset
	holds []bool // by fact
	score int    // number of facts that hold
}

// add adds facts, after trying every single mistake on those that are wrong. When the bound is reached before, it
// adds those that have been tried.
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
// since once a mistake lets it pass, every step does.
func (s *search) relevant(set bitset, f *fact) bitset {
	if f.kind.sent() && set.meets(&s.coupling) {
		return set
	}
	affecting := s.affecting(set, f)
	if f.question.HasFile() {
		together := set.and(&s.ofFiles)
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
		case f.refused: // once the input passes, every mistake counts
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
	if f.question.HasFile() && m.changed.meets(&s.ofFiles) {
		return true
	}
	if f.kind.sent() && (m.set.meets(&s.coupling) || m.changed.meets(&s.coupling)) {
		return true
	}
	affecting := s.affecting(m.changed, f)
	return !affecting.empty()
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

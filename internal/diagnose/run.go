package diagnose

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"sync/atomic"
	"time"

	"sigkit/internal/mistake"
	"sigkit/vectors"
)

// run is one diagnosis in progress.
type run struct {
	Config
	ctx          context.Context
	asking       context.Context // ends when the port was asked long enough
	observations []Observation
	unstable     map[string]*Unstable
	askedAgain   int      // failures that were answered a second time
	sides        [2]*side // signed, sent
	shrunk       map[*vectors.Vector]*shrinking
	bounded      string
	rest         []Observation // those that the search does not look at
	signedSums   map[*vectors.Vector]summary
	sentSums     map[*vectors.Vector]summary
	plain        vectors.Input   // what vectors that are made have besides what is asked
	made         int             // vectors that were made to be asked
	alike        map[rivals]bool // pairs of sets that answer all known requests alike
	left         time.Duration   // for which the port may still be asked
	rate         float64         // questions that the port has answered in a second, at best

	searched          atomic.Bool // the first search has ended
	patience          int         // questions to refuse that a port which crashes is asked at once
	refusals, crashes int         // questions to refuse that were asked, and those that ended the port
}

// side is the search in what is signed, or in what is sent.
type side struct {
	name Side
	search
	top *state

	rest      []*fact // of observations that the search did not look at
	restHolds []bool  // whether the set of top reproduces them
}

func (c Config) newRun(ctx context.Context, observations []Observation) *run {
	return &run{
		Config:       c,
		ctx:          ctx,
		observations: observations,
		unstable:     cloned(c.Unstable),
		shrunk:       map[*vectors.Vector]*shrinking{},
		alike:        map[rivals]bool{},
		sides:        newSides(),
	}
}

func newSides() [2]*side {
	return [2]*side{
		{name: SideSigned, search: search{relations: related()}},
		{name: SideSent, search: search{relations: related()}},
	}
}

func cloned(unstable map[string]*Unstable) map[string]*Unstable {
	if unstable == nil {
		return map[string]*Unstable{}
	}
	return maps.Clone(unstable)
}

// progress says what is done now.
func (r *run) progress(text string) {
	if r.Progress != nil {
		r.Progress(text)
	}
}

// search finds the best set of mistakes of each side.
func (r *run) search() {
	signed, sent := factsOf(r.sample())
	r.searchSide(r.sides[0], signed)
	r.searchSide(r.sides[1], sent)
	r.couple()
}

// couple tries whether the port sends the pairs that it signs, with all that is wrong with them.
func (r *run) couple() {
	signed, sent := r.sides[0], r.sides[1]
	if sent.top.score == len(sent.facts) || signed.top.set.empty() {
		return
	}
	found := sent.top
	from := signed.top.set.or(&sent.coupling)
	conflicts := sent.conflicts(from)
	rest := found.set.without(&conflicts)
	if sent.state(from.or(&rest)).score < found.score {
		return // most of what is sent would be worse
	}
	sent.searchOn(r.ctx, r.searchLimit()/2, nil, from.or(&rest), sent.best)
	if !sent.better(sent.top, found) {
		sent.top = found
	}
}

// shareSigned explains what is sent by the mistakes in what is signed, as far as these bear on it,
// if that takes fewer others and explains as much.
func (r *run) shareSigned() {
	signed, sent := r.sides[0].top.set, r.sides[1]
	set := sent.top.set
	for _, i := range signed.members() {
		if sent.mistakes[i].ChangesSent() {
			set = set.without(&sent.excludes[i])
			set = set.with(i)
		}
	}
	if !sent.scores(set, sent.top.score) {
		return
	}
	ofSigned := set.and(&signed)
	own := set.without(&signed)
	for _, i := range slices.Concat(own.members(), ofSigned.members()) {
		less := set
		if less.remove(i); sent.scores(less, sent.top.score) {
			set = less
		}
	}
	now, before := set.without(&signed), sent.top.set.without(&signed)
	if now.size() < before.size() {
		sent.top = sent.state(set)
	}
}

func (r *run) searchSide(s *side, facts []*fact) {
	slices.SortStableFunc(facts, func(a, b *fact) int { return cmp.Compare(a.size, b.size) })
	all, over := s.searchOn(r.ctx, r.searchLimit(), facts, bitset{}, s.best)
	switch {
	case !all:
		r.bounded = "the time for the search: long vectors were left out"
	case over && r.bounded == "":
		r.bounded = "the time for the search: more mistakes may be found by running again"
	}
}

// searchOn adds facts and searches on from a set: by climb, or by best, which takes longer. It
// reports whether it added all of them, and whether it reached its bound.
func (s *side) searchOn(
	ctx context.Context, d time.Duration, facts []*fact, from bitset, climb func(*state) *state,
) (all, over bool) {
	bound, cancel := newBound(ctx, d)
	defer cancel()
	s.bound = bound
	all = s.add(facts)
	s.bound = nil // the state to start from must be right, whatever is left
	start := s.state(from)
	s.bound = bound
	s.top = climb(start)
	s.bound = nil
	return all, bound.over()
}

// sample returns the observations that the search looks at.
func (r *run) sample() []Observation {
	var sample []Observation
	for _, o := range r.observations {
		if r.unstable[o.Vector.ID] == nil {
			sample = append(sample, o)
		}
	}
	if len(sample) > maxObservations {
		slices.SortStableFunc(sample, func(a, b Observation) int {
			return cmp.Or(failedFirst(a)-failedFirst(b), len(a.Vector.Input.Data)-len(b.Vector.Input.Data))
		})
		half := maxObservations / 2
		failed := slices.IndexFunc(sample, func(o Observation) bool { return !o.Failed })
		if failed > half {
			r.rest = slices.Clone(sample[half:failed])
			sample = slices.Concat(sample[:half], sample[failed:])
		}
		r.rest = slices.Concat(r.rest, sample[min(maxObservations, len(sample)):])
		sample = sample[:min(maxObservations, len(sample))]
	}
	return sample
}

func failedFirst(o Observation) int {
	if o.Failed {
		return 0
	}
	return 1
}

// again searches on from the sets that were found, with more facts: those that a function accepts,
// which may change them. Deep says that more than single steps are tried.
func (r *run) again(observations []Observation, deep bool, accept func(*side, *fact) bool) {
	signed, sent := factsOf(observations)
	for i, facts := range [][]*fact{signed, sent} {
		s := r.sides[i]
		var accepted []*fact
		for _, f := range facts {
			if f.extra = true; accept(s, f) {
				accepted = append(accepted, f)
			}
		}
		if len(accepted) > 0 {
			climb, limit := s.best, r.searchLimit()/2
			if !deep {
				old := len(s.facts)
				climb = func(from *state) *state {
					if !slices.Contains(from.holds[old:], false) {
						return from // nothing new
					}
					return s.pruned(s.climb(from))
				}
				limit /= 2
			}
			s.searchOn(r.ctx, limit, accepted, s.top.set, climb)
		}
	}
}

// steps returns the signing and sending with the mistakes of a set.
func (s *side) steps(set bitset) *mistake.Steps { return s.set(set).Steps() }

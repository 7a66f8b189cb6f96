package diagnose

import (
	"cmp"
	"context"
	"slices"

	"sigkit/internal/mistake"
	"sigkit/internal/port"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// Sighting is a token or a message that was seen in the wild, for a known input.
type Sighting struct {
	Input   *vectors.Input
	Token   *string // the value of X-Auth-Signature; nil if it was not seen
	Message *string // hmac_msg; nil if it was not seen
}

// Identify returns the smallest sets of mistakes, up to two at once, that make what was seen, the
// plainest first; right says that it is what the reference makes. It ends early when ctx ends.
func (s Sighting) Identify(ctx context.Context) (sets []mistake.Set, right bool) {
	facts := s.facts()
	search := &search{relations: related(), bound: byContext(ctx)}
	if !search.add(facts) {
		return nil, false
	}
	if search.state(bitset{}).score == len(facts) {
		return nil, true
	}
	var found []bitset
	usable := search.usable()
	for _, i := range usable.members() {
		if search.state(single(i)).score == len(facts) {
			found = append(found, single(i))
		}
	}
	if len(found) == 0 {
		found = search.pairs()
	}
	search.rank(found)
	for _, set := range found {
		sets = append(sets, search.set(set))
	}
	return sets, false
}

// facts returns the facts of what was seen.
func (s Sighting) facts() (facts []*fact) {
	expect := s.Input.Expected()
	o := &Observation{
		Vector: &vectors.Vector{Input: *s.Input, Expect: &expect},
		Answer: &port.Answer{HMACMsg: s.Message},
	}
	if s.Token != nil {
		o.Answer.Headers = []wire.Header{{Name: signer.Header, Value: *s.Token}}
	}
	q := mistake.NewQuestion(s.Input)
	add := func(k kind) {
		facts = append(facts, &fact{
			kind:        k,
			Observation: o,
			question:    q,
			size:        workOf(s.Input),
			known:       map[bitset]bool{},
		})
	}
	switch {
	case s.Message == nil:
		add(whole)
	case s.Token == nil:
		add(message)
	default:
		add(message)
		add(token)
	}
	return facts
}

// pairs returns the sets of two mistakes that reproduce all facts.
func (s *search) pairs() (found []bitset) {
	seen := map[bitset]bool{}
	for _, f := range s.facts {
		for _, set := range s.combinations(bitset{}, f, s.distinct(bitset{}, f), 2) {
			if !seen[set] && s.state(set).score == len(s.facts) {
				found = append(found, set)
			}
			seen[set] = true
		}
	}
	return found
}

// rank sorts sets, those of plain mistakes first.
func (s *search) rank(sets []bitset) {
	rare := func(set bitset) (score int) {
		for _, i := range set.members() {
			if s.plainer[i] >= 0 {
				score += 1000
			}
			score -= coreEffect(i)
		}
		return score
	}
	slices.SortStableFunc(sets, func(a, b bitset) int { return cmp.Compare(rare(a), rare(b)) })
}

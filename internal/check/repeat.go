package check

import (
	"context"
	"fmt"
	"math/rand/v2"

	"sigkit/internal/diagnose"
	"sigkit/internal/port"
	"sigkit/vectors"
)

// maxRepeated is how many vectors are asked again by --repeat.
const maxRepeated = 20_000

// repeat asks the vectors again, in another order each time, and looks for answers that change. A
// vector that fails once fails, and is listed as unstable.
func (j *job) repeat(ctx context.Context) {
	if j.Repeat < 2 || j.Again == nil || ctx.Err() != nil {
		return
	}
	first := map[string]*Result{}
	for i := range j.results {
		first[j.results[i].ID] = &j.results[i]
	}
	session := port.NewSession(ctx, j.Again)
	defer session.Close()
	for round := 2; round <= j.Repeat && ctx.Err() == nil; round++ {
		if j.Doing != nil {
			j.Doing(fmt.Sprintf("asking the vectors again, round %d of %d", round, j.Repeat))
		}
		shuffled := append([]*vectors.Vector{}, j.kept...)
		random := rand.New(rand.NewPCG(uint64(round), 1))
		random.Shuffle(len(shuffled), func(a, b int) {
			shuffled[a], shuffled[b] = shuffled[b], shuffled[a]
		})
		ask(ctx, session, shuffled, func(v *vectors.Vector, r port.Reply) {
			if before := first[v.ID]; before != nil {
				j.compareRounds(v, before, r)
			}
		})
	}
}

// compareRounds compares an answer with that of the first round.
func (j *job) compareRounds(v *vectors.Vector, before *Result, r port.Reply) {
	again := Judge(v, r)
	again.Digest = before.Digest
	j.Gate.apply(&again)
	if again.Outcome == before.Outcome && again.Fault == before.Fault {
		return
	}
	if j.unstable == nil {
		j.unstable = map[string]*diagnose.Unstable{}
	}
	if j.unstable[v.ID] == nil {
		j.unstable[v.ID] = &diagnose.Unstable{Vector: v.ID, Seen: []string{seen(before)}}
	}
	j.unstable[v.ID].Seen = append(j.unstable[v.ID].Seen, seen(&again))
	if before.Outcome == Pass {
		again.Detail += "; another time it passed: the answer depends on what else is asked"
		*before = again
	}
}

// seen says what a result is, in words.
func seen(r *Result) string {
	switch {
	case r.Outcome == Pass:
		return "the right answer"
	case r.Got.Token != nil:
		return diagnose.TokenSeen(*r.Got.Token)
	}
	return string(r.Outcome) + " " + string(r.Fault)
}

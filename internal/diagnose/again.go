package diagnose

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"time"

	"sigkit/internal/port"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// maxAskedAgain is how many failures are asked again to see whether the answers stay the same.
const maxAskedAgain = 40

// askAgain asks some failures again, in another order, to find out whether the answers change.
func (r *run) askAgain() []Observation {
	var failed []*vectors.Vector
	for _, o := range r.observations {
		if o.Failed {
			failed = append(failed, o.Vector)
		}
	}
	random := rand.New(rand.NewPCG(1, uint64(len(failed))))
	random.Shuffle(len(failed), func(i, j int) { failed[i], failed[j] = failed[j], failed[i] })
	failed = failed[:min(maxAskedAgain, len(failed))]
	r.allow(r.askLimit() / settleShare)
	return r.ask(r.asking, failed)
}

// compare notes which answers differ from those before.
func (r *run) compare(again []Observation) {
	before := map[string]*port.Answer{}
	for _, o := range r.observations {
		before[o.Vector.ID] = o.Answer
	}
	for _, o := range again {
		r.compareTwo(o, before[o.Vector.ID])
	}
	r.askedAgain = len(again)
}

// unsteady reports whether so many answers change that nothing else can be said of the port.
func (r *run) unsteady() bool {
	return len(r.unstable) > 0 && 4*len(r.unstable) >= max(1, r.askedAgain)
}

// listUnstable lists the vectors whose answers change.
func (r *run) listUnstable(d *Diagnosis) {
	for _, o := range r.observations {
		if u := r.unstable[o.Vector.ID]; u != nil {
			d.Unstable = append(d.Unstable, *u)
		}
	}
}

const (
	refusalsAtOnce   = 4 // questions that must be refused are asked at once
	decidingRefusals = 8 // such questions that are asked to decide, even if the port crashes
)

// ask asks the port: what it must sign at once, then what it must refuse, little by little. Many
// first attempts end there instead, and start slowly. Such a port is asked these only while the
// search has to be waited for, and a few to decide between mistakes.
func (r *run) ask(ctx context.Context, asked []*vectors.Vector) []Observation {
	var signable, refusable []*vectors.Vector
	for _, v := range asked {
		if v.Expect.Error == "" {
			signable = append(signable, v)
		} else {
			refusable = append(refusable, v)
		}
	}
	observed := r.askAll(ctx, signable)
	patience := r.patience
	for batch := range slices.Chunk(refusable, refusalsAtOnce) {
		hurry := r.searched.Load() && r.endsAtRefusals() && patience <= 0
		if ctx.Err() != nil || r.left <= 0 || hurry {
			break
		}
		patience -= len(batch)
		answers := r.askAll(ctx, batch)
		r.refusals += len(batch)
		for _, o := range answers {
			if o.Crashed {
				r.crashes++
			}
		}
		observed = append(observed, answers...)
	}
	return observed
}

// endsAtRefusals reports whether the port has crashed on one in ten of the questions that it must
// refuse, or on more.
func (r *run) endsAtRefusals() bool { return 10*r.crashes > r.refusals }

// allow sets for how long the port may be asked from now on. What is worked out in between does not
// count: a busy machine asks as much as an idle one.
func (r *run) allow(d time.Duration) { r.left = d }

// askAll asks the port, and measures how fast it answers.
func (r *run) askAll(ctx context.Context, asked []*vectors.Vector) []Observation {
	if len(asked) == 0 || r.left <= 0 {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, r.left)
	defer cancel()
	began := time.Now()
	answers := r.Ask(ctx, asked)
	took := time.Since(began)
	r.left -= took
	r.rate = max(r.rate, float64(len(asked))/max(took.Seconds(), 1e-3))
	return answers
}

// compareTwo notes a vector that got two different answers. A different answer to a stand-in server
// at another address is not one: tokens do not depend on the server.
func (r *run) compareTwo(o Observation, before *port.Answer) {
	if before == nil || sameSignature(before, o.Answer) {
		return
	}
	r.unstable[o.Vector.ID] = &Unstable{
		Vector: o.Vector.ID,
		Seen:   []string{seen(o.Vector, before), seen(o.Vector, o.Answer)},
	}
}

func sameSignature(a, b *port.Answer) bool {
	if a.Error != nil || b.Error != nil {
		return (a.Error != nil) == (b.Error != nil)
	}
	return slices.Equal(wire.Values(a.Headers, signer.Header), wire.Values(b.Headers, signer.Header))
}

// seen says what an answer is, in words.
func seen(v *vectors.Vector, a *port.Answer) string {
	given := wire.Values(a.Headers, signer.Header)
	switch {
	case a.Error != nil:
		return "a refusal"
	case len(given) != 1:
		return fmt.Sprintf("%d tokens", len(given))
	case given[0] == v.Expect.Token:
		return "the right token"
	}
	return TokenSeen(given[0])
}

// TokenSeen says what a wrong token is, in words: the signature of another built-in vector, if it
// is one.
func TokenSeen(token string) string {
	if owner := ownerOf(token); owner != "" {
		return "the signature of " + owner + " (state is shared between requests)"
	}
	return "the token " + token
}

// ownerOf returns the id of the built-in vector that a token belongs to, or "".
func ownerOf(token string) string {
	for _, v := range vectors.All() {
		if v.Expect.Error == "" && v.Expect.Token == token {
			return v.ID
		}
	}
	return ""
}

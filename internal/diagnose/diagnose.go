// Package diagnose names the mistakes that a port makes, from its answers.
//
//	observations -> facts -> search -> measure, distinguish, shrink (by asking) -> Diagnosis
//
// An [Observation] is an answer to a vector. It is taken apart into facts: refusal or token,
// message, URL, body. The search finds the set of known mistakes (package mistake) that reproduces
// most facts, for what is signed and for what is sent apart from each other. Each mistake of the
// set becomes a [Finding]: certain or likely, with the failures that it explains and the answers
// against it. Mistakes with a parameter are measured by asking the port again. Ambiguities are
// settled by asking the port again, and what is left unexplained is shrunk to the smallest request
// that still fails.
//
// The package reports no mistake that most of the answers concerned contradict. It judges nothing:
// which answers are failures is given.
package diagnose

import (
	"cmp"
	"context"
	"strings"
	"sync"
	"time"

	"sigkit/internal/port"
	"sigkit/signer"
	"sigkit/vectors"
)

// Config says how to diagnose. The zero value diagnoses from the answers alone.
type Config struct {
	// Ask asks the port some vectors again, in any order and maybe at once; nil if the port is not
	// there any more. It returns what was observed for those that were answered.
	Ask func(context.Context, []*vectors.Vector) []Observation
	// Avoid holds the ids of vectors that are not asked: the port did not answer them.
	Avoid map[string]bool
	// Unstable are vectors to which the port is known to give different answers.
	Unstable map[string]*Unstable
	// Level is the highest level that Ask is asked. Where only higher ones tell two mistakes apart,
	// these are asked, too.
	Level vectors.Level
	// Beyond are vectors above that level. They are asked, too, so that the port need not be fixed
	// once more for the next level. What they show is in [Finding.Beyond].
	Beyond []*vectors.Vector
	// Shrink says that unexplained failures are shrunk, by asking.
	Shrink bool
	// Examples says that the smallest request of each finding is looked for.
	Examples bool
	// SearchLimit bounds the search, as the time that it takes on an idle machine; 1 s if zero. A slow
	// or busy machine has more. AskLimit bounds the time of asking again; 5 s if zero.
	SearchLimit, AskLimit time.Duration
	// Progress is told what is done now, for people; may be nil.
	Progress func(string)
}

// Observation is one answer of a port to one vector.
type Observation struct {
	Vector *vectors.Vector // with the base URL under which the port was asked
	Answer *port.Answer    // what the port said or, with a stand-in server, what arrived there
	Failed bool            // whether the answer is a failure

	// Crashed says that the port crashed on an input that it must refuse. Answer is a refusal then.
	Crashed bool
}

// The default limits.
const (
	searchLimit = time.Second
	askLimit    = 5 * time.Second

	// totalAsking bounds all asking after the search, in times of the limit of asking again.
	totalAsking = 2

	// settleShare is which part of the limit each kind of asking may take, apart from shrinking.
	settleShare = 5
)

// maxObservations is how many answers the search looks at: the failures first, the short ones
// first. The others only count for what the findings explain.
const maxObservations = 1200

// Diagnose says what the port does wrong. It returns nil if nothing failed.
func (c Config) Diagnose(ctx context.Context, observations []Observation) *Diagnosis {
	failures := 0
	for _, o := range observations {
		if o.Failed {
			failures++
		}
	}
	if failures == 0 {
		return nil
	}
	d := &Diagnosis{Failures: failures, Findings: []Finding{}, Unexplained: []Unexplained{}}
	if d.Constant = constant(observations); d.Constant != "" {
		return d
	}
	ctx, cancel := context.WithTimeout(ctx, c.limit())
	defer cancel()
	r := c.newRun(ctx, observations)
	r.asking = ctx
	beyond := r.searchAndAsk()
	if r.unsteady() {
		r.listUnstable(d)
		return d
	}
	r.readServer()
	asking, stop := context.WithTimeout(ctx, totalAsking*c.askLimit())
	defer stop()
	r.asking = asking
	r.measure()
	r.lookBeyond(beyond)
	r.distinguish()
	r.dropContradicted()
	r.shrinkOften()
	r.conclude(d)
	r.examples(d)
	return d
}

// searchAndAsk searches, and meanwhile asks the port what is asked in any case. It returns the
// answers to vectors above the level of the run.
func (r *run) searchAndAsk() (beyond []Observation) {
	if r.Ask == nil {
		r.search()
		return nil
	}
	var again []Observation
	var asking sync.WaitGroup
	asking.Go(func() {
		again = r.askAgain()
		beyond = r.askBeyond()
	})
	r.progress("looking for mistakes, asking the failures again")
	r.search()
	r.searched.Store(true)
	asking.Wait()
	steady := len(r.unstable)
	if r.compare(again); len(r.unstable) > steady && !r.unsteady() {
		r.sides = newSides()
		r.search() // without the answers that change
	}
	return beyond
}

// shrinkOften shrinks what is unexplained. Where a small request shows a mistake, there may be
// another one beside it in the failures that were shrunk to it: these are shrunk once more.
func (r *run) shrinkOften() {
	ctx, cancel := context.WithTimeout(r.asking, r.askLimit())
	defer cancel()
	r.allow(r.askLimit())
	for range shrinkRounds {
		before := r.found()
		r.shrink(ctx)
		r.dropContradicted()
		if r.found() == before || r.Ask == nil || ctx.Err() != nil {
			return
		}
		r.measure()
	}
}

// found returns the sets of mistakes of both sides.
func (r *run) found() [2]bitset { return [2]bitset{r.sides[0].top.set, r.sides[1].top.set} }

// limit is a bound on the whole diagnosis. Its parts have bounds of their own.
func (c Config) limit() time.Duration { return 2 * (slowest*c.searchLimit() + c.askLimit()) }

func (c Config) searchLimit() time.Duration { return cmp.Or(c.SearchLimit, searchLimit) }

func (c Config) askLimit() time.Duration { return cmp.Or(c.AskLimit, askLimit) }

// constant reports whether a port refuses everything, or has one token for everything.
func constant(observations []Observation) Constant {
	refuses, tokens, signable := true, map[string]bool{}, 0
	for _, o := range observations {
		if o.Vector.Expect.Error == "" {
			signable++
			refuses = refuses && o.Answer.Error != nil
		}
		for _, h := range o.Answer.Headers {
			if strings.EqualFold(h.Name, signer.Header) {
				tokens[h.Value] = true
			}
		}
	}
	switch {
	case signable > 0 && refuses:
		return Refuses
	case signable > 2 && len(tokens) == 1:
		return OneToken
	}
	return ""
}

package diagnose

import (
	"cmp"
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"unicode"

	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// Bounds of shrinking.
const (
	shrinkRounds = 2   // times that what is unexplained is shrunk
	maxSplit     = 400 // requests of one parameter that are asked
	maxShrunk    = 16  // failures that are shrunk at the same time
	maxQuestions = 500 // questions for one failure
	batchSize    = 80  // candidates for one failure that are asked at once
)

// shrink finds, for unexplained failures, the smallest requests that still fail in the same way, by
// asking the port. Then the search looks at these again: a small request leaves few ways to be
// wrong.
//
// First each parameter of each failure is asked alone: most failures need only one of theirs, and
// many failures share it. What fails is then shrunk step by step, all at the same time.
func (r *run) shrink(ctx context.Context) {
	if r.Ask == nil || !r.Shrink {
		return
	}
	for _, s := range r.sides {
		failures := s.failures(r.observations)
		if len(failures) == 0 || ctx.Err() != nil {
			continue
		}
		r.progress(fmt.Sprintf("shrinking %s", plural(len(failures), "failure")))
		r.shrinkGroups(ctx, s, r.split(ctx, s, failures))
	}
	if ctx.Err() != nil {
		r.bounded = "the time for shrinking: some failures are not shrunk"
	}
	var small []Observation
	seen := map[*vectors.Vector]bool{}
	for _, o := range r.observations {
		if t := r.shrunk[o.Vector]; t != nil && !seen[t.best.Vector] {
			seen[t.best.Vector] = true
			small = append(small, t.best)
		}
	}
	r.again(small, true, func(_ *side, f *fact) bool {
		f.shrunk = true
		return true
	})
}

// shrinkGroups shrinks some requests at a time. A request that contains one that has been shrunk
// joins its group: it would end there, too.
func (r *run) shrinkGroups(ctx context.Context, s *side, starts []*shrinking) {
	var smallest []*shrinking
	for len(starts) > 0 && ctx.Err() == nil {
		wave := starts[:min(maxShrunk, len(starts))]
		starts = starts[len(wave):]
		r.shrinkAll(ctx, s, wave)
		smallest = append(smallest, wave...)
		starts = slices.DeleteFunc(starts, func(t *shrinking) bool {
			for _, group := range smallest {
				if group.likeness == t.likeness && contains(t.best.Vector, group.best.Vector) {
					group.failures = append(group.failures, t.failures...)
					return true
				}
			}
			return false
		})
	}
	for _, t := range slices.Concat(fold(smallest), starts) {
		for _, o := range t.failures {
			r.shrunk[o.Vector] = t
		}
	}
}

// fold joins each group to a lighter one that its smallest request contains.
func fold(all []*shrinking) (kept []*shrinking) {
	slices.SortStableFunc(all, func(a, b *shrinking) int {
		return weight(&a.best.Vector.Input) - weight(&b.best.Vector.Input)
	})
	for _, t := range all {
		at := slices.IndexFunc(kept, func(k *shrinking) bool {
			return k.likeness == t.likeness && contains(t.best.Vector, k.best.Vector)
		})
		if at < 0 {
			kept = append(kept, t)
		} else {
			kept[at].failures = append(kept[at].failures, t.failures...)
		}
	}
	return kept
}

func plural(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// failures returns the failing observations that the side does not explain, the short ones first.
func (s *side) failures(all []Observation) (failures []Observation) {
	missed := map[*vectors.Vector]bool{}
	for at, f := range s.facts {
		if !f.extra && !f.kind.form() && !s.top.holds[at] && !f.right {
			missed[f.Vector] = true
		}
	}
	for _, o := range all {
		if o.Failed && missed[o.Vector] {
			failures = append(failures, o)
		}
	}
	slices.SortStableFunc(failures, func(a, b Observation) int {
		return len(a.Vector.Input.Data) - len(b.Vector.Input.Data)
	})
	return failures
}

// shrinking is a request that fails, on its way to the smallest, and the failures that contain it.
type shrinking struct {
	side     *side
	failures []Observation
	best     Observation
	likeness likeness
	asked    int
	done     bool

	// explained are candidates of the last round that the found mistakes, or the reference, explain.
	explained []Observation
}

// split asks the parameters of the failures alone, and returns the requests to shrink: one for all
// failures that share the parameter which fails.
func (r *run) split(ctx context.Context, s *side, failures []Observation) (starts []*shrinking) {
	parts := map[string]*vectors.Vector{}
	var asked []*vectors.Vector
	partsOf := make([][]*vectors.Vector, len(failures))
	for i, o := range failures {
		for _, in := range parametersOf(o.Vector.Input) {
			key := string(in.AppendJSON(nil))
			if parts[key] == nil {
				if len(asked) == r.affordable(maxSplit) {
					break
				}
				parts[key] = r.vector(in, o.Vector.Level)
				asked = append(asked, parts[key])
			}
			partsOf[i] = append(partsOf[i], parts[key])
		}
	}
	failed := map[*vectors.Vector]Observation{}
	for _, o := range r.ask(ctx, asked) {
		if _, fails := s.likeness(o); fails {
			failed[o.Vector] = o
		}
	}
	byVector := map[*vectors.Vector]*shrinking{}
	for i, o := range failures {
		start := o
		for _, part := range partsOf[i] {
			if found, ok := findVector(failed, part.ID); ok {
				start = found
				break
			}
		}
		t := byVector[start.Vector]
		if t == nil {
			t = &shrinking{side: s, best: start}
			t.likeness, _ = s.likeness(start)
			byVector[start.Vector] = t
			starts = append(starts, t)
		}
		t.failures = append(t.failures, o)
	}
	return starts
}

// findVector returns the observation of the vector with an id. With a stand-in server the vector
// that was observed is a copy of the one that was asked.
func findVector(all map[*vectors.Vector]Observation, id string) (Observation, bool) {
	for v, o := range all {
		if v.ID == id {
			return o, true
		}
	}
	return Observation{}, false
}

// affordable bounds a number of questions by what the port answers in a second.
func (r *run) affordable(most int) int {
	if r.rate > 0 {
		most = min(most, max(24, int(r.rate)))
	}
	return most
}

// vector returns an input as a vector with an id of its own.
func (r *run) vector(in vectors.Input, level vectors.Level) *vectors.Vector {
	r.made++
	v := &vectors.Vector{ID: fmt.Sprintf("shrunk-%d", r.made), Level: level, Input: in}
	v.Expect = new(in.Expected())
	return v
}

// shrinkAll shrinks requests step by step, with a batch of candidates for each of them in every
// round.
func (r *run) shrinkAll(ctx context.Context, s *side, all []*shrinking) {
	for active := len(all); active > 0 && ctx.Err() == nil; {
		size := max(8, min(batchSize, r.affordable(batchSize*active)/active))
		owner := map[string]*shrinking{}
		var batch []*vectors.Vector
		for _, t := range all {
			for _, v := range r.simplerThan(s, t, size) {
				owner[v.ID] = t
				batch = append(batch, v)
			}
		}
		if len(batch) == 0 {
			return
		}
		improved := map[*shrinking]bool{}
		for _, o := range r.ask(ctx, batch) {
			t := owner[o.Vector.ID]
			if t == nil {
				continue
			}
			likeness, fails := s.likeness(o)
			lighter := weight(&o.Vector.Input) < weight(&t.best.Vector.Input)
			switch {
			case !fails:
				t.explained = append(t.explained, o)
			case likeness == t.likeness && lighter:
				t.best, improved[t] = o, true
			}
		}
		active = 0
		for _, t := range all {
			if t.done = t.done || !improved[t] || t.asked >= maxQuestions; !t.done {
				active++
			}
		}
	}
}

// simplerThan returns the candidates of a round for one request.
func (r *run) simplerThan(s *side, t *shrinking, size int) (batch []*vectors.Vector) {
	if t.done {
		return nil
	}
	for _, in := range simpler(t.best.Vector.Input, size) {
		v := r.vector(in, t.best.Vector.Level)
		if t.likeness.possible(v) {
			batch = append(batch, v)
		}
	}
	t.asked += len(batch)
	t.explained = nil
	return batch
}

// unexplained groups the failures that nothing explains: by their smallest requests, else by rule.
func (r *run) unexplained() []Unexplained {
	groups := map[string]*Unexplained{}
	var order []string
	for _, o := range r.observations {
		if !o.Failed || r.unstable[o.Vector.ID] != nil || r.explained(o) {
			continue
		}
		key := "rule " + o.Vector.Rule
		shown := o
		small := r.groupOf(o)
		if small != nil {
			shown = small.best
			key = "smallest " + alike(string(question(shown.Vector)))
		}
		u := groups[key]
		if u == nil {
			want := Wanted(shown.Vector.Expect)
			u = &Unexplained{Want: &want, Got: got(shown)}
			if small != nil {
				u.Smallest = question(shown.Vector)
			}
			groups[key] = u
			order = append(order, key)
		}
		u.Vectors = append(u.Vectors, o.Vector.ID)
	}
	all := []Unexplained{}
	for _, key := range order {
		all = append(all, *groups[key])
	}
	slices.SortStableFunc(all, func(a, b Unexplained) int {
		return cmp.Or(known(b)-known(a), len(b.Vectors)-len(a.Vectors))
	})
	return all
}

// groupOf returns what a failure was shrunk to, or another one's smallest request that it contains.
func (r *run) groupOf(o Observation) *shrinking {
	if t := r.shrunk[o.Vector]; t != nil {
		return t
	}
	for _, other := range r.observations {
		if t := r.shrunk[other.Vector]; t != nil && contains(o.Vector, t.best.Vector) {
			return t
		}
	}
	return nil
}

// alike makes all letters and all digits of a question the same: requests that differ in nothing
// else are shown once.
func alike(question string) string {
	return strings.Map(func(r rune) rune {
		switch {
		case unicode.IsLetter(r):
			return 'a'
		case unicode.IsDigit(r):
			return '0'
		}
		return r
	}, question)
}

// known is 1 for a group whose smallest request is known.
func known(u Unexplained) int {
	if u.Smallest == nil {
		return 0
	}
	return 1
}

// explained reports whether the findings reproduce a failure.
func (r *run) explained(o Observation) bool {
	a, b := r.signedSums[o.Vector], r.sentSums[o.Vector]
	return a.holds() && b.holds() && (a.wrong || b.wrong)
}

// question is the question of a vector without its id.
func question(v *vectors.Vector) json.RawMessage {
	return json.RawMessage(strings.TrimSpace(string(v.Input.AppendJSON(nil))))
}

// Wanted returns what the answer to a vector must contain.
func Wanted(e *vectors.Expect) wire.Texts {
	if e.Error != "" {
		return wire.Texts{Error: &e.Error}
	}
	w := wire.Texts{HMACMsg: &e.HMACMsg, Token: &e.Token}
	if e.Request != nil {
		w.URL, w.Body = &e.Request.URL, e.Request.Body
	}
	return w
}

func got(o Observation) *wire.Texts {
	a := o.Answer
	w := &wire.Texts{HMACMsg: a.HMACMsg, URL: a.URL, Body: a.Body, Error: a.Error}
	if given := wire.Values(a.Headers, signer.Header); len(given) == 1 {
		w.Token = &given[0]
	}
	return w
}

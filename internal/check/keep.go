package check

import (
	"iter"

	"sigkit/internal/port"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// failedThere reports whether a result is to be asked again: it failed, or what it lacks may not be
// lacking. Whether a baseline allowed that does not matter.
func (r *Result) failedThere() bool {
	return r.Outcome == Fail || r.Outcome == Error || r.Outcome == Unsupported && r.Breaks
}

// FailedThere returns the ids of the vectors that are to be asked again.
func (r *Run) FailedThere() (ids []string) {
	for _, failed := range r.filter((*Result).failedThere) {
		ids = append(ids, failed.ID)
	}
	return ids
}

// OnlyFailed returns those of some vectors that failed in the run.
func (r *Run) OnlyFailed(all iter.Seq2[vectors.Vector, error]) iter.Seq2[vectors.Vector, error] {
	failed := map[string]bool{}
	for i := range r.Vectors {
		failed[r.Vectors[i].ID] = r.Vectors[i].failedThere()
	}
	return func(yield func(vectors.Vector, error) bool) {
		for v, err := range all {
			if (err != nil || failed[v.ID]) && !yield(v, err) {
				return
			}
		}
	}
}

// Settled returns the results that need not be asked again, by id, for [Config.Kept].
func (r *Run) Settled() map[string]*Result {
	settled := map[string]*Result{}
	for i := range r.Vectors {
		if v := &r.Vectors[i]; !v.failedThere() {
			settled[v.ID] = v
		}
	}
	return settled
}

// keep takes the result of a vector from an earlier run, if there is one for the same question.
func (j *job) keep(v *vectors.Vector) bool {
	r := j.Kept[v.ID]
	if r == nil || r.Digest != Digest(v) {
		return false
	}
	result := *r
	j.Gate.apply(&result)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.signable = j.signable || v.Expect.Error == ""
	j.order[v.ID] = len(j.order)
	j.before = append(j.before, result)
	if result.Outcome == Pass && len(j.beforeVectors) < maxObserved {
		j.beforeVectors = append(j.beforeVectors, v)
	}
	return true
}

// observeKept adds the right answers of the earlier run to what the diagnosis looks at, with the
// members that the port gives now.
func (j *job) observeKept() {
	var message, url, body bool
	for i := range j.observed {
		a := j.observed[i].Answer
		message, url, body = message || a.HMACMsg != nil, url || a.URL != nil, body || a.Body != nil
	}
	for _, v := range j.beforeVectors {
		answer := &port.Answer{}
		if e := v.Expect; e.Error != "" {
			answer.Error = &e.Error
		} else {
			answer.Headers = []wire.Header{{Name: signer.Header, Value: e.Token}}
			if message {
				answer.HMACMsg = &e.HMACMsg
			}
			if url && e.Request != nil {
				answer.URL = &e.Request.URL
			}
			if body && e.Request != nil {
				answer.Body = e.Request.Body
			}
		}
		j.observe(v, port.Reply{Answer: answer}, false)
	}
}

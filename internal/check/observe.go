package check

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"sigkit/internal/diagnose"
	"sigkit/internal/port"
	"sigkit/internal/wire"
	"sigkit/vectors"
)

// Bounds of what is kept of an answer for the diagnosis. No mistake makes more.
const (
	maxHeader  = 4096 // bytes of a header
	maxHeaders = 50
)

// observation returns what the diagnosis looks at, or false for a reply without an answer to judge.
// Texts that are far longer than expected are left out. A port that crashes on what it must refuse
// has not signed it: that is looked at as a refusal.
func observation(v *vectors.Vector, r port.Reply, failed bool) (diagnose.Observation, bool) {
	if r.Fault == port.Crashed && v.Expect.Error != "" {
		crash := "it crashed"
		return diagnose.Observation{
			Vector: v, Answer: &port.Answer{Error: &crash}, Crashed: true,
		}, true
	}
	if r.Answer == nil || r.Answer.Unsupported != nil {
		return diagnose.Observation{}, false
	}
	e := evidenceOf(v, r)
	if r.Base != "" {
		there := *v
		there.Input.BaseURL, there.Expect = &r.Base, e.want
		v = &there
	}
	bounded := func(got *string, want *string) *string {
		expected := 0
		if want != nil {
			expected = len(*want)
		}
		if got == nil || len(*got) > expected+clipMargin {
			return nil
		}
		return got
	}
	want := diagnose.Wanted(e.want)
	answer := &port.Answer{
		HMACMsg: bounded(e.got.HMACMsg, want.HMACMsg),
		URL:     bounded(e.got.URL, want.URL),
		Body:    bounded(e.got.Body, want.Body),
	}
	if e.got.Error != nil {
		answer.Error = new(clipped(*e.got.Error, 0))
	}
	for _, h := range e.got.Headers {
		if len(h.Name)+len(h.Value) < maxHeader && len(answer.Headers) < maxHeaders {
			// A header may be a part of a long text, all of which it would keep in memory.
			kept := wire.Header{Name: strings.Clone(h.Name), Value: strings.Clone(h.Value)}
			answer.Headers = append(answer.Headers, kept)
		}
	}
	return diagnose.Observation{Vector: v, Answer: answer, Failed: failed}, true
}

// fails reports whether an answer is wrong, for the diagnosis. One that is garbage only because it
// is not UTF-8 is judged by what can be read of it.
func fails(v *vectors.Vector, r port.Reply, judged *Result) bool {
	if r.Answer == nil || r.Answer.NotUTF8 == "" {
		return judged.Outcome == Fail
	}
	legible := *r.Answer
	legible.NotUTF8, r.Answer = "", &legible
	return Judge(v, r).Outcome == Fail
}

// maxObserved is how many answers are kept for the diagnosis.
const maxObserved = 20_000

// observe keeps an answer for the diagnosis.
func (j *job) observe(v *vectors.Vector, r port.Reply, failed bool) {
	if r.Answer == nil {
		j.unanswered = append(j.unanswered, v.ID)
	}
	o, ok := observation(v, r, failed)
	switch {
	case !ok: // no answer, or unsupported
	case len(j.observed) < maxObserved:
		j.observed = append(j.observed, o)
	default:
		j.unobserved++
	}
}

// diagnose names the mistakes, if a wrong answer keeps the port from conforming.
func (j *job) diagnose(ctx context.Context, run *Run) *diagnose.Diagnosis {
	observed := map[string]bool{}
	for _, o := range j.observed {
		observed[o.Vector.ID] = o.Failed
	}
	wrong := func(r *Result) bool {
		return (r.Outcome == Fail || observed[r.ID]) && !j.moved[r.ID]
	}
	if j.SkipDiagnosis || run.Verdict != Fails || !slices.ContainsFunc(run.Failed(), wrong) {
		return nil
	}
	c := diagnose.Config{
		Level:    j.Level,
		Beyond:   j.Beyond,
		Avoid:    map[string]bool{},
		Shrink:   j.Shrink,
		Examples: j.Examples,
		Progress: j.Doing,

		SearchLimit: j.SearchLimit,
		AskLimit:    j.AskLimit,
	}
	for _, id := range j.unanswered {
		c.Avoid[id] = true
	}
	if j.Again != nil {
		session := port.NewSession(ctx, port.Hurried(j.Again))
		defer session.Close()
		c.Ask = func(ctx context.Context, all []*vectors.Vector) []diagnose.Observation {
			return askAgain(ctx, session, all, j.Capture)
		}
	}
	c.Unstable = j.unstable
	slices.SortFunc(j.observed, func(a, b diagnose.Observation) int {
		return cmp.Compare(j.order[a.Vector.ID], j.order[b.Vector.ID])
	})
	for i := range j.observed {
		if j.unstable[j.observed[i].Vector.ID] != nil {
			j.observed[i].Failed = true
		}
	}
	d := c.Diagnose(ctx, j.observed)
	if d == nil || ctx.Err() != nil {
		return nil
	}
	d.Unanswered = len(j.unanswered)
	if j.unobserved > 0 && d.Bounded == "" {
		d.Bounded = fmt.Sprintf("the number of answers: it looked at the first %d", maxObserved)
	}
	return d
}

// askAgain asks some vectors over a session and returns what was observed.
func askAgain(
	ctx context.Context, session *port.Session, all []*vectors.Vector, capture bool,
) (observed []diagnose.Observation) {
	var sendable []*vectors.Vector
	for _, v := range all {
		if !capture || capturable(v) {
			sendable = append(sendable, v)
		}
	}
	ask(ctx, session, sendable, func(v *vectors.Vector, r port.Reply) {
		result := Judge(v, r)
		if o, ok := observation(v, r, fails(v, r, &result)); ok {
			observed = append(observed, o)
		}
	})
	return observed
}

// ask asks vectors over a session, each once.
func ask(
	ctx context.Context, session *port.Session, all []*vectors.Vector,
	reply func(*vectors.Vector, port.Reply),
) {
	byID := map[string]*vectors.Vector{}
	var questions []port.Question
	for _, v := range all {
		if byID[v.ID] == nil {
			byID[v.ID] = v
			questions = append(questions, questionOf(v))
		}
	}
	session.Ask(ctx, questions, func(q port.Question, r port.Reply) { reply(byID[q.ID], r) })
}

func questionOf(v *vectors.Vector) port.Question {
	return port.Question{
		ID:       v.ID,
		Line:     func(base string) []byte { return question(*v, base) },
		Signable: v.Expect.Error == "",
		Shorten:  func(a *port.Answer) *port.Answer { return shortened(v, a) },
	}
}

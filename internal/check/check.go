// Package check runs a port through vectors and judges its answers.
//
//	vectors --Choose--> questions --target--> replies --Judge--> results --Baseline--> Run
//
// It writes nothing; package report does.
package check

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"sync"
	"time"

	"sigkit/internal/mistake"
	"sigkit/internal/port"
	"sigkit/vectors"
)

// Asker asks a port and hands out its replies; see package port. Mode says, after that, how the port was asked and what a user may want to know about it.
type Asker interface {
	Ask(ctx context.Context, questions <-chan port.Question, reply func(port.Question, port.Reply)) error
	Mode() (name, note string)
}

// Config says what to run. Asker and Vectors are mandatory.
type Config struct {
	Asker    Asker
	Vectors  iter.Seq2[vectors.Vector, error]
	Level    vectors.Level // for reports
	Name     string        // of the port, for reports
	Command  []string
	Capture  bool // the asker has stand-ins: vectors that cannot be sent to one are left out
	Gate     Gate
	FailFast bool             // stop at the first failure
	Now      func() time.Time // time.Now if nil
	Progress func(Result)     // called for each result, one at a time; may be nil
}

var errNotCapturable = errors.New("no vector is selected: with --capture those are left out whose requests cannot be sent to a stand-in server")

var errFailFast = errors.New("stopped at the first failure, as --fail-fast asks")

// Do asks the port every vector. The run holds what was found even if err is not nil. An error is one of c.Vectors; that the port could not be tested, or that
// ctx ended, is in the run's verdict.
func (c Config) Do(ctx context.Context) (*Run, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	began := c.Now()
	asking, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	j := &job{Config: c, cancel: cancel, asked: map[string]*vectors.Vector{}, order: map[string]int{}}
	questions := make(chan port.Question)
	var sending sync.WaitGroup
	sending.Go(func() {
		defer close(questions)
		j.err = j.send(asking, questions)
	})
	cause := c.Asker.Ask(asking, questions, j.reply)
	cancel(nil)
	sending.Wait()
	run := &Run{
		Format: Format, Name: c.Name, Command: c.Command, Capture: c.Capture, Level: c.Level, Started: began, Seconds: c.Now().Sub(began).Seconds(),
		Vectors: append([]Result{}, j.results...), Notes: []string{},
	}
	var note string
	run.Mode, note = c.Asker.Mode()
	run.finish(j.order)
	run.conclude(ctx, cause)
	run.note(note)
	j.notes(run)
	run.Diagnosis = j.diagnose(ctx, run)
	return run, j.err
}

// conclude gives the verdict.
func (r *Run) conclude(ctx context.Context, cause error) {
	r.Verdict = Conforms
	if r.Broken() > 0 {
		r.Verdict = Fails
	}
	switch {
	case ctx.Err() != nil:
		r.Verdict = Cancelled
		r.note("interrupted: the vectors are those judged by then")
	case cause != nil:
		if r.Verdict == Conforms || deaf(r.Vectors) {
			r.Verdict = Untested
		}
		r.note(cause.Error())
	case r.Verdict == Fails && deaf(r.Vectors):
		r.Verdict = Untested
		r.note("the port crashed, hung or kept silent on every vector, so none could be judged")
	}
}

// deaf reports whether not one vector got an answer of any kind.
func deaf(results []Result) bool {
	for _, r := range results {
		switch r.Fault {
		case port.Crashed, port.Timeout, port.NoAnswer:
		default:
			return false
		}
	}
	return true
}

// job is a run in progress.
type job struct {
	Config
	cancel   context.CancelCauseFunc
	leftOut  int    // vectors that cannot be captured
	signable bool   // one was asked that must be signed
	control  string // id of the vector that was added because there was none

	mu      sync.Mutex
	asked   map[string]*vectors.Vector // by id
	order   map[string]int
	results []Result
	err     error // of the vectors

	seen       []mistake.Seen // for the diagnosis
	unanswered int
	unseen     int
}

// send sends the questions of all vectors. It returns an error of the vectors.
func (j *job) send(ctx context.Context, questions chan<- port.Question) error {
	ask := func(v vectors.Vector) bool {
		j.remember(v)
		q := port.Question{ID: v.ID, Line: func(base string) []byte { return question(v, base) }}
		select {
		case <-ctx.Done():
			return false
		case questions <- q:
			return true
		}
	}
	for v, err := range j.Vectors {
		switch {
		case err != nil:
			return err
		case j.Capture && !capturable(&v):
			j.leftOut++
		case !ask(v):
			return nil
		}
	}
	if control, ok := j.addControl(); ok {
		ask(control)
	}
	if len(j.order) == 0 && j.leftOut > 0 {
		return errNotCapturable
	}
	return nil
}

// addControl returns a vector that must be signed if all that were asked must be refused, so that a port that refuses everything does not pass.
func (j *job) addControl() (vectors.Vector, bool) {
	if len(j.order) == 0 || j.signable {
		return vectors.Vector{}, false
	}
	for _, v := range vectors.All() {
		if _, taken := j.order[v.ID]; !taken && v.Expect.Error == "" && v.Level == vectors.Core {
			j.control = v.ID
			return v, true
		}
	}
	return vectors.Vector{}, false
}

func (j *job) remember(v vectors.Vector) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.signable = j.signable || v.Expect.Error == ""
	j.order[v.ID] = len(j.order)
	j.asked[v.ID] = &v
}

func (j *job) reply(q port.Question, r port.Reply) {
	j.mu.Lock()
	v := j.asked[q.ID]
	delete(j.asked, q.ID)
	j.mu.Unlock()
	result := Judge(v, r)
	j.Gate.apply(&result)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.results = append(j.results, result)
	j.see(v, r)
	if j.Progress != nil {
		j.Progress(result)
	}
	if j.FailFast && result.Breaks {
		j.cancel(errFailFast)
	}
}

// notes tells what the run did beyond what was asked.
func (j *job) notes(run *Run) {
	if j.control != "" {
		run.note(fmt.Sprintf("only refusals are selected, so %s was asked too: a port that refuses everything must not pass", j.control))
	}
	if j.leftOut > 0 {
		run.note(fmt.Sprintf("%d vectors were left out, since their requests cannot be sent to a stand-in server; run them without --capture", j.leftOut))
	}
}

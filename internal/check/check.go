// Package check runs a port through vectors and judges its answers.
//
//	vectors --Choose--> questions --target--> replies --Judge--> results --> Run
//
// It writes nothing; package report does.
package check

import (
	"context"
	"iter"
	"sync"
	"time"

	"sigkit/internal/target"
	"sigkit/vectors"
)

// Asker asks a port and hands out its replies; see package target.
type Asker interface {
	Ask(ctx context.Context, pull func() (target.Question, bool), reply func(target.Question, target.Reply)) error
}

// Config says what to run. Asker and Vectors are mandatory.
type Config struct {
	Asker    Asker
	Vectors  iter.Seq2[vectors.Vector, error]
	Level    vectors.Level // for reports
	Name     string        // of the port, for reports
	Command  []string
	Mode     string
	Now      func() time.Time // time.Now if nil
	Progress func(Result)     // called for each result, one at a time; may be nil
}

// Do asks the port every vector. The run holds what was found even if err is not nil. An error is one of c.Vectors; that the port could not be tested, or that
// ctx ended, is in the run's verdict.
func (c Config) Do(ctx context.Context) (*Run, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	began := c.Now()
	j := &job{Config: c, asked: map[string]*vectors.Vector{}, order: map[string]int{}}
	run := &Run{Format: Format, Name: c.Name, Command: c.Command, Mode: c.Mode, Level: c.Level, Started: began, Rules: []RuleCounts{}, Vectors: []Result{}}
	next, stop := iter.Pull2(c.Vectors)
	defer stop()
	j.next = next
	cause := c.Asker.Ask(ctx, j.pull, j.reply)
	run.Vectors, run.Seconds = append(run.Vectors, j.results...), c.Now().Sub(began).Seconds()
	switch {
	case ctx.Err() != nil:
		run.Verdict, run.Note = Cancelled, "interrupted: the vectors below are those judged by then"
	case cause != nil:
		run.Verdict, run.Note = Untested, cause.Error()
	}
	run.finish(j.order)
	if run.Verdict == Fails && deaf(run.Vectors) {
		run.Verdict, run.Note = Untested, "the port crashed, hung or kept silent on every vector, so none could be judged"
	}
	return run, j.err
}

// deaf reports whether not one vector got an answer of any kind.
func deaf(results []Result) bool {
	for _, r := range results {
		switch target.Fault(r.Fault) {
		case target.Crashed, target.Timeout, target.NoAnswer:
		default:
			return false
		}
	}
	return true
}

// job is a run in progress.
type job struct {
	Config
	next func() (vectors.Vector, error, bool)

	mu      sync.Mutex
	asked   map[string]*vectors.Vector // by id
	order   map[string]int
	results []Result
	err     error // of the vectors
}

// pull returns the next question. It is called by one worker at a time.
func (j *job) pull() (target.Question, bool) {
	if j.err != nil {
		return target.Question{}, false
	}
	v, err, ok := j.next()
	if j.err = err; err != nil || !ok {
		return target.Question{}, false
	}
	j.remember(v)
	return target.Question{ID: v.ID, Line: v.AppendQuestion(nil)}, true
}

func (j *job) remember(v vectors.Vector) {
	j.mu.Lock()
	defer j.mu.Unlock()
	j.order[v.ID] = len(j.order)
	j.asked[v.ID] = &v
}

func (j *job) reply(q target.Question, r target.Reply) {
	j.mu.Lock()
	v := j.asked[q.ID]
	delete(j.asked, q.ID)
	j.mu.Unlock()
	result := Judge(v, r)
	j.mu.Lock()
	defer j.mu.Unlock()
	j.results = append(j.results, result)
	if j.Progress != nil {
		j.Progress(result)
	}
}

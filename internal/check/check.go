// Package check runs a port through vectors and judges its answers.
//
//	vectors --Choose--> questions --target--> replies --Judge--> results --Baseline--> Run
//
// It writes nothing; package report does.
package check

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"net/url"
	"runtime"
	"sync"
	"time"

	"sigkit/internal/diagnose"
	"sigkit/internal/port"
	"sigkit/vectors"
)

// Asker asks a port and hands out its replies; see package port.
type Asker = port.Asker

// Config says what to run. Asker and Vectors are mandatory.
type Config struct {
	Asker    Asker
	Vectors  iter.Seq2[vectors.Vector, error]
	Level    vectors.Level   // of the vectors, for reports and diagnosis; quirk if empty
	Profile  vectors.Profile // of the vectors, for reports; all if empty
	Name     string          // of the port, for reports
	Command  []string
	Attach   *url.URL // of the port, for reports
	Version  string   // of the tool, for reports
	Selected Selected // of the vectors, for reports
	// Capture says that the asker has stand-in servers. Vectors that cannot be sent to one are
	// left out.
	Capture  bool
	Gate     Gate
	FailFast bool               // stop at the first failure
	Kept     map[string]*Result // of an earlier run, by id: they are not asked again; may be nil
	Progress func(Result)       // called for each result, one at a time; may be nil
	Now      func() time.Time   // time.Now if nil

	// Beyond are vectors above Level that the diagnosis asks, too; see diagnose.Config.
	Beyond []*vectors.Vector

	SkipDiagnosis bool  // do not look for the mistakes behind the failures
	Again         Asker // asks the port for the diagnosis; nil if it is not there any more
	Repeat        int   // how often the vectors are asked, by Again from the second time on
	// Surroundings asks the port in a mode, with more environment variables, to find answers that
	// change in other surroundings; nil if that is not asked for.
	Surroundings      func(mode string, environment []string) Asker
	Settings          []Setting     // what to ask under; all of [Settings] if nil
	SurroundingsLimit time.Duration // for all of them; two minutes if zero
	Shrink            bool          // ask for the smallest request of what stays unexplained
	// SearchLimit and AskLimit bound the diagnosis, as in diagnose.Config.
	SearchLimit, AskLimit time.Duration
	Examples              bool         // look for the smallest request of each finding
	Doing                 func(string) // told what the diagnosis does, for people; may be nil
}

var errNotCapturable = errors.New(
	"no vector is selected: --capture leaves out the vectors whose requests cannot be sent to a " +
		"stand-in server; run them without --capture")

var errFailFast = errors.New("stopped at the first failure, as --fail-fast asks")

// questionsAhead is how many questions wait to be taken by the workers.
const questionsAhead = 256

// Do asks the port every vector. The run holds what was found even if err is not nil. An error is
// one of c.Vectors. If the port could not be tested, or ctx ended, the run's verdict says so.
func (c Config) Do(ctx context.Context) (*Run, error) {
	if c.Now == nil {
		c.Now = time.Now
	}
	began := c.Now()
	asking, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	j := &job{
		Config: c,
		cancel: cancel,
		asked:  map[string]*vectors.Vector{},
		order:  map[string]int{},
	}
	questions := make(chan port.Question, questionsAhead)
	var sending sync.WaitGroup
	sending.Go(func() {
		defer close(questions)
		j.err = j.send(asking, questions)
	})
	cause := c.Asker.Ask(asking, questions, j.reply)
	cancel(nil)
	sending.Wait()
	return j.run(ctx, began, cause), j.err
}

// run puts together what the port's answers came to. Cause says why the run ended early, if it did.
func (j *job) run(ctx context.Context, began time.Time, cause error) *Run {
	mode, note := j.Asker.Mode()
	run := &Run{
		Format:    Format,
		Version:   j.Version,
		Platform:  runtime.GOOS + "/" + runtime.GOARCH,
		Name:      j.Name,
		Command:   j.Command,
		Mode:      mode,
		Capture:   j.Capture,
		Level:     cmp.Or(j.Level, vectors.Quirk),
		Profile:   cmp.Or(j.Profile, vectors.AllProfiles),
		Selection: j.Selected,
		Started:   began,
		Notes:     []string{},
	}
	if j.Attach != nil {
		run.Attach = port.Redacted(j.Attach)
	}
	j.Gate.describe(run)
	if !j.answered && ctx.Err() == nil {
		j.dropRefusals()
	}
	j.repeat(ctx)
	if cause == nil {
		run.Surroundings = j.surround(ctx)
	}
	run.Vectors = append(append([]Result{}, j.before...), j.results...)
	run.finish(j.order)
	j.conclude(ctx, run, cause)
	run.note(note)
	j.notes(run)
	j.observeKept()
	run.Diagnosis = j.diagnose(ctx, run)
	run.Seconds = j.Now().Sub(began).Seconds()
	return run
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
	before  []Result // kept of an earlier run
	stopped bool     // by the first failure
	err     error    // of the vectors

	answered bool       // the port gave an answer to some question
	first    port.Reply // to any question, for the note that it answered none

	observed   []diagnose.Observation // for the diagnosis
	unobserved int                    // answers that were too many to keep
	unanswered []string               // ids of vectors without an answer
	kept       []*vectors.Vector      // to be asked again
	// beforeVectors are those of before that pass.
	beforeVectors []*vectors.Vector
	unstable      map[string]*diagnose.Unstable
	moved         map[string]bool // ids of vectors that fail only in other surroundings
}

// send sends the questions of all vectors. It returns an error of the vectors.
func (j *job) send(ctx context.Context, questions chan<- port.Question) error {
	ask := func(v vectors.Vector) bool {
		j.remember(v)
		q := questionOf(&v)
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
		case j.keep(&v):
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

// addControl returns a vector that must be signed, if all vectors that were asked must be refused:
// a port that refuses everything must not pass.
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
	if (j.Repeat > 1 || j.Surroundings != nil) && len(j.kept) < maxRepeated {
		j.kept = append(j.kept, &v)
	}
}

func (j *job) reply(q port.Question, r port.Reply) {
	j.mu.Lock()
	v := j.asked[q.ID]
	delete(j.asked, q.ID)
	j.mu.Unlock()
	result := Judge(v, r)
	result.Digest = Digest(v)
	j.Gate.apply(&result)
	j.mu.Lock()
	defer j.mu.Unlock()
	if j.stopped {
		return
	}
	if len(j.results) == 0 {
		j.first = r
	}
	j.answered = j.answered || r.Answered()
	j.results = append(j.results, result)
	j.observe(v, r, fails(v, r, &result))
	if j.Progress != nil {
		j.Progress(result)
	}
	if j.FailFast && result.Breaks {
		j.stopped = true
		j.cancel(errFailFast)
	}
}

// notes tells what the run did beyond what was asked.
func (j *job) notes(run *Run) {
	if j.control != "" {
		run.note(fmt.Sprintf("only refusals are selected, so %s was asked too: "+
			"a port that refuses everything must not pass", j.control))
	}
	if j.leftOut > 0 {
		run.note(fmt.Sprintf("%d vectors were left out, since their requests cannot be sent to a "+
			"stand-in server; run them without --capture", j.leftOut))
	}
}

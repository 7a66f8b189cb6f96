// Package target asks the port under test and returns what it answered, or what went wrong.
//
// A target is asked questions and never learns what is expected. Whatever it does, only its own question suffers: its process group is killed, what it prints is capped,
// it is started again, and the run goes on.
//
//	questions --Ask--> replies
//
//	Exec     a process per question
//	Stream   a process for many questions
//	Auto     one of the two, whichever the port is made for
//	Attach   a port that runs already and is asked over HTTP
//	Answers  answers collected elsewhere
//
// With [Config.Capture] each worker has a stand-in for the real server, and a reply holds the requests that arrived there. The package does not judge; package check does.
package port

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"iter"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"sync"
	"time"

	"sigkit/internal/stub"
)

// Question is one line for the port, and the id it must be answered under. Line returns it, newline included; a base that is not empty takes the place of its base_url.
type Question struct {
	ID   string
	Line func(base string) []byte
}

// Fault says why a question got no usable answer.
type Fault string

// The faults.
const (
	Crashed  Fault = "crashed"   // ended by a signal or with an exit code that is no refusal
	Timeout  Fault = "timeout"   // no answer in time
	Garbage  Fault = "garbage"   // an answer that cannot be read, or not the one that was due
	Flooded  Fault = "flooded"   // more output than any answer needs
	NoAnswer Fault = "no-answer" // ended properly, and said nothing
)

// Faults returns all faults.
func Faults() []Fault { return []Fault{Crashed, Timeout, Garbage, Flooded, NoAnswer} }

// Reply is what came of one question: an Answer, or a Fault with its Detail.
type Reply struct {
	Answer  *Answer
	Fault   Fault
	Detail  string // what happened, in one sentence
	Stderr  string // the last of what the process wrote there, for people
	Elapsed time.Duration

	Base        string         // the address of the stand-in, where there was one
	Arrived     []stub.Request // what it received meanwhile
	Connections int            // and on how many connections
}

// Config says how to run a port. The zero values of all but Command are useful.
type Config struct {
	Command      []string      // program and arguments, run without a shell
	Timeout      time.Duration // for one answer; 10 s if zero
	StartTimeout time.Duration // for the first answer of a process; 30 s if zero
	Jobs         int           // processes at a time; if zero, one per processor for Exec, and one for all others
	Window       int           // Stream: questions that may be ahead of their answers; 256 if zero
	Capture      bool          // have the port send its requests to a stand-in
	Log          *slog.Logger  // what the processes do, for people who look for a fault in their port; nil for nothing
	mark         string        // an environment variable that tells the processes of this run from all others
}

// MaxAnswer is the most that a port may print for one answer, in bytes.
const MaxAnswer = 16 << 20

// When a port counts as one that does not answer.
const (
	maxTimeouts = 3  // in a row, before the first answer
	maxSlow     = 10 // timeouts in all
	maxCrashes  = 10 // before the first answer
)

// The causes when a port was given up.
var (
	ErrHangs     = fmt.Errorf("%d questions in a row got no answer in time, so the rest was not asked", maxTimeouts)
	ErrSlow      = fmt.Errorf("%d questions got no answer in time, so the rest was not asked: mend these first, or raise --timeout", maxSlow)
	ErrUnflushed = errors.New("the port answers only when its standard input ends: let it flush its output after each answer, or use --mode exec")
	ErrCrashes   = fmt.Errorf("the port crashed %d times and gave no answer, so the rest was not asked", maxCrashes)
)

// withDefaults checks the command and fills in what is zero.
func (c Config) withDefaults(jobs int) (Config, error) {
	if len(c.Command) == 0 {
		return c, errors.New("no command to run: put it after --")
	}
	path, err := exec.LookPath(c.Command[0])
	if err != nil {
		return c, fmt.Errorf("starting the port: %w", err)
	}
	c.Command = append([]string{path}, c.Command[1:]...)
	c.mark = "SIGKIT_RUN=" + rand.Text()
	return c.withTimes(jobs), nil
}

func (c Config) withTimes(jobs int) Config {
	setDefault(&c.Timeout, 10*time.Second)
	setDefault(&c.StartTimeout, max(30*time.Second, c.Timeout))
	setDefault(&c.Jobs, jobs)
	setDefault(&c.Window, 256)
	if c.Capture {
		c.Window = 1 // so that a request belongs to a question
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// processors is how many processes Exec runs at a time, if nothing else is said. More than a few of them do not get more done, but hold more memory.
func processors() int { return min(runtime.GOMAXPROCS(0), 8) }

func setDefault[T int | time.Duration](v *T, def T) {
	if *v == 0 {
		*v = def
	}
}

// environment is that of the port: ours, the mark, and where there is a stand-in, that it is not to be reached through a proxy.
func (c Config) environment() []string {
	env := append(os.Environ(), c.mark)
	if c.Capture {
		env = append(env, "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	}
	return env
}

// sweep ends what the processes of this run have left behind outside of their process groups.
func (c Config) sweep() { killMarked(c.mark) }

// source hands out questions to several workers, and stops when the run is over.
type source struct {
	questions <-chan Question

	mu       sync.Mutex
	timeouts int // in all
	crashes  int // while answered is false
	answered bool
	cancel   context.CancelCauseFunc
	heavy    chan struct{} // holds a token for every large answer that is in memory
}

// next returns the next question; false if there is none or ctx has ended.
func (s *source) next(ctx context.Context) (q Question, ok bool) {
	for q := range receive(ctx, s.questions) {
		return q, true
	}
	return q, false
}

// receive yields questions until they are used up or ctx ends.
func receive(ctx context.Context, questions <-chan Question) iter.Seq[Question] {
	return func(yield func(Question) bool) {
		for {
			select {
			case <-ctx.Done():
				return
			case q, ok := <-questions:
				if !ok || !yield(q) {
					return
				}
			}
		}
	}
}

// seen ends the run of a port that does not answer.
func (s *source) seen(r Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answered = s.answered || r.Answer != nil
	switch r.Fault {
	case Timeout:
		s.timeouts++
	case Crashed:
		s.crashes++
	}
	switch {
	case s.timeouts >= maxTimeouts && !s.answered:
		s.giveUp(ErrHangs)
	case s.timeouts >= maxSlow:
		s.giveUp(ErrSlow)
	case s.crashes >= maxCrashes && !s.answered:
		s.giveUp(ErrCrashes)
	}
}

func (s *source) giveUp(cause error) { s.cancel(cause) }

// work runs workers until the questions are used up or the context ends, and returns the cause of that end.
func work(ctx context.Context, jobs int, questions <-chan Question, worker func(context.Context, *source) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := &source{questions: questions, cancel: cancel, heavy: make(chan struct{}, maxHeavy)}
	var wg sync.WaitGroup
	for range jobs {
		wg.Go(func() {
			if err := worker(ctx, s); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

// Package target runs the port under test and returns what it answered, or what went wrong.
//
// A target is asked questions and never learns what is expected. Whatever it does, only its own question suffers: its process group is killed, what it prints is capped,
// it is started again, and the run goes on.
//
//	questions --Asker--> replies      an Asker is [Exec] (a process per question) or [Stream] (a process for many)
//
// It does not judge answers; package check does.
package target

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"sync"
	"time"
)

// Question is one line for the port, and the id it must be answered under.
type Question struct {
	ID   string
	Line []byte // ends with a newline
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

// Reply is what came of one question: an Answer, or a Fault with its Detail.
type Reply struct {
	Answer  *Answer
	Fault   Fault
	Detail  string // what happened, in one sentence
	Stderr  string // the last of what the process wrote there, for people
	Elapsed time.Duration
}

// Config says how to run a port. The zero values of all but Command are useful.
type Config struct {
	Command      []string      // program and arguments, run without a shell
	Timeout      time.Duration // for one answer; 10 s if zero
	StartTimeout time.Duration // for the first answer of a process; 30 s if zero
	Jobs         int           // processes at a time; 1 if zero
	Window       int           // Stream: questions that may be ahead of their answers; 256 if zero
	Log          *slog.Logger  // what the processes do, for people who look for a fault in their port; nil for nothing
}

// MaxAnswer is the most that a port may print for one answer, in bytes.
const MaxAnswer = 16 << 20

// When a port counts as one that does not answer at all.
const (
	maxTimeouts = 3  // in a row
	maxCrashes  = 10 // before the first answer of any process
)

// The causes when a port was given up.
var (
	ErrHangs     = fmt.Errorf("%d questions in a row got no answer in time, so the rest was not asked", maxTimeouts)
	ErrUnflushed = errors.New("the port answers only when its standard input ends: let it flush its output after each answer, or use --mode exec")
	ErrCrashes   = fmt.Errorf("the port crashed %d times and gave no answer, so the rest was not asked", maxCrashes)
)

// withDefaults checks the command and fills in what is zero.
func (c Config) withDefaults() (Config, error) {
	if len(c.Command) == 0 {
		return c, errors.New("no command to run: put it after --")
	}
	path, err := exec.LookPath(c.Command[0])
	if err != nil {
		return c, fmt.Errorf("starting the port: %w", err)
	}
	c.Command = append([]string{path}, c.Command[1:]...)
	setDefault(&c.Timeout, 10*time.Second)
	setDefault(&c.StartTimeout, max(30*time.Second, c.Timeout))
	setDefault(&c.Jobs, 1)
	setDefault(&c.Window, 256)
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c, nil
}

func setDefault[T int | time.Duration](v *T, def T) {
	if *v == 0 {
		*v = def
	}
}

// source hands out questions to several workers, and stops when the run is over.
type source struct {
	mu       sync.Mutex
	pull     func() (Question, bool)
	timeouts int // in a row
	crashes  int // while answered is false
	answered bool
	cancel   context.CancelCauseFunc
}

func (s *source) next() (Question, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pull()
}

// seen ends the run of a port that does not answer at all.
func (s *source) seen(r Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.answered = s.answered || r.Answer != nil
	if s.timeouts++; r.Fault != Timeout {
		s.timeouts = 0
	}
	if r.Fault == Crashed {
		s.crashes++
	}
	switch {
	case s.timeouts >= maxTimeouts:
		s.giveUp(ErrHangs)
	case s.crashes >= maxCrashes && !s.answered:
		s.giveUp(ErrCrashes)
	}
}

func (s *source) giveUp(cause error) { s.cancel(cause) }

// work runs c.Jobs workers until the questions are used up or the context ends, and returns the cause of that end.
func work(ctx context.Context, jobs int, pull func() (Question, bool), worker func(context.Context, *source) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := &source{pull: pull, cancel: cancel}
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

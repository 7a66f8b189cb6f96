package port

import (
	"bufio"
	"context"
	"errors"
	"time"
)

// Auto asks the first question to find out what the port is made for: one that answers, stays and
// answers again is streamed to, any other gets a process for each question. Then it asks all
// questions that way, the first one too, so that replies are those of that mode. What was found out
// is remembered for the next Ask.
type Auto struct {
	Config
	mode, note string
	known      bool // the mode was found out
}

// Mode is the name of the mode that was chosen, and what a user may want to know about it.
func (a *Auto) Mode() (name, note string) { return a.mode, a.note }

// headStart is how long a port is waited for before a second process is asked, which gets its end
// of file at once. If that one answers first, the port waits for end of file: it had less time.
const headStart = time.Second

const (
	noteLoop = "the port answers one question and ends, so every vector got a process of its own; " +
		"a loop over the lines of its input would make the run faster"
	noteFlush = "the port answers only when its input ends, " +
		"so every vector got a process of its own; a loop that ends each answer with a line feed " +
		"and flushes its output would make the run faster"
)

// Ask asks all questions and hands each reply to reply, which must be safe for concurrent use. The
// sender of the questions closes them, and stops when ctx ends or Ask has returned. Ask returns why
// it ended early.
func (a *Auto) Ask(
	ctx context.Context, questions <-chan Question, reply func(Question, Reply),
) error {
	if a.known {
		return a.chosen().Ask(ctx, questions, reply)
	}
	a.mode = "exec"
	var first Question
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case q, ok := <-questions:
		if !ok {
			return nil
		}
		first = q
	}
	c, err := a.withDefaults(1)
	if err != nil {
		return err
	}
	found, err := c.probe(ctx, first)
	if err != nil || ctx.Err() != nil {
		return errors.Join(err, context.Cause(ctx))
	}
	a.mode, a.note, a.known = found.mode, found.note, true
	c.Log.Debug("auto", "mode", a.mode, "note", a.note)
	if found.late != nil {
		reply(first, *found.late) // asking again would take as long again
	} else {
		var end func()
		questions, end = prepend(ctx, first, questions)
		defer end()
	}
	return a.chosen().Ask(ctx, questions, reply)
}

// chosen asks in the mode that was found out.
func (a *Auto) chosen() Asker {
	if a.mode == "stream" {
		return Stream{a.Config}
	}
	return Exec{a.Config}
}

// prepend returns a channel with a first question before the others. The returned function ends the
// sending.
func prepend(ctx context.Context, first Question, rest <-chan Question) (<-chan Question, func()) {
	ctx, cancel := context.WithCancel(ctx)
	all := make(chan Question)
	send := func(q Question) bool {
		select {
		case <-ctx.Done():
			return false
		case all <- q:
			return true
		}
	}
	go func() {
		defer close(all)
		if !send(first) {
			return
		}
		for q := range receive(ctx, rest) {
			if !send(q) {
				return
			}
		}
	}()
	return all, cancel
}

// detected is what the first question has shown.
type detected struct {
	mode, note string
	late       *Reply // not nil if neither process answered in time
}

// probe finds out the mode.
func (c Config) probe(ctx context.Context, q Question) (found detected, err error) {
	defer c.sweep()
	found.mode = "exec"
	talk, end, err := c.talk(q)
	if err != nil {
		return found, err
	}
	defer func() { err = errors.Join(err, end()) }()
	select {
	case n := <-talk:
		return afterTalk(n), nil
	case <-ctx.Done():
		return found, nil
	case <-time.After(headStart):
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan Reply, 1)
	failed := make(chan error, 1)
	go c.askAlone(ctx, q, ended, failed)
	select {
	case n := <-talk:
		found = afterTalk(n)
	case r := <-ended:
		return afterEnd(r, talk), nil
	case err = <-failed:
	case <-ctx.Done():
	}
	return found, err
}

// askAlone is Exec for one question.
func (c Config) askAlone(ctx context.Context, q Question, ended chan<- Reply, failed chan<- error) {
	capture, err := c.startCapture()
	if err != nil {
		failed <- err
		return
	}
	defer capture.close()
	r, err := c.askOnce(ctx, capture, q, newLargeAnswers())
	if err != nil {
		failed <- err
		return
	}
	ended <- r
}

// afterTalk decides when the port whose input was left open has given n answers to two questions.
func afterTalk(n int) detected {
	switch n {
	case 2:
		return detected{mode: "stream"}
	case 1:
		return detected{mode: "exec", note: noteLoop}
	}
	return detected{mode: "exec"}
}

// afterEnd decides when the process with end of file was done first.
func afterEnd(r Reply, talk <-chan int) detected {
	select {
	case n := <-talk: // it was close
		return afterTalk(n)
	case <-time.After(headStart / 4):
	}
	found := detected{mode: "exec"}
	switch {
	case r.Answer != nil:
		found.note = noteFlush
	case r.Fault == Timeout:
		found.late = &r
	}
	return found
}

// talk starts a process, asks it the question, leaves its input open and, if it answers, asks
// again. It sends how many answers came, at most two, once that is known.
func (c Config) talk(q Question) (answers <-chan int, end func() error, err error) {
	capture, err := c.startCapture()
	if err != nil {
		return nil, nil, err
	}
	p, err := c.start()
	if err != nil {
		capture.close()
		return nil, nil, err
	}
	known := make(chan int, 1)
	go func() {
		lines := bufio.NewReaderSize(p.stdout, 1<<16)
		n := 0
		for n < 2 {
			_, err := p.stdin.Write(q.Line(capture.base()))
			if err != nil || !isAnswer(lines) {
				break
			}
			n++
		}
		known <- n
	}()
	return known, func() error { defer capture.close(); return p.kill() }, nil
}

// isAnswer reads a line that is not blank and reports whether it is an answer, with its line feed.
func isAnswer(lines *bufio.Reader) bool {
	for {
		line, flooded, err := readLine(lines, anySize)
		if flooded || err != nil {
			return false
		}
		if len(line) > 2 { // not blank, maybe CR LF
			_, err = ParseAnswer(line)
			return err == nil
		}
	}
}

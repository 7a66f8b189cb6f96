package port

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"
)

// Exec runs a new process for every question: the question on standard input, then end of file.
type Exec struct{ Config }

// Mode is the name of the mode.
func (Exec) Mode() (name, note string) { return "exec", "" }

// Ask asks all questions and hands each reply to reply, which must be safe for concurrent use. The
// sender of the questions closes them, and stops when ctx ends or Ask has returned. Ask returns why it
// ended early.
func (e Exec) Ask(ctx context.Context, questions <-chan Question, reply func(Question, Reply)) error {
	c, err := e.withDefaults(processors())
	if err != nil {
		return err
	}
	defer c.sweep()
	return work(ctx, c.Jobs, questions, func(ctx context.Context, s *source) error {
		stand, err := c.stand()
		if err != nil {
			return err
		}
		defer stand.close()
		for ctx.Err() == nil {
			q, ok := s.next(ctx)
			if !ok {
				return nil
			}
			r, err := c.askOnce(ctx, stand, q, s.heavy)
			if err != nil {
				return err
			}
			if ctx.Err() != nil && r.Fault != "" {
				return nil // killed by us: no verdict
			}
			reply(q, r)
			s.seen(r)
		}
		return nil
	})
}

// askOnce runs the command for one question.
func (c Config) askOnce(ctx context.Context, stand *stand, q Question, heavy chan struct{}) (Reply, error) {
	began := time.Now()
	stand.reset()
	p, err := c.start()
	if err != nil {
		return Reply{}, err
	}
	stopped := context.AfterFunc(ctx, func() { killGroup(p.cmd) })
	defer stopped()
	limit := max(c.Timeout, c.StartTimeout)
	o := output{process: p, heavy: token{pool: heavy}, limit: limit}
	timedOut := time.AfterFunc(limit, func() { killGroup(p.cmd) })
	feed(p.stdin, q.Line(stand.base()))
	o.read()
	<-p.ended
	o.late = !timedOut.Stop()
	closeAll(p.stdin, p.stdout)
	r := o.judge(q.ID)
	o.heavy.release()
	r.Stderr, r.Elapsed = p.lastWords(), time.Since(began)
	stand.collect(&r)
	if r.Fault == NoAnswer && p.cmd.ProcessState.Success() && len(r.Arrived) > 0 {
		r.Answer, r.Fault, r.Detail = &Answer{}, "", "" // the request is the answer
	}
	c.Log.Debug("exec", "id", q.ID, "ended", p.ending(), "bytes", len(o.text), "fault", r.Fault)
	return r, nil
}

// feed writes the question and closes standard input. A pipe holds 64 KiB or, on other systems, less; only more than that needs a goroutine. A port need not read
// all of it, so errors do not matter.
func feed(stdin *os.File, line []byte) {
	write := func() {
		_, _ = stdin.Write(line)
		stdin.Close()
	}
	if len(line) <= 4096 {
		write()
		return
	}
	go write()
}

// output is what a process of its own prints, and how it goes.
type output struct {
	*process
	text    []byte
	heavy   token
	limit   time.Duration
	late    bool // it was ended because the time was up
	flooded bool
	stayed  bool // it was ended although it had closed its standard output or answered
}

// read reads standard output to its end. A process that has answered, or has closed its output, gets a moment to end; then it is ended.
func (o *output) read() {
	part := make([]byte, 1<<15)
	for {
		n, err := o.stdout.Read(part)
		o.text = append(o.text, part[:n]...)
		o.heavy.acquire(len(o.text))
		switch {
		case len(o.text) > MaxAnswer:
			o.flooded = true
			killGroup(o.cmd)
			return
		case errors.Is(err, os.ErrDeadlineExceeded):
			o.linger(0)
			return
		case err != nil:
			o.linger(linger)
			return
		case o.answered() && !o.hasEnded():
			_ = o.stdout.SetReadDeadline(time.Now().Add(linger))
		}
	}
}

// answered reports whether what came so far is an answer.
func (o *output) answered() bool {
	text := bytes.TrimRight(o.text, " \t\r\n")
	if len(text) == len(o.text) || text[max(0, len(text)-1)] != '}' {
		return false // no end of line, or no object: if it is header lines, more may come
	}
	_, err := parseOutput(text)
	return err == nil
}

func (o *output) hasEnded() bool {
	select {
	case <-o.ended:
		return true
	default:
		return false
	}
}

// linger gives the process a while to end.
func (o *output) linger(d time.Duration) {
	select {
	case <-o.ended:
	case <-time.After(d):
		o.stayed = !o.hasEnded()
		killGroup(o.cmd)
	}
}

// judge turns the output and the end of a process into a reply.
func (o *output) judge(id string) Reply {
	code := o.cmd.ProcessState.ExitCode()
	blank := len(bytes.TrimSpace(o.text)) == 0
	switch {
	case o.flooded:
		return Reply{Fault: Flooded, Detail: floodDetail}
	case o.late:
		return Reply{Fault: Timeout, Detail: fmt.Sprintf("it had not ended after %v (%d bytes on standard output); raise --start-timeout if it is only slow", o.limit, len(o.text))}
	case o.stayed && blank:
		return Reply{Fault: NoAnswer, Detail: "it closed its standard output, had printed nothing, and did not end"}
	case o.stayed:
	case code == 1 && blank:
		return Reply{Answer: &Answer{Error: new(strings.TrimSuffix("exit code 1: "+o.lastWords(), ": "))}}
	case code != 0:
		return Reply{Fault: Crashed, Detail: "it ended with " + o.ending()}
	case blank:
		return Reply{Fault: NoAnswer, Detail: "it ended with exit code 0 and printed nothing"}
	}
	answer, err := parseOutput(o.text)
	if err == nil {
		err = answer.checkID(id)
	}
	if err != nil {
		return Reply{Fault: Garbage, Detail: err.Error()}
	}
	return Reply{Answer: answer}
}

var floodDetail = fmt.Sprintf("it printed more than %d MiB for one answer", MaxAnswer>>20)

package target

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// Exec runs a new process for every question: the question on standard input, then end of file.
type Exec struct{ Config }

// Ask asks all questions that pull returns and hands each reply to reply, which must be safe for concurrent use. It returns why it ended early.
func (e Exec) Ask(ctx context.Context, pull func() (Question, bool), reply func(Question, Reply)) error {
	c, err := e.withDefaults()
	if err != nil {
		return err
	}
	return work(ctx, c.Jobs, pull, func(ctx context.Context, s *source) error {
		for ctx.Err() == nil {
			q, ok := s.next()
			if !ok {
				return nil
			}
			began := time.Now()
			r, err := c.askOnce(ctx, q)
			if err != nil {
				return err
			}
			if ctx.Err() != nil && r.Fault != "" {
				return nil // killed by us: no verdict
			}
			r.Elapsed = time.Since(began)
			reply(q, r)
			s.seen(r)
		}
		return nil
	})
}

// askOnce runs the command for one question.
func (c Config) askOnce(ctx context.Context, q Question) (Reply, error) {
	p, err := start(c.Command)
	if err != nil {
		return Reply{}, err
	}
	limit := max(c.Timeout, c.StartTimeout)
	timedOut := time.AfterFunc(limit, func() { killGroup(p.cmd) })
	stopped := context.AfterFunc(ctx, func() { killGroup(p.cmd) })
	defer stopped()
	feed(p.stdin, q.Line)
	output, err := io.ReadAll(io.LimitReader(p.stdout, MaxAnswer+1))
	flooded := len(output) > MaxAnswer
	if flooded || err != nil && !errors.Is(err, os.ErrDeadlineExceeded) {
		killGroup(p.cmd)
	}
	<-p.ended
	inTime := timedOut.Stop()
	closeAll(p.stdin, p.stdout)
	r := p.judge(q.ID, output, flooded, inTime, limit)
	r.Stderr = p.stderr.String()
	c.Log.Debug("exec", "id", q.ID, "ended", p.ending(), "bytes", len(output), "fault", r.Fault)
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

// judge turns the output and the end of a process into a reply.
func (p *process) judge(id string, output []byte, flooded, inTime bool, limit time.Duration) Reply {
	code := p.cmd.ProcessState.ExitCode()
	blank := len(bytes.TrimSpace(output)) == 0
	switch {
	case flooded:
		return Reply{Fault: Flooded, Detail: fmt.Sprintf("it printed more than %d MiB for one answer", MaxAnswer>>20)}
	case !inTime:
		return Reply{Fault: Timeout, Detail: fmt.Sprintf("it had not ended after %v (%d bytes on standard output)", limit, len(output))}
	case code == 1 && blank:
		return Reply{Answer: &Answer{Error: new("exit code 1: " + p.stderr.String())}}
	case code != 0:
		return Reply{Fault: Crashed, Detail: "it ended with " + p.ending()}
	case blank:
		return Reply{Fault: NoAnswer, Detail: "it ended with exit code 0 and printed nothing"}
	}
	answer, err := parseOutput(output)
	if err == nil {
		err = answer.checkID(id)
	}
	if err != nil {
		return Reply{Fault: Garbage, Detail: err.Error()}
	}
	return Reply{Answer: answer}
}

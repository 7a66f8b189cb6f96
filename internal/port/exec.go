package port

import (
	"context"
	"os"
	"time"

	"golang.org/x/sync/semaphore"
)

// Exec runs a new process for every question: the question on standard input, then end of file.
// Jobs is one per processor if zero, but at most 8.
type Exec struct{ Config }

// VectorVariable is the environment variable that holds the id of the question in exec mode.
const VectorVariable = "SIGCHECK_VECTOR"

// Mode is the name of the mode.
func (Exec) Mode() (name, note string) { return "exec", "" }

// Ask asks all questions and hands each reply to reply, which must be safe for concurrent use. The
// sender of the questions closes them, and stops when ctx ends or Ask has returned. Ask returns why
// it ended early.
func (e Exec) Ask(
	ctx context.Context, questions <-chan Question, reply func(Question, Reply),
) error {
	c, err := e.withDefaults(processors())
	if err != nil {
		return err
	}
	defer c.sweep()
	return work(ctx, c.Jobs, questions, func(ctx context.Context, s *source) error {
		capture, err := c.startCapture()
		if err != nil {
			return err
		}
		defer capture.close()
		return s.each(ctx, func(ctx context.Context, q Question) (Reply, error) {
			return c.askOnce(ctx, capture, q, s.large)
		}, reply)
	})
}

// askOnce runs the command for one question.
func (c Config) askOnce(
	ctx context.Context, capture *capture, q Question, large *semaphore.Weighted,
) (Reply, error) {
	began := time.Now()
	capture.reset()
	p, err := c.start(VectorVariable + "=" + q.ID)
	if err != nil {
		return Reply{}, err
	}
	stopped := context.AfterFunc(ctx, p.end)
	defer stopped()
	o := output{
		process: p,
		memory:  memory{large: large},
		limit:   max(c.Timeout, c.StartTimeout),
	}
	defer o.memory.release()
	timedOut := time.AfterFunc(o.limit, p.end)
	feed(p.stdin, q.Line(capture.base()))
	o.read(ctx)
	o.late = !timedOut.Stop()
	if err := p.kill(); err != nil {
		return Reply{}, err
	}
	r := o.judge(q.ID)
	r.Stderr, r.Elapsed = p.stderrTail(), time.Since(began)
	capture.collect(&r)
	if r.Fault == NoAnswer && p.cmd.ProcessState.Success() && len(r.Arrived) > 0 {
		r.Answer, r.Fault, r.Detail = &Answer{}, "", "" // the request is the answer
	}
	c.Log.Debug("exec", "id", q.ID, "ended", p.ending(), "bytes", len(o.text), "fault", r.Fault)
	return r, nil
}

// feed writes the question and closes standard input. A pipe holds 64 KiB or, on other systems,
// less, so only a longer question needs a goroutine. A port need not read all of it, so errors do
// not matter.
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

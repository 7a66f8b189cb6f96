package port

import (
	"context"
	"sync/atomic"
	"time"
)

// Stream runs a process per worker for many questions, which are sent ahead of their answers.
// Answers come in the order of the questions. Jobs is 1 if zero, or 2 if it is hurried.
type Stream struct{ Config }

// Mode is the name of the mode.
func (Stream) Mode() (name, note string) { return "stream", "" }

// Ask asks all questions and hands each reply to reply, which must be safe for concurrent use. The
// sender of the questions closes them, and stops when ctx ends or Ask has returned. Ask returns why
// it ended early.
func (s Stream) Ask(
	ctx context.Context, questions <-chan Question, reply func(Question, Reply),
) error {
	jobs := 1
	if s.hurried {
		jobs = min(2, processors())
	}
	c, err := s.withDefaults(jobs)
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
		w := worker{
			Config:  c,
			source:  s,
			capture: capture,
			reply:   reply,
			timer:   time.NewTimer(time.Hour),
		}
		defer w.finish()
		return w.run(ctx)
	})
}

// worker keeps one process busy. What it does about faults is in faults.go.
type worker struct {
	Config
	source  *source
	capture *capture
	reply   func(Question, Reply)

	process  *process
	reader   *reader
	stopRead context.CancelFunc
	lines    chan []byte // to standard input
	answered int         // by this process
	useless  bool        // the process before this one ended without an answer
	since    time.Time   // of the last answer, or of the question if nothing was due then
	idle     bool        // nothing is due
	timer    *time.Timer
	deadline time.Time

	pending []Question   // sent, unanswered
	due     atomic.Int32 // how many those are, for the reader
	retry   []Question   // to be asked one at a time
	suspect *Reply       // the fault of the first question to retry, if that is the guilty one
	held    []asked      // replies that may still change, see faults.go
}

type asked struct {
	Question
	Reply
}

// tick is how often the worker checks that a process it waits for still reads its input.
const tick = 250 * time.Millisecond

func (w *worker) run(ctx context.Context) error {
	for {
		if err := w.fill(ctx); err != nil {
			return err
		}
		if len(w.pending) == 0 {
			if !w.await(ctx) {
				return nil
			}
			continue
		}
		select {
		case <-ctx.Done():
			return nil
		case e, ok := <-w.reader.events:
			w.handle(e, ok)
		case <-w.timer.C:
			w.waited()
		}
	}
}

// settleTime is how long an answer is held when no other question is due.
const settleTime = 5 * time.Millisecond

// await waits for the next question with none in flight, and handles what the process does
// meanwhile. False means that there are no more questions, or that ctx has ended.
func (w *worker) await(ctx context.Context) bool {
	settled := time.After(settleTime)
	for len(w.retry) == 0 {
		if w.hurried && w.process == nil && !w.useless && w.start(ctx) != nil {
			return false
		}
		var events <-chan event
		if w.process != nil {
			events = w.reader.events
		}
		select {
		case <-ctx.Done():
			return false
		case q, ok := <-w.source.questions:
			if !ok {
				return false
			}
			w.retry = append(w.retry, q)
		case e, ok := <-events:
			w.handle(e, ok)
		case <-settled:
			w.flush(0)
		}
	}
	return true
}

// fill starts the process if there is none and sends questions ahead: one to retry, or new ones up
// to the window. New ones are sent when half of the window has been answered, many at once: a port
// that is woken for each question spends more time on waking than on signing.
func (w *worker) fill(ctx context.Context) error {
	if len(w.pending) > w.Window/2 {
		return nil
	}
	var batch []byte
	for q, ok := w.take(); ok; q, ok = w.take() {
		w.pending = append(w.pending, q)
		batch = append(batch, q.Line(w.capture.base())...)
	}
	if batch == nil {
		return nil
	}
	if w.process == nil {
		if err := w.start(ctx); err != nil {
			return err
		}
	}
	if w.idle {
		w.capture.reset()
		w.wait()
	}
	w.due.Store(int32(len(w.pending)))
	w.lines <- batch // never blocks: the buffer has room for a batch per question
	return nil
}

// take returns the next question to send, if one may be sent now and is there.
func (w *worker) take() (q Question, ok bool) {
	switch {
	case len(w.pending) >= w.Window, len(w.retry) > 0 && len(w.pending) > 0 && !w.hurried:
		return q, false
	case len(w.retry) > 0:
		q, w.retry = w.retry[0], w.retry[1:]
		return q, true
	case w.suspect != nil:
		return q, false // the last one to retry is in flight
	}
	select {
	case q, ok = <-w.source.questions:
		return q, ok
	default:
		return q, false
	}
}

func (w *worker) start(ctx context.Context) (err error) {
	if w.process, err = w.Config.start(); err != nil {
		return err
	}
	// The end of the run must not look like the end of the output, so only stopRead ends the reader.
	ctx, w.stopRead = context.WithCancel(context.WithoutCancel(ctx))
	busy := func() bool { return int(w.due.Load()) > w.Window/2 }
	w.reader = newReader(w.process.stdout, w.source.large, busy)
	w.lines = make(chan []byte, w.Window)
	go w.reader.run(ctx)
	go writeLines(w.process.stdin, w.lines)
	w.answered, w.idle = 0, true
	w.Log.Debug("started", "pid", w.process.cmd.Process.Pid)
	return nil
}

// wait starts the clock for the next answer.
func (w *worker) wait() {
	w.since, w.idle = time.Now(), false
	w.deadline = w.since.Add(w.limit())
	w.timer.Reset(min(tick, w.limit()))
}

func (w *worker) limit() time.Duration {
	if w.answered == 0 {
		return w.StartTimeout
	}
	return w.Timeout
}

func (w *worker) closeInput() {
	if w.lines != nil {
		close(w.lines)
		w.lines = nil
	}
}

// finish ends the worker and hands out the replies that it holds.
func (w *worker) finish() {
	w.stop()
	w.flush(0)
}

// stop ends the process, if there is one. If nothing is due, its standard input is closed, and it
// may end by itself.
func (w *worker) stop() {
	if w.process == nil {
		return
	}
	w.closeInput()
	if len(w.pending) == 0 && !w.hurried {
		w.drain()
	}
	w.end()
}

// end kills the process and waits for its reader. A process that cannot be ended ends the run.
func (w *worker) end() {
	w.closeInput()
	if err := w.process.kill(); err != nil {
		w.source.giveUp(err)
	}
	w.useless = w.answered == 0
	w.stopRead()
	for e := range w.reader.events {
		e.memory.release()
	}
	w.process = nil
}

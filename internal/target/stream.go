package target

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"
)

// Stream runs a process per worker for many questions, which are sent ahead of their answers. Answers come in the order of the questions.
type Stream struct{ Config }

// Ask asks all questions that pull returns and hands each reply to reply, which must be safe for concurrent use. It returns why it ended early.
func (s Stream) Ask(ctx context.Context, pull func() (Question, bool), reply func(Question, Reply)) error {
	c, err := s.withDefaults()
	if err != nil {
		return err
	}
	return work(ctx, c.Jobs, pull, func(ctx context.Context, s *source) error {
		w := worker{Config: c, source: s, reply: reply, timer: time.NewTimer(time.Hour)}
		defer w.stop()
		return w.run(ctx)
	})
}

// worker keeps one process busy.
//
// Trouble is charged to the question that was in flight. With several sent ahead that one is only suspected (an answer may have been lost in the port's
// buffer), so all that are unanswered are asked again, one at a time. If none of them makes trouble then, the suspect is charged after all.
type worker struct {
	Config
	source *source
	reply  func(Question, Reply)

	process  *process
	events   chan event
	lines    chan []byte
	answered int       // by this process
	since    time.Time // of the last answer, or of the question if nothing was due then
	idle     bool      // nothing is due
	timer    *time.Timer

	pending []Question   // sent, unanswered
	due     atomic.Int32 // how many those are, for the reader
	backlog []Question   // to be asked one at a time
	suspect *Reply       // what happened to the first of the backlog while others were ahead
	held    []asked      // replies that wait for what becomes of the suspect
}

type asked struct {
	Question
	Reply
}

func (w *worker) run(ctx context.Context) error {
	for {
		if err := w.fill(); err != nil || len(w.pending) == 0 {
			return err
		}
		select {
		case <-ctx.Done():
			w.release()
			return nil
		case e, ok := <-w.events:
			w.handle(e, ok)
		case <-w.timer.C:
			w.timedOut()
		}
	}
}

// fill starts the process if there is none and sends questions ahead: one from the backlog, or new ones up to the window. New ones are sent when half of the window has been
// answered, many at once: a port that is woken for each question spends more time on waking than on signing.
func (w *worker) fill() error {
	if len(w.pending) > w.Window/2 {
		return nil
	}
	var batch []byte
	for {
		q, ok := w.take()
		if !ok {
			break
		}
		w.pending = append(w.pending, q)
		batch = append(batch, q.Line...)
	}
	if batch == nil {
		return nil
	}
	if w.process == nil {
		if err := w.start(); err != nil {
			return err
		}
	}
	if w.idle {
		w.wait()
	}
	w.due.Store(int32(len(w.pending)))
	w.lines <- batch // there are fewer batches under way than questions
	return nil
}

func (w *worker) take() (q Question, ok bool) {
	switch {
	case len(w.backlog) > 0 && len(w.pending) > 0, len(w.pending) >= w.Window:
		return q, false
	case len(w.backlog) > 0:
		q, w.backlog = w.backlog[0], w.backlog[1:]
		return q, true
	case w.suspect != nil:
		return q, false // the last of the backlog is in flight
	}
	return w.source.next()
}

func (w *worker) start() (err error) {
	if w.process, err = start(w.Command); err != nil {
		return err
	}
	w.events, w.lines = make(chan event, w.Window), make(chan []byte, w.Window)
	go readLines(w.process.stdout, w.events, func() bool { return int(w.due.Load()) > w.Window/2 })
	go writeLines(w.process.stdin, w.lines)
	w.answered, w.idle = 0, true
	w.Log.Debug("started", "pid", w.process.cmd.Process.Pid)
	return nil
}

// wait starts the clock for the next answer.
func (w *worker) wait() {
	w.since, w.idle = time.Now(), false
	w.timer.Reset(w.limit())
}

func (w *worker) limit() time.Duration {
	if w.answered == 0 {
		return w.StartTimeout
	}
	return w.Timeout
}

func (w *worker) handle(e event, ok bool) {
	process := w.process
	for _, line := range e.lines {
		if len(w.pending) == 0 || w.process != process {
			break // more than was asked for, or from a process that has made trouble
		}
		w.line(line)
	}
	switch {
	case len(w.pending) == 0 || w.process != process:
	case !ok || e.closed:
		w.closed()
	case e.flooded:
		w.trouble(Flooded, fmt.Sprintf("it printed more than %d MiB for one answer", MaxAnswer>>20))
	}
	w.due.Store(int32(len(w.pending)))
}

func (w *worker) line(line []byte) {
	due := w.pending[0]
	answer, err := ParseAnswer(line)
	if err == nil {
		err = answer.checkID(due.ID)
	}
	if err != nil {
		w.trouble(Garbage, err.Error())
		return
	}
	w.answered++
	w.settle(Reply{Answer: answer, Elapsed: time.Since(w.since)})
	if w.idle = len(w.pending) == 0; !w.idle {
		w.wait()
	}
}

// closed deals with a process that closed its standard output, mostly because it ended.
func (w *worker) closed() {
	select {
	case <-w.process.ended:
	case <-time.After(grace):
		w.trouble(Crashed, "it closed its standard output with questions unanswered")
		return
	}
	ending := w.process.ending()
	if w.process.cmd.ProcessState.Success() {
		w.trouble(NoAnswer, fmt.Sprintf("it ended with exit code 0 after %d answers, with questions unanswered", w.answered))
		return
	}
	w.trouble(Crashed, fmt.Sprintf("it ended with %s after %d answers", ending, w.answered))
}

func (w *worker) timedOut() {
	detail := fmt.Sprintf("no answer within %v", w.limit())
	if w.answered == 0 && w.unflushed() {
		detail += "; answers came only when standard input ended, so the port does not flush its output after each"
		w.source.giveUp(ErrUnflushed)
	}
	w.backlog = append(w.pending[1:], w.backlog...)
	w.pending = w.pending[:1]
	w.trouble(Timeout, detail)
}

// unflushed ends standard input and reports whether answers come then.
func (w *worker) unflushed() bool {
	w.closeInput()
	select {
	case e := <-w.events:
		return len(e.lines) > 0
	case <-time.After(time.Second):
		return false
	}
}

func (w *worker) closeInput() {
	if w.lines != nil {
		close(w.lines)
		w.lines = nil
	}
}

// trouble ends the process and charges the question in flight, or suspects it if it is not alone.
func (w *worker) trouble(fault Fault, detail string) {
	stderr := &w.process.stderr
	w.stop()
	r := Reply{Fault: fault, Detail: detail, Stderr: stderr.String(), Elapsed: time.Since(w.since)}
	w.Log.Debug("trouble", "fault", fault, "detail", detail, "pending", len(w.pending))
	if len(w.pending) == 1 {
		w.suspect = nil
		w.settle(r)
		return
	}
	w.suspect = &r
	w.backlog, w.pending = w.pending, nil
}

// settle ends the question in flight with a reply.
func (w *worker) settle(r Reply) {
	w.held = append(w.held, asked{w.pending[0], r})
	w.pending = w.pending[1:]
	if w.suspect == nil {
		w.release()
	} else if len(w.backlog) == 0 {
		w.held[0].Reply = *w.suspect
		w.release()
	}
}

// release hands out the replies that were held.
func (w *worker) release() {
	for _, a := range w.held {
		w.reply(a.Question, a.Reply)
		w.source.seen(a.Reply)
	}
	w.held, w.suspect = w.held[:0], nil
}

// stop ends the process, if there is one. It has been told that no more questions come, and has a moment to end by itself.
func (w *worker) stop() {
	if w.process == nil {
		return
	}
	w.closeInput()
	if len(w.pending) == 0 {
		select {
		case <-w.process.ended:
		case <-time.After(grace):
		}
	}
	w.process.kill()
	for range w.events { // let the reader end
	}
	w.process = nil
}

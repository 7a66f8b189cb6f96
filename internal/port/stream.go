package port

import (
	"context"
	"runtime"
	"sync/atomic"
	"time"
)

// Stream runs a process per worker for many questions, which are sent ahead of their answers. Answers come in the order of the questions.
type Stream struct{ Config }

// Mode is the name of the mode.
func (Stream) Mode() (name, note string) { return "stream", "" }

// Ask asks all questions and hands each reply to reply, which must be safe for concurrent use. The
// sender of the questions closes them, and stops when ctx ends or Ask has returned. Ask returns why it
// ended early.
func (s Stream) Ask(ctx context.Context, questions <-chan Question, reply func(Question, Reply)) error {
	c, err := s.withDefaults(1)
	if err != nil {
		return err
	}
	defer c.sweep()
	defer leaveProcessors(c.Jobs)()
	return work(ctx, c.Jobs, questions, func(ctx context.Context, s *source) error {
		stand, err := c.stand()
		if err != nil {
			return err
		}
		defer stand.close()
		w := worker{Config: c, source: s, stand: stand, reply: reply, timer: time.NewTimer(time.Hour)}
		defer w.finish()
		return w.run(ctx)
	})
}

// leaveProcessors keeps us off the processors that the ports need: with one port on two processors a run takes a tenth less. It returns what undoes that.
func leaveProcessors(ports int) (undo func()) {
	before := runtime.GOMAXPROCS(max(1, runtime.NumCPU()-ports))
	return func() { runtime.GOMAXPROCS(before) }
}

// worker keeps one process busy.
//
// Trouble is charged to the question that was in flight. With several sent ahead that one is only suspected (an answer may have been lost in the port's
// buffer), so all that are unanswered are asked again, one at a time. If none of them makes trouble then, the suspect is charged after all. A process that has
// answered and then ends properly makes no trouble: the next one is asked the rest.
//
// An answer is kept until the next one has come, or the process has ended properly: if there is more output than that, or a crash instead, it belongs to the last answer.
type worker struct {
	Config
	source *source
	stand  *stand
	reply  func(Question, Reply)

	process  *process
	reader   *reader
	lines    chan []byte
	answered int       // by this process
	since    time.Time // of the last answer, or of the question if nothing was due then
	idle     bool      // nothing is due
	timer    *time.Timer
	deadline time.Time

	pending []Question   // sent, unanswered
	due     atomic.Int32 // how many those are, for the reader
	backlog []Question   // to be asked one at a time
	suspect *Reply       // what happened to the first of the backlog while others were ahead
	held    []asked      // replies not handed out yet: while there is a suspect all since, else the last answer of the process
}

type asked struct {
	Question
	Reply
}

// tick is how often one looks whether a process that is waited for still reads its input.
const tick = 250 * time.Millisecond

func (w *worker) run(ctx context.Context) error {
	for {
		if err := w.fill(ctx); err != nil || len(w.pending) == 0 {
			return err
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

// fill starts the process if there is none and sends questions ahead: one from the backlog, or new ones up to the window. New ones are sent when half of the window has been
// answered, many at once: a port that is woken for each question spends more time on waking than on signing.
func (w *worker) fill(ctx context.Context) error {
	if len(w.pending) > w.Window/2 {
		return nil
	}
	var batch []byte
	for {
		q, ok := w.take(ctx)
		if !ok {
			break
		}
		w.pending = append(w.pending, q)
		batch = append(batch, q.Line(w.stand.base())...)
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
		w.stand.reset()
		w.wait()
	}
	w.due.Store(int32(len(w.pending)))
	w.lines <- batch // there are fewer batches under way than questions
	return nil
}

func (w *worker) take(ctx context.Context) (q Question, ok bool) {
	switch {
	case len(w.backlog) > 0 && len(w.pending) > 0, len(w.pending) >= w.Window:
		return q, false
	case len(w.backlog) > 0:
		q, w.backlog = w.backlog[0], w.backlog[1:]
		return q, true
	case w.suspect != nil:
		return q, false // the last of the backlog is in flight
	}
	return w.source.next(ctx)
}

func (w *worker) start() (err error) {
	if w.process, err = w.Config.start(); err != nil {
		return err
	}
	w.reader = newReader(w.process.stdout, w.source.heavy, func() bool { return int(w.due.Load()) > w.Window/2 })
	w.lines = make(chan []byte, w.Window)
	go w.reader.run()
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

// finish ends the worker and hands out what it holds.
func (w *worker) finish() {
	w.stop()
	w.flush(0)
}

// stop ends the process, if there is one. If nothing is due it is told that no more questions come, and has a moment to end by itself.
func (w *worker) stop() {
	if w.process == nil {
		return
	}
	w.closeInput()
	if len(w.pending) == 0 {
		w.farewell()
	}
	w.end()
}

// end kills the process and lets its reader end.
func (w *worker) end() {
	w.closeInput()
	w.process.kill()
	for e := range w.reader.events {
		e.heavy.release()
	}
	w.process = nil
}

package port

import (
	"fmt"
	"time"
)

// handle deals with what the process printed.
func (w *worker) handle(e event, ok bool) {
	defer e.heavy.release()
	process := w.process
	for _, line := range e.lines {
		if w.process != process {
			return // what comes from a process that has made trouble does not count
		}
		w.line(line)
	}
	switch {
	case w.process != process:
	case !ok || e.closed:
		w.closed()
	case e.flooded:
		w.trouble(Flooded, floodDetail)
	}
	w.due.Store(int32(len(w.pending)))
}

func (w *worker) line(line []byte) {
	if len(w.pending) == 0 {
		w.recant(Garbage, "it printed more than one line for it")
		return
	}
	due := w.pending[0]
	answer, err := ParseAnswer(line)
	if err == nil {
		err = answer.checkID(due.ID)
	}
	switch {
	case err == nil:
		w.answered++
		w.settle(Reply{Answer: answer, Elapsed: time.Since(w.since)})
		if w.idle = len(w.pending) == 0; !w.idle {
			w.wait()
		}
	case answer != nil && len(w.held) > 0 && w.answered > 0 && *answer.ID == w.held[len(w.held)-1].ID:
		w.recant(Garbage, "it answered it twice: one line for each question")
	default:
		w.trouble(Garbage, err.Error())
	}
}

// closed deals with a process that closed its standard output, mostly because it ended.
func (w *worker) closed() {
	ended := w.awaitEnd(linger)
	state := w.process.cmd.ProcessState
	switch {
	case len(w.pending) == 0 && ended && !state.Success():
		w.recant(Crashed, fmt.Sprintf("it answered and ended with %s", w.process.ending()))
	case ended && !state.Success():
		detail := fmt.Sprintf("it ended with %s after %d answers", w.process.ending(), w.answered)
		if state.ExitCode() == 1 {
			detail += "; exit code 1 is a refusal in exec mode only: answer with an error"
		}
		w.trouble(Crashed, detail)
	case w.answered > 0:
		w.again()
	case ended:
		w.trouble(NoAnswer, "it ended with exit code 0 and printed nothing")
	default:
		w.trouble(NoAnswer, "it closed its standard output, had printed nothing, and did not end")
	}
}

func (w *worker) awaitEnd(d time.Duration) bool {
	select {
	case <-w.process.ended:
		return true
	case <-time.After(d):
		return false
	}
}

// again asks a new process what this one has left unanswered. This one has answered before: each process gets on, so that comes to an end.
func (w *worker) again() {
	w.Log.Debug("again", "answered", w.answered, "pending", len(w.pending))
	w.end()
	w.backlog = append(w.pending, w.backlog...)
	w.pending = nil
}

// waited is called while an answer is due: it may be time to give the process up.
func (w *worker) waited() {
	switch {
	case !time.Now().Before(w.deadline):
		w.timedOut()
	case w.answered > 0 && readerGone(w.process.stdin):
		w.again()
	default:
		w.timer.Reset(min(tick, time.Until(w.deadline)))
	}
}

func (w *worker) timedOut() {
	detail := fmt.Sprintf("no answer within %v; raise --timeout if the port is only slow", w.limit())
	if w.answered == 0 {
		detail = fmt.Sprintf("no answer within %v of the start of the process; raise --start-timeout if the port is only slow", w.limit())
	}
	if n := w.reader.partial(); n > 0 {
		detail = fmt.Sprintf("no answer within %v, only %d bytes without the end of a line: an answer ends with a line feed", w.limit(), n)
	} else if w.answered == 0 && w.unflushed() {
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
	case e := <-w.reader.events:
		e.heavy.release()
		return len(e.lines) > 0
	case <-time.After(linger):
		return false
	}
}

// trouble ends the process and charges the question in flight, or suspects it if it is not alone.
func (w *worker) trouble(fault Fault, detail string) {
	process := w.process
	w.end()
	r := Reply{Fault: fault, Detail: detail, Stderr: process.lastWords(), Elapsed: time.Since(w.since)}
	w.Log.Debug("trouble", "fault", fault, "detail", detail, "pending", len(w.pending))
	if len(w.pending) == 1 {
		w.suspect = nil
		w.settle(r)
		return
	}
	w.flush(0)
	w.suspect = &r
	w.backlog, w.pending = w.pending, nil
}

// recant charges the last answer, which looked right until more came, and asks again what is due.
func (w *worker) recant(fault Fault, detail string) {
	last := &w.held[len(w.held)-1]
	last.Reply = Reply{Fault: fault, Detail: detail, Stderr: w.process.stderr.String(), Elapsed: last.Elapsed}
	w.suspect = nil
	w.flush(0)
	w.again()
}

// settle ends the question in flight with a reply.
func (w *worker) settle(r Reply) {
	w.stand.collect(&r)
	w.held = append(w.held, asked{w.pending[0], r})
	w.pending = w.pending[1:]
	if w.suspect != nil && len(w.backlog) == 0 {
		w.held[0].Reply, w.suspect = *w.suspect, nil
	}
	if w.suspect == nil && w.process != nil {
		w.flush(1)
	} else if w.suspect == nil {
		w.flush(0)
	}
}

// flush hands out all replies that are held but the last keep.
func (w *worker) flush(keep int) {
	n := max(0, len(w.held)-keep)
	for _, a := range w.held[:n] {
		w.reply(a.Question, a.Reply)
		w.source.seen(a.Reply)
	}
	w.held = append(w.held[:0], w.held[n:]...)
}

// farewell waits for a process that owes nothing to end. What it prints meanwhile, or a crash, is charged to its last answer.
func (w *worker) farewell() {
	over := time.After(grace)
	for {
		select {
		case e, ok := <-w.reader.events:
			e.heavy.release()
			if len(e.lines) > 0 || e.flooded {
				w.charge(Garbage, "it printed more than one line for it")
				return
			}
			if !ok || e.closed {
				if w.awaitEnd(grace) && !w.process.cmd.ProcessState.Success() {
					w.charge(Crashed, fmt.Sprintf("it ended with %s when its standard input ended, after the last answer", w.process.ending()))
				}
				return
			}
		case <-over:
			return
		}
	}
}

// charge turns the last answer into a fault.
func (w *worker) charge(fault Fault, detail string) {
	if len(w.held) > 0 && w.answered > 0 {
		last := &w.held[len(w.held)-1]
		last.Reply = Reply{Fault: fault, Detail: detail, Stderr: w.process.stderr.String(), Elapsed: last.Elapsed}
	}
}

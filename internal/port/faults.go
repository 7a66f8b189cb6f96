package port

import (
	"fmt"
	"time"
)

// How a worker of [Stream] charges faults to questions:
//
//  1. A fault belongs to the question in flight, the first that is unanswered.
//  2. If more questions were sent ahead, that one is only suspected: the port may have lost answers
//     in its buffer. All unanswered questions are asked again, one at a time, each reply held.
//     If one of them shows a fault now, that one is charged, and the suspicion is dropped. If none
//     does, the suspect is charged after all.
//  3. An answer is held until the next one has come, or the process has ended properly. If more
//     output than that comes, or a crash, the answer is retracted: its question is charged.
//  4. A process that has answered and then ends properly has no fault. A new one is asked the rest.
//  5. A worker that is hurried charges the question in flight at once, see Hurried.
//
// Example: questions 1, 2 and 3 are sent, and the process crashes when it reads 2, with its answer
// to 1 still in its buffer. Question 1 is suspected, and all three are asked again. 1 is answered,
// 2 crashes alone and is charged, the reply to 1 stands, and 3 is asked of a new process.

// handle deals with what the process printed.
func (w *worker) handle(e event, ok bool) {
	defer e.memory.release()
	process := w.process
	for _, line := range e.lines {
		if w.process != process {
			return // what a process printed after its fault does not count
		}
		w.line(line)
	}
	switch {
	case w.process != process:
	case !ok || e.closed:
		w.closed()
	case e.flooded:
		w.fail(Flooded, floodDetail)
	}
	w.due.Store(int32(len(w.pending)))
}

const twiceDetail = "it printed more than one line for it"

func (w *worker) line(line []byte) {
	if len(w.pending) == 0 {
		w.retract(Garbage, twiceDetail)
		return
	}
	answer, err := ParseAnswer(line)
	if err == nil {
		err = answer.checkID(w.pending[0].ID)
	}
	switch {
	case err == nil:
		w.answered++
		w.resolve(Reply{Answer: answer, Elapsed: time.Since(w.since)})
		if w.idle = len(w.pending) == 0; !w.idle {
			w.wait()
		}
	case answer != nil && w.answersLast(*answer.ID):
		w.retract(Garbage, "it answered it twice: one line for each question")
	default:
		w.fail(Garbage, err.Error())
	}
}

// answersLast reports whether this is the id of the last question that the process has answered.
func (w *worker) answersLast(id string) bool {
	return w.answered > 0 && len(w.held) > 0 && w.held[len(w.held)-1].ID == id
}

// closed deals with a process that closed its standard output, mostly because it ended.
func (w *worker) closed() {
	ended := w.process.hasEnded(endTime)
	crashed := ended && !w.process.cmd.ProcessState.Success()
	switch {
	case crashed && len(w.pending) == 0:
		w.retract(Crashed, fmt.Sprintf("it answered and ended with %s", w.process.ending()))
	case crashed:
		w.fail(Crashed, w.crashDetail())
	case w.answered > 0:
		w.restart()
	case ended:
		w.fail(NoAnswer, silentDetail)
	default:
		w.fail(NoAnswer, closedDetail)
	}
}

func (w *worker) crashDetail() string {
	detail := fmt.Sprintf("it ended with %s after %d answers", w.process.ending(), w.answered)
	if w.process.cmd.ProcessState.ExitCode() == 1 {
		detail += "; exit code 1 is a refusal in exec mode only: answer with an error"
	}
	return detail
}

// restart has a new process asked what this one has left unanswered. This one has answered before,
// so each process leaves fewer questions, and that comes to an end.
func (w *worker) restart() {
	w.Log.Debug("restart", "answered", w.answered, "pending", len(w.pending))
	w.end()
	w.retry = append(w.pending, w.retry...)
	w.pending = nil
}

// waited is called while an answer is due: it may be time to give the process up.
func (w *worker) waited() {
	switch {
	case !time.Now().Before(w.deadline):
		w.timedOut()
	case w.answered > 0 && readerGone(w.process.stdin):
		w.restart()
	default:
		w.timer.Reset(min(tick, time.Until(w.deadline)))
	}
}

// timedOut charges the question in flight. It is not only suspected: the time was for this one
// alone.
func (w *worker) timedOut() {
	detail := w.timeoutDetail()
	if w.answered == 0 && w.reader.partial() == 0 && w.unflushed() {
		detail += "; answers came only when standard input ended, " +
			"so the port does not flush its output after each"
		w.source.giveUp(ErrUnflushed)
	}
	w.retry = append(w.pending[1:], w.retry...)
	w.pending = w.pending[:1]
	w.fail(Timeout, detail)
}

func (w *worker) timeoutDetail() string {
	if n := w.reader.partial(); n > 0 {
		return fmt.Sprintf("no answer within %v, only %d bytes without the end of a line: "+
			"an answer ends with a line feed", w.limit(), n)
	}
	if w.answered == 0 {
		return fmt.Sprintf("no answer within %v of the start of the process; "+
			"raise --start-timeout if the port is only slow", w.limit())
	}
	return fmt.Sprintf("no answer within %v; raise --timeout if the port is only slow", w.limit())
}

// unflushed closes standard input and reports whether answers come then.
func (w *worker) unflushed() bool {
	w.closeInput()
	select {
	case e := <-w.reader.events:
		e.memory.release()
		return len(e.lines) > 0
	case <-time.After(endTime):
		return false
	}
}

// fail ends the process and charges the question in flight, or suspects it if it is not alone.
func (w *worker) fail(fault Fault, detail string) {
	process := w.process
	w.end()
	r := Reply{
		Fault:   fault,
		Detail:  detail,
		Stderr:  process.stderrTail(),
		Elapsed: time.Since(w.since),
	}
	w.Log.Debug("fault", "fault", fault, "detail", detail, "pending", len(w.pending))
	if len(w.pending) == 1 || w.hurried {
		w.suspect = nil
		w.resolve(r)
		w.retry, w.pending = append(w.pending, w.retry...), nil
		return
	}
	w.flush(0)
	w.suspect = &r
	w.retry, w.pending = w.pending, nil
}

// retract charges the last answer, which looked right until more came, and asks again what is due.
func (w *worker) retract(fault Fault, detail string) {
	w.chargeLast(fault, detail)
	w.suspect = nil
	w.flush(0)
	w.restart()
}

// resolve ends the question in flight with a reply.
func (w *worker) resolve(r Reply) {
	w.capture.collect(&r)
	if shorten := w.pending[0].Shorten; shorten != nil && r.Answer != nil {
		r.Answer = shorten(r.Answer) // some replies are held, by each worker
	}
	w.held = append(w.held, asked{w.pending[0], r})
	w.pending = w.pending[1:]
	if w.suspect != nil && len(w.retry) == 0 {
		w.held[0].Reply, w.suspect = *w.suspect, nil
	}
	switch {
	case w.suspect != nil: // the replies are not final
	case w.process != nil:
		w.flush(1)
	default:
		w.flush(0)
	}
}

// flush hands out all replies that are held but the last keep.
func (w *worker) flush(keep int) {
	n := max(0, len(w.held)-keep)
	for _, a := range w.held[:n] {
		w.reply(a.Question, a.Reply)
		w.source.seen(a.Question, a.Reply)
	}
	w.held = append(w.held[:0], w.held[n:]...)
}

// drain waits for a process that has answered everything to end, at most endTime. What it prints
// meanwhile, or a crash, is charged to its last answer.
func (w *worker) drain() {
	over := time.After(endTime)
	for {
		select {
		case e, ok := <-w.reader.events:
			e.memory.release()
			if len(e.lines) > 0 || e.flooded {
				w.chargeLast(Garbage, twiceDetail)
				return
			}
			if !ok || e.closed {
				w.drained()
				return
			}
		case <-over:
			return
		}
	}
}

// drained deals with a process that closed its output after its last answer.
func (w *worker) drained() {
	if w.process.hasEnded(endTime) && !w.process.cmd.ProcessState.Success() {
		w.chargeLast(Crashed, fmt.Sprintf(
			"it ended with %s when its standard input ended, after the last answer", w.process.ending()))
	}
}

// chargeLast turns the last answer of the process into a fault.
func (w *worker) chargeLast(fault Fault, detail string) {
	if len(w.held) == 0 || w.answered == 0 {
		return
	}
	last := &w.held[len(w.held)-1]
	last.Reply = Reply{
		Fault:   fault,
		Detail:  detail,
		Stderr:  w.process.stderr.String(),
		Elapsed: last.Elapsed,
	}
}

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

// output is what a process prints for its one question, and how the process ends.
type output struct {
	*process
	text    []byte
	memory  memory
	limit   time.Duration
	late    bool // killed because the time was up
	flooded bool
	stayed  bool // killed although it had answered or closed its standard output
}

// read reads standard output to its end. A process that has answered, or has closed its output, may
// take endTime to end; then it is killed.
func (o *output) read(ctx context.Context) {
	block := make([]byte, 1<<15)
	for {
		n, err := o.stdout.Read(block)
		o.text = append(o.text, block[:n]...)
		switch {
		case o.memory.grow(ctx, len(o.text)) != nil: // the run has ended
			o.end()
			return
		case len(o.text) > MaxAnswer:
			o.flooded = true
			o.end()
			return
		case errors.Is(err, os.ErrDeadlineExceeded):
			o.awaitEnd(0)
			return
		case err != nil:
			o.awaitEnd(endTime)
			return
		case o.answered() && !o.hasEnded(0):
			o.stopReading(endTime)
		}
	}
}

// answered reports whether the text so far is an answer.
func (o *output) answered() bool {
	text := bytes.TrimRight(o.text, " \t\r\n")
	if len(text) == len(o.text) || text[max(0, len(text)-1)] != '}' {
		return false // no end of line, or no object: more header lines may come
	}
	_, err := parseOutput(text)
	return err == nil
}

// awaitEnd kills the process if it does not end by itself in that time.
func (o *output) awaitEnd(d time.Duration) {
	if !o.hasEnded(d) {
		o.stayed = !o.hasEnded(0)
		o.end()
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
		detail := fmt.Sprintf("it had not ended after %v (%d bytes on standard output); "+
			"raise --start-timeout if it is only slow", o.limit, len(o.text))
		return Reply{Fault: Timeout, Detail: detail}
	case o.stayed && blank:
		return Reply{Fault: NoAnswer, Detail: closedDetail}
	case o.stayed:
	case code == 1 && blank:
		text := strings.TrimSuffix("exit code 1: "+o.stderrTail(), ": ")
		return Reply{Answer: &Answer{Error: &text, ByExitCode: true}}
	case code != 0:
		return Reply{Fault: Crashed, Detail: "it ended with " + o.ending()}
	case blank:
		return Reply{Fault: NoAnswer, Detail: silentDetail}
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

const (
	silentDetail = "it ended with exit code 0 and printed nothing"
	closedDetail = "it closed its standard output, had printed nothing, and did not end"
)

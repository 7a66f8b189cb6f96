package target

import (
	"bufio"
	"bytes"
	"os"
	"time"
)

// event is what a stream process did: it printed lines, and then perhaps too much of one, or closed its standard output.
type event struct {
	lines   [][]byte
	flooded bool
	closed  bool
}

// pause is how long the reader lets answers gather while many questions are ahead. A reader that is woken for every answer takes the time from the port.
const pause = 2000 * time.Microsecond

// readLines sends the lines of r, as many at once as are there, then one closing event. While busy reports that many answers are due it lets them gather.
func readLines(r *os.File, events chan<- event, busy func() bool) {
	defer close(events)
	reader := bufio.NewReaderSize(r, 1<<16)
	var e event
	for !e.closed && !e.flooded {
		line, flooded, err := readLine(reader)
		if len(bytes.TrimSpace(line)) > 0 { // also a last one without newline
			e.lines = append(e.lines, line)
		}
		e.flooded, e.closed = flooded, err != nil
		if buffered, _ := reader.Peek(reader.Buffered()); bytes.IndexByte(buffered, '\n') >= 0 && !e.flooded {
			continue
		}
		events <- e
		e.lines = nil
		if busy() {
			time.Sleep(pause)
		}
	}
}

func readLine(r *bufio.Reader) (line []byte, flooded bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > MaxAnswer {
			return nil, true, nil
		}
		if err != bufio.ErrBufferFull {
			return line, false, err
		}
	}
}

// writeLines writes what comes, many lines at once where they are there, until lines is closed. A port need not read all of it, so errors end the writing and
// nothing else.
func writeLines(w *os.File, lines <-chan []byte) {
	defer w.Close()
	var batch []byte
	for line := range lines {
		batch = append(batch[:0], line...)
		for more := len(lines); more > 0; more-- {
			batch = append(batch, <-lines...)
		}
		if _, err := w.Write(batch); err != nil {
			break
		}
	}
	for range lines { // the sender must never block
	}
}

package port

import (
	"bufio"
	"bytes"
	"io"
	"os"
	"sync/atomic"
	"time"
)

// event is what a stream process did: it printed lines, and then perhaps too much of one, or closed its standard output.
type event struct {
	lines   [][]byte
	flooded bool
	closed  bool
	heavy   token // for the lines
}

// pause is how long the reader lets answers gather while many questions are ahead. A reader that is woken for every answer takes the time from the port.
const pause = 2000 * time.Microsecond

// reader reads the lines of a process.
type reader struct {
	*bufio.Reader
	events chan event
	busy   func() bool   // reports that many answers are due
	heavy  chan struct{} // see token
	came   counter
	taken  atomic.Int64 // bytes, in whole lines
}

// counter counts the bytes read through it.
type counter struct {
	io.Reader
	bytes atomic.Int64
}

// Read counts.
func (c *counter) Read(p []byte) (int, error) {
	n, err := c.Reader.Read(p)
	c.bytes.Add(int64(n))
	return n, err
}

func newReader(from io.Reader, heavy chan struct{}, busy func() bool) *reader {
	r := &reader{events: make(chan event), busy: busy, heavy: heavy, came: counter{Reader: from}}
	r.Reader = bufio.NewReaderSize(&r.came, 1<<16)
	return r
}

// partial is how many bytes of a line have come that has not ended.
func (r *reader) partial() int64 { return r.came.bytes.Load() - r.taken.Load() }

// run sends the lines, as many at once as are there, then one closing event. While many answers are due it lets them gather. What is not received is not read.
func (r *reader) run() {
	defer close(r.events)
	for {
		e := event{heavy: token{pool: r.heavy}}
		for more := true; more; {
			more = r.line(&e)
		}
		last := e.closed || e.flooded
		r.events <- e
		if last {
			return
		}
		if r.busy() {
			time.Sleep(pause)
		}
	}
}

// line reads one line and reports whether another one is there already.
func (r *reader) line(e *event) (more bool) {
	line, flooded, err := readLine(r.Reader, e.heavy.acquire)
	r.taken.Add(int64(len(line)))
	if len(bytes.TrimSpace(line)) > 0 { // also a last one without newline
		e.lines = append(e.lines, line)
	}
	e.flooded, e.closed = flooded, err != nil
	buffered, _ := r.Peek(r.Buffered())
	return !e.flooded && !e.closed && bytes.IndexByte(buffered, '\n') >= 0
}

// readLine reads a line, telling grown how long it is as it grows beyond the buffer.
func readLine(r *bufio.Reader, grown func(size int)) (line []byte, flooded bool, err error) {
	for {
		part, err := r.ReadSlice('\n')
		line = append(line, part...)
		if len(line) > MaxAnswer {
			return nil, true, nil
		}
		if err != bufio.ErrBufferFull {
			return line, false, err
		}
		grown(len(line))
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

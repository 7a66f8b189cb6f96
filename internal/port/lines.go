package port

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"os"
	"sync/atomic"
	"time"

	"golang.org/x/sync/semaphore"
)

// event is what a stream process did: it printed lines, and then perhaps too much of one, or closed
// its standard output.
type event struct {
	lines   [][]byte
	flooded bool
	closed  bool
	memory  memory // of the lines
}

// pause is how long the reader lets answers gather while many questions are ahead. A reader that is
// woken for every answer takes the time from the port.
const pause = 2 * time.Millisecond

// reader reads the lines of a process.
type reader struct {
	*bufio.Reader
	events chan event
	busy   func() bool // reports that many answers are due
	large  *semaphore.Weighted
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

func newReader(from io.Reader, large *semaphore.Weighted, busy func() bool) *reader {
	r := &reader{
		events: make(chan event),
		busy:   busy,
		large:  large,
		came:   counter{Reader: from},
	}
	r.Reader = bufio.NewReaderSize(&r.came, 1<<16)
	return r
}

// partial is how many bytes of an unfinished line have come.
func (r *reader) partial() int64 { return r.came.bytes.Load() - r.taken.Load() }

// run sends the lines, as many at once as are there, then one closing event. While many answers are
// due it lets them gather. What is not received is not read. It ends when ctx does.
func (r *reader) run(ctx context.Context) {
	defer close(r.events)
	for {
		e := event{memory: memory{large: r.large}}
		for more := true; more; {
			more = r.line(ctx, &e)
		}
		select {
		case r.events <- e:
		case <-ctx.Done():
			e.memory.release()
			return
		}
		if e.closed || e.flooded {
			return
		}
		if r.busy() {
			time.Sleep(pause)
		}
	}
}

// line reads one line and reports whether another one is there already.
func (r *reader) line(ctx context.Context, e *event) (more bool) {
	grow := func(size int) error { return e.memory.grow(ctx, size) }
	line, flooded, err := readLine(r.Reader, grow)
	r.taken.Add(int64(len(line)))
	if len(bytes.TrimSpace(line)) > 0 { // also a last one without line feed
		e.lines = append(e.lines, line)
	}
	e.flooded, e.closed = flooded, err != nil
	buffered, _ := r.Peek(r.Buffered())
	return !e.flooded && !e.closed && bytes.IndexByte(buffered, '\n') >= 0
}

// readLine reads a line. It calls grow with the size so far whenever the line outgrows the buffer;
// an error of grow ends the reading.
func readLine(r *bufio.Reader, grow func(size int) error) (line []byte, flooded bool, err error) {
	for {
		block, err := r.ReadSlice('\n')
		line = append(line, block...)
		if len(line) > MaxAnswer {
			return nil, true, nil
		}
		if err != bufio.ErrBufferFull {
			return line, false, err
		}
		if err := grow(len(line)); err != nil {
			return nil, false, err
		}
	}
}

// anySize lets a line of any size be read.
func anySize(int) error { return nil }

// writeLines writes what comes, many lines at once where they are there, until lines is closed. A
// port need not read all of it, so an error only ends the writing.
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

package target

import (
	"bufio"
	"bytes"
	"os"
)

// event is what a stream process did: it printed a line, printed too much of one, or closed its standard output.
type event struct {
	line    []byte
	flooded bool
	closed  bool
}

// readLines sends every line of r, then one closing event.
func readLines(r *os.File, events chan<- event) {
	defer close(events)
	reader := bufio.NewReaderSize(r, 1<<16)
	for {
		line, flooded, err := readLine(reader)
		switch {
		case flooded:
			events <- event{flooded: true}
			return
		case len(bytes.TrimSpace(line)) > 0: // also a last one without newline
			events <- event{line: line}
		}
		if err != nil {
			events <- event{closed: true}
			return
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

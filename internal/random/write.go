package random

import (
	"context"
	"io"
	"runtime/debug"
)

// chunk is how many vectors a worker makes before it hands them over.
const chunk = 256

// Write writes the first count vectors of g, made by a number of workers, in order. It keeps a few
// chunks for each worker and no more.
func Write(ctx context.Context, w io.Writer, g *Generator, count uint64, workers int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	// Nearly all memory becomes garbage at once, and the heap stays at a few MB: collect less often.
	defer debug.SetGCPercent(debug.SetGCPercent(400))
	all := make([]worker, workers)
	for i := range all {
		all[i] = worker{g.Clone(), make(chan []byte), make(chan []byte, 2)}
		all[i].free <- nil
		all[i].free <- nil
		go all[i].work(ctx, uint64(i)*chunk, uint64(workers)*chunk, count)
	}
	for i := uint64(0); i*chunk < count; i++ {
		worker := all[i%uint64(workers)]
		select {
		case <-ctx.Done():
			return ctx.Err()
		case lines := <-worker.made:
			if _, err := w.Write(lines); err != nil {
				return err
			}
			worker.free <- lines[:0]
		}
	}
	return nil
}

// worker makes chunks of lines in memory that it gets back when they have been written.
type worker struct {
	generator *Generator
	made      chan []byte
	free      chan []byte
}

// work makes every chunk that starts at from, from+step, …
func (w worker) work(ctx context.Context, from, step, count uint64) {
	for ; from < count; from += step {
		var lines []byte
		select {
		case <-ctx.Done():
			return
		case lines = <-w.free:
		}
		for n := from; n < min(from+chunk, count); n++ {
			lines = w.generator.Append(lines, n)
		}
		select {
		case <-ctx.Done():
			return
		case w.made <- lines:
		}
	}
}

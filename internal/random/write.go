package random

import (
	"context"
	"io"
	"runtime/debug"
)

// chunk is how many vectors a worker makes before it hands them over.
const chunk = 256

// Write writes the first count vectors of g, made by a number of workers, in order. It holds a few chunks for each worker and no more.
func Write(ctx context.Context, w io.Writer, g *Generator, count uint64, workers int) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	defer debug.SetGCPercent(debug.SetGCPercent(400)) // nearly all memory here is garbage at once; the heap stays at a few MB
	made, free := make([]chan []byte, workers), make([]chan []byte, workers)
	for i := range workers {
		made[i], free[i] = make(chan []byte), make(chan []byte, 2)
		free[i] <- nil
		free[i] <- nil
		go g.Clone().work(ctx, uint64(i)*chunk, uint64(workers)*chunk, count, made[i], free[i])
	}
	for i := uint64(0); i*chunk < count; i++ {
		worker := i % uint64(workers)
		select {
		case <-ctx.Done():
			return ctx.Err()
		case lines := <-made[worker]:
			if _, err := w.Write(lines); err != nil {
				return err
			}
			free[worker] <- lines[:0]
		}
	}
	return nil
}

// work makes every chunk that starts at from, from+step, …
func (g *Generator) work(ctx context.Context, from, step, count uint64, made chan<- []byte, free <-chan []byte) {
	for ; from < count; from += step {
		var lines []byte
		select {
		case <-ctx.Done():
			return
		case lines = <-free:
		}
		for n := from; n < min(from+chunk, count); n++ {
			lines = g.Append(lines, n)
		}
		select {
		case <-ctx.Done():
			return
		case made <- lines:
		}
	}
}

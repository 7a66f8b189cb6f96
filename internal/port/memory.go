package port

import (
	"context"
	"io"

	"golang.org/x/sync/semaphore"
)

// Answers of more than largeFrom bytes are large. At most maxLarge of them are in memory at a time,
// however many processes there are. The others wait in their pipes.
const (
	largeFrom = 1 << 20
	maxLarge  = 1
)

func newLargeAnswers() *semaphore.Weighted { return semaphore.NewWeighted(maxLarge) }

// memory is what one answer may use. A large answer must be allowed by the semaphore.
type memory struct {
	large *semaphore.Weighted
	held  bool
}

// grow waits until an answer of that size is allowed. The error is that of ctx.
func (m *memory) grow(ctx context.Context, size int) error {
	if size <= largeFrom || m.held {
		return nil
	}
	err := m.large.Acquire(ctx, 1)
	m.held = err == nil
	return err
}

func (m *memory) release() {
	if m.held {
		m.large.Release(1)
		m.held = false
	}
}

// boundedReader reads a body of which a large one must be allowed.
type boundedReader struct {
	io.Reader
	ctx    context.Context
	size   int
	memory *memory
}

// Read reads on when the size so far is allowed.
func (r *boundedReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	r.size += n
	if waited := r.memory.grow(r.ctx, r.size); waited != nil {
		return n, waited
	}
	return n, err
}

package port

import (
	"context"
	"iter"
	"sync"

	"golang.org/x/sync/semaphore"
)

// source hands out questions to several workers, and ends the run of an unresponsive port.
type source struct {
	questions <-chan Question
	large     *semaphore.Weighted // see memory
	giveUp    context.CancelCauseFunc

	mu      sync.Mutex
	silence silence
}

// next returns the next question; false if there is none or ctx has ended.
func (s *source) next(ctx context.Context) (q Question, ok bool) {
	for q := range receive(ctx, s.questions) {
		return q, true
	}
	return q, false
}

// receive yields questions until they are used up or ctx ends.
func receive(ctx context.Context, questions <-chan Question) iter.Seq[Question] {
	return func(yield func(Question) bool) {
		for {
			select {
			case <-ctx.Done():
				return
			case q, ok := <-questions:
				if !ok || !yield(q) {
					return
				}
			}
		}
	}
}

// seen counts a reply, and ends the run if the port is unresponsive.
func (s *source) seen(q Question, r Reply) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if cause := s.silence.add(q, r); cause != nil {
		s.giveUp(cause)
	}
}

// each asks questions one at a time until there are none. Ask returns an error only if the port
// cannot be asked at all.
func (s *source) each(
	ctx context.Context,
	ask func(context.Context, Question) (Reply, error),
	reply func(Question, Reply),
) error {
	for ctx.Err() == nil {
		q, ok := s.next(ctx)
		if !ok {
			return nil
		}
		r, err := ask(ctx, q)
		if err != nil {
			return err
		}
		if ctx.Err() != nil && !r.Answered() {
			return nil // we may have ended it: no verdict
		}
		reply(q, r)
		s.seen(q, r)
	}
	return nil
}

// work runs workers until the questions are used up or the context ends, and returns the cause of
// that end.
func work(
	ctx context.Context,
	jobs int,
	questions <-chan Question,
	worker func(context.Context, *source) error,
) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	s := &source{questions: questions, giveUp: cancel, large: newLargeAnswers()}
	var wg sync.WaitGroup
	for range jobs {
		wg.Go(func() {
			if err := worker(ctx, s); err != nil {
				cancel(err)
			}
		})
	}
	wg.Wait()
	return context.Cause(ctx)
}

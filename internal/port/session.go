package port

import (
	"context"
	"sync"
)

// Asker asks a port; see the package comment.
type Asker interface {
	// Ask asks all questions and hands each reply to reply, which must be safe for concurrent use. The
	// sender of the questions closes them, and stops when ctx ends or Ask has returned. Ask returns
	// why it ended early.
	Ask(ctx context.Context, questions <-chan Question, reply func(Question, Reply)) error
	// Mode says, after that, how the port was asked, and what a user may want to know about it.
	Mode() (name, note string)
}

// Session asks a port batch by batch: what is asked next may depend on the answers so far. It keeps
// the port's process running in between.
type Session struct {
	questions chan Question
	ended     chan struct{} // closed when the port is not asked any more
	cancel    context.CancelFunc

	mu      sync.Mutex
	waiting map[string]func(Question, Reply) // by id of the question
}

// Hurried returns an asker that saves time where no verdict depends on it, in the way that another
// one asks, or has found out. There are two processes. A process is started before there is a
// question for it. A fault is charged to the first question without an answer, without asking
// again. At the end nobody waits for the process to end by itself. Only [Stream] has these to save.
func Hurried(a Asker) Asker {
	switch a := a.(type) {
	case Stream:
		a.hurried = true
		return a
	case *Auto:
		copied := *a
		copied.hurried = true
		return &copied
	}
	return a
}

// NewSession starts a session. It must be closed.
func NewSession(ctx context.Context, a Asker) *Session {
	ctx, cancel := context.WithCancel(ctx)
	s := &Session{
		questions: make(chan Question),
		ended:     make(chan struct{}),
		cancel:    cancel,
		waiting:   map[string]func(Question, Reply){},
	}
	go func() {
		defer close(s.ended)
		_ = a.Ask(ctx, s.questions, s.reply) // why it ended early is known from the run before
	}()
	return s
}

// Ask asks some questions, whose ids differ, and hands the replies to reply, one at a time. It
// returns when all have been answered, or when ctx or the session has ended.
func (s *Session) Ask(ctx context.Context, questions []Question, reply func(Question, Reply)) {
	var all sync.WaitGroup
	var one sync.Mutex
	done := make(chan struct{})
	open := true // replies that come later are dropped
	all.Add(len(questions))
	for _, q := range questions {
		s.expect(q.ID, func(q Question, r Reply) {
			defer all.Done()
			one.Lock()
			defer one.Unlock()
			if open {
				reply(q, r)
			}
		})
	}
	go func() {
		all.Wait()
		close(done)
	}()
	s.send(ctx, questions)
	select {
	case <-done:
	case <-ctx.Done():
	case <-s.ended:
	}
	one.Lock()
	open = false
	one.Unlock()
	s.forget(questions)
}

func (s *Session) send(ctx context.Context, questions []Question) {
	for _, q := range questions {
		select {
		case s.questions <- q:
		case <-ctx.Done():
			return
		case <-s.ended:
			return
		}
	}
}

func (s *Session) expect(id string, reply func(Question, Reply)) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waiting[id] = reply
}

// forget releases what waits for questions that got no reply.
func (s *Session) forget(questions []Question) {
	s.mu.Lock()
	var left []func(Question, Reply)
	for _, q := range questions {
		if w := s.waiting[q.ID]; w != nil {
			left = append(left, w)
			delete(s.waiting, q.ID)
		}
	}
	s.mu.Unlock()
	for _, w := range left {
		w(Question{}, Reply{}) // the batch is closed: this only counts
	}
}

func (s *Session) reply(q Question, r Reply) {
	s.mu.Lock()
	w := s.waiting[q.ID]
	delete(s.waiting, q.ID)
	s.mu.Unlock()
	if w != nil {
		w(q, r)
	}
}

// Close ends the session and the port's processes.
func (s *Session) Close() {
	s.cancel()
	<-s.ended
}

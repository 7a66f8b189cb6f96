package port

import (
	"sync"
	"time"

	"sigkit/internal/stub"
)

// How long a request may take to arrive when the port has answered already. A port that never sends
// would cost the long time for every question, so it does so for the first few only.
const (
	longWait  = 500 * time.Millisecond
	shortWait = 10 * time.Millisecond
	longWaits = 3
)

// sender is what a run knows of a port that should send its requests. All workers share it.
type sender struct {
	mu    sync.Mutex
	sends bool // a request has arrived
	waits int
}

// patience is how long to wait for the next request.
func (s *sender) patience() time.Duration {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.waits++
	if s.sends || s.waits <= longWaits {
		return longWait
	}
	return shortWait
}

func (s *sender) seen(arrived bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.sends = s.sends || arrived
}

// capture is the stand-in of one worker; nil where nothing is captured.
type capture struct {
	server *stub.Server
	sender *sender
}

// startCapture starts a stand-in if requests are to be captured.
func (c Config) startCapture() (*capture, error) {
	if !c.Capture {
		return nil, nil
	}
	server, err := stub.Start()
	if err != nil {
		return nil, err
	}
	return &capture{server, c.sender}, nil
}

// base is the base_url of the questions, "" for their own.
func (c *capture) base() string {
	if c == nil {
		return ""
	}
	return c.server.URL()
}

// take returns what arrived since the last call.
func (c *capture) take() ([]stub.Request, int) {
	requests, connections := c.server.Take()
	c.sender.seen(len(requests) > 0)
	return requests, connections
}

// reset drops what arrived too late for the question before.
func (c *capture) reset() {
	if c != nil {
		c.take()
	}
}

// collect adds to a reply what arrived.
func (c *capture) collect(r *Reply) {
	if c == nil {
		return
	}
	a := r.Answer
	if r.Fault == NoAnswer || a != nil && a.Error == nil && a.Unsupported == nil {
		c.server.Wait(c.sender.patience())
	}
	r.Base = c.server.URL()
	r.Arrived, r.Connections = c.take()
}

func (c *capture) close() {
	if c != nil {
		c.server.Close()
	}
}

// Package standin stands in for the real server on the loopback interface, so that one can see what a client really sends.
//
// [Start] starts one that takes every request of any method and path, answers {"ok": true}, and keeps what arrived as it arrived. A [Guard] is the handler of one that
// verifies signatures, from the wire alone, and says why it refuses.
package stub

import (
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"sync"
	"time"
)

// MaxBody is the longest body that is taken, in bytes.
const MaxBody = 16 << 20

// MaxRequests is how many requests are kept between two calls of Take; more are answered and forgotten.
const MaxRequests = 3

// How long a sender may take.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = time.Minute
)

// Request is a request as it arrived.
type Request struct {
	Method string
	Target string // as it stood in the request line
	Header http.Header
	Body   string
}

// Server is a running stand-in.
type Server struct {
	server   http.Server
	listener net.Listener

	mu          sync.Mutex
	requests    []Request
	connections int
	arrived     chan struct{} // signalled when something arrived
}

// Start starts a stand-in on a free port of 127.0.0.1.
func Start() (*Server, error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, fmt.Errorf("starting the stand-in server: %w", err)
	}
	s := &Server{listener: listener, arrived: make(chan struct{}, 1)}
	s.server = http.Server{Handler: s, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, MaxHeaderBytes: 16 << 20, ErrorLog: log.New(io.Discard, "", 0), ConnState: s.connected}
	go func() { _ = s.server.Serve(listener) }()
	return s, nil
}

// URL is the address, without a slash at its end.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Close ends the server and all connections.
func (s *Server) Close() { _ = s.server.Close() }

// connected counts connections: one without a request on it shows a client that does not speak HTTP, or not HTTP that can be read.
func (s *Server) connected(_ net.Conn, state http.ConnState) {
	if state == http.StateNew {
		s.mu.Lock()
		s.connections++
		s.mu.Unlock()
	}
}

// ServeHTTP keeps the request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxBody))
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		http.Error(w, large.Error(), http.StatusRequestEntityTooLarge)
		return
	}
	if err != nil {
		return // the client went away
	}
	s.mu.Lock()
	if len(s.requests) < MaxRequests {
		s.requests = append(s.requests, Request{Method: r.Method, Target: r.RequestURI, Header: r.Header, Body: string(body)})
	}
	s.mu.Unlock()
	select {
	case s.arrived <- struct{}{}:
	default:
	}
	writeOK(w)
}

// Wait returns when a request has arrived since the last call of Take, or after a while.
func (s *Server) Wait(d time.Duration) {
	s.mu.Lock()
	there := len(s.requests) > 0
	s.mu.Unlock()
	if there {
		return
	}
	select {
	case <-s.arrived:
	case <-time.After(d):
	}
}

// Take returns the requests that arrived since the last call, and how many connections were made.
func (s *Server) Take() (requests []Request, connections int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	requests, connections = s.requests, s.connections
	s.requests, s.connections = nil, 0
	select {
	case <-s.arrived:
	default:
	}
	return requests, connections
}

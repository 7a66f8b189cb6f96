// Package stub is a server on the loopback interface that stands in for the real one.
//
// [Start] starts a server that takes every request of any method and path, answers {"ok": true},
// and keeps what arrived, byte for byte. A [VerifyingServer] checks the signature of each request,
// from the request alone, and says why it refuses one. A [Recorder] logs requests and verdicts.
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

// MaxRequests is how many requests are kept between two calls of Take; more are answered and
// forgotten.
const MaxRequests = 3

// How long a sender may take, and requests in progress when the server is to end.
const (
	headerTimeout = 10 * time.Second
	readTimeout   = 20 * time.Second
	writeTimeout  = 10 * time.Second
	shutdownTime  = 500 * time.Millisecond
)

// Request is a request as it arrived.
type Request struct {
	Method string
	Server string // scheme and host that the client asked, as a base URL
	Target string // of the request line
	Header http.Header
	Body   string
}

// requestOf returns a request as it arrived, whose body has been read.
func requestOf(r *http.Request, body string) Request {
	scheme := "http://"
	if r.TLS != nil {
		scheme = "https://"
	}
	return Request{
		Method: r.Method,
		Server: scheme + r.Host,
		Target: r.RequestURI,
		Header: r.Header,
		Body:   body,
	}
}

// Server is a running stand-in.
type Server struct {
	server   http.Server
	listener net.Listener
	senders  *senders

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
	s := &Server{
		listener: listener,
		senders:  newSenders(maxSenders),
		arrived:  make(chan struct{}, 1),
	}
	s.server = http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		WriteTimeout:      readTimeout + writeTimeout,
		MaxHeaderBytes:    maxSentHeader,
		ErrorLog:          log.New(io.Discard, "", 0),
		ConnState:         s.connected,

		DisableGeneralOptionsHandler: true, // every request counts
	}
	s.senders.watch(&s.server)
	go func() { _ = s.server.Serve(listener) }()
	return s, nil
}

// URL is the address, without a slash at its end.
func (s *Server) URL() string { return "http://" + s.listener.Addr().String() }

// Close ends the server and all connections.
func (s *Server) Close() { _ = s.server.Close() }

// connected counts connections: one without a request on it shows a client that does not speak
// HTTP, or not HTTP that can be read.
func (s *Server) connected(_ net.Conn, state http.ConnState) {
	if state == http.StateNew {
		s.mu.Lock()
		s.connections++
		s.mu.Unlock()
	}
}

// captured bounds the bodies that are on their way to all stand-ins.
var captured = newBodies(bodiesInMemory)

// ServeHTTP keeps the request. One whose body is broken or too large has not arrived.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, release, err := captured.read(r.Body, MaxBody)
	defer release()
	defer s.senders.answer(r)()
	switch {
	case errors.Is(err, errTooLarge):
		http.Error(w, err.Error(), http.StatusRequestEntityTooLarge)
		return
	case errors.Is(err, errBusy):
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	case err != nil:
		http.Error(w, "the body is broken: "+err.Error(), http.StatusBadRequest)
		return
	}
	s.keep(requestOf(r, body))
	select {
	case s.arrived <- struct{}{}:
	default:
	}
	writeOK(w)
}

// keep keeps the first requests, and of all but the first no body: one alone is judged.
func (s *Server) keep(r Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.requests) > 0 {
		r.Body = ""
	}
	if len(s.requests) < MaxRequests {
		s.requests = append(s.requests, r)
	}
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

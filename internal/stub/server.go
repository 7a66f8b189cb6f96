package stub

import (
	"context"
	"encoding/json"
	"errors"
	"io"
	"log"
	"net"
	"net/http"
	"time"

	"golang.org/x/sync/semaphore"
)

// MaxVerifiedBody is the longest body that a [VerifyingServer] takes, in bytes.
const MaxVerifiedBody = 64 << 20

// VerifyingServer verifies every request of any method and path, and answers {"ok": true}, or 403
// with the reason as JSON.
type VerifyingServer struct {
	Verifier
	Fixtures map[string]Fixture // by path: what is answered instead of {"ok": true}
	// Explain says why a signature is wrong; may be nil.
	Explain func(context.Context, Request, Verdict) Explanation
	// Record is called for each request, maybe by several goroutines; may be nil.
	Record func(time.Time, Request, Verdict, Explanation)

	large      *semaphore.Weighted // bounds the large bodies in memory
	explaining *semaphore.Weighted // bounds the explanations in progress
}

// Explanation is more about a refusal than the request alone shows.
type Explanation struct {
	// NotRebuildable says why a server cannot see that the client is right by the reference.
	NotRebuildable string `json:"-"`
	// Mistakes are those that the client seems to have made, the likeliest first.
	Mistakes []Hint `json:"mistakes,omitempty"`
	// Hint says what to look at if there are no mistakes.
	Hint string `json:"hint,omitempty"`
}

// Hint is a known mistake and its fix.
type Hint struct {
	ID   string `json:"id"`
	What string `json:"what"`
	Fix  string `json:"fix"`
}

// NewVerifyingServer returns a server without fixtures.
func NewVerifyingServer(v Verifier) *VerifyingServer {
	return &VerifyingServer{
		Verifier:   v,
		Fixtures:   map[string]Fixture{},
		large:      semaphore.NewWeighted(2),
		explaining: semaphore.NewWeighted(1),
	}
}

// refused is the body of a 403.
type refused struct {
	OK      bool   `json:"ok"`
	Reason  Reason `json:"reason"`
	Detail  string `json:"detail"`
	HMACMsg string `json:"hmac_msg"` // that the server built
	Explanation
}

// ServeHTTP verifies a request.
func (s *VerifyingServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength < 0 || r.ContentLength > 1<<20 {
		if s.large.Acquire(r.Context(), 1) != nil {
			return // the client went away
		}
		defer s.large.Release(1)
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxVerifiedBody))
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		answer := map[string]any{"ok": false, "detail": large.Error()}
		writeJSON(w, http.StatusRequestEntityTooLarge, answer)
		return
	}
	if err != nil {
		return // the client went away
	}
	request := requestOf(r, string(body))
	verdict, why := s.verify(r.Context(), request)
	if s.Record != nil {
		s.Record(time.Now(), request, verdict, why)
	}
	fixture, prepared := s.Fixtures[r.URL.Path]
	switch {
	case verdict.Reason != "":
		refusal := refused{
			Reason:      verdict.Reason,
			Detail:      verdict.Detail,
			HMACMsg:     verdict.Message,
			Explanation: why,
		}
		writeJSON(w, http.StatusForbidden, refusal)
	case prepared:
		w.Header().Set("Content-Type", fixture.Type)
		_, _ = w.Write(fixture.Body)
	default:
		writeOK(w)
	}
}

func (s *VerifyingServer) verify(ctx context.Context, r Request) (Verdict, Explanation) {
	v := s.Check(r)
	if v.Reason != WrongSignature {
		return v, Explanation{}
	}
	why := s.explain(ctx, r, v)
	if why.NotRebuildable != "" {
		v.Reason, v.Detail = NotRebuildable, why.NotRebuildable
	}
	return v, why
}

// explain explains one refusal at a time: it takes a while, and a flood of wrong requests must not
// take all the processors. A request that waits too long for its turn gets no explanation.
func (s *VerifyingServer) explain(ctx context.Context, r Request, v Verdict) Explanation {
	const longest = 64 << 10 // bytes of a request: long ones take long, and much memory
	if s.Explain == nil || len(r.Target)+len(r.Body) > longest {
		return Explanation{}
	}
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	if s.explaining.Acquire(ctx, 1) != nil {
		return Explanation{}
	}
	defer s.explaining.Release(1)
	return s.Explain(ctx, r, v)
}

// writeOK writes what the real server answers to a heartbeat.
func writeOK(w http.ResponseWriter) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, `{"ok": true}`+"\n") // the client may have gone away
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(status)
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(v) // the client may have gone away
}

// Serve serves until the context ends, and then lets requests in progress finish.
func (s *VerifyingServer) Serve(ctx context.Context, listener net.Listener) error {
	server := http.Server{
		Handler:           s,
		ReadHeaderTimeout: headerTimeout,
		ReadTimeout:       readTimeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    1 << 20,
		ErrorLog:          log.New(io.Discard, "", 0),
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.Background(), shutdownTime)
		defer cancel()
		if err := server.Shutdown(late); err != nil {
			_ = server.Close()
		}
		stopped <- nil
	})
	defer stop()
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return <-stopped
}

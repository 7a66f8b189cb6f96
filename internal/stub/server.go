package stub

import (
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"strings"
	"time"

	"golang.org/x/sync/semaphore"
)

// Bounds of the requests that a [VerifyingServer] takes.
const (
	// MaxVerifiedBody is how many bytes a body may have if nothing else is said.
	MaxVerifiedBody = 4 << 20
	// MostBody is how many bytes a body may ever have.
	MostBody = 32 << 20
	// maxParameters is how many parameters a request may have.
	maxParameters = 100_000
)

// VerifyingServer verifies every request of any method and path, and answers {"ok": true}, or 403
// with the reason as JSON.
type VerifyingServer struct {
	Verifier
	Fixtures map[string]Fixture // by path: what is answered instead of {"ok": true}
	// Explain says why a signature is wrong; may be nil.
	Explain func(context.Context, Request, Verdict) Explanation
	// Record is called for each request, maybe by several goroutines; may be nil. What it gets holds
	// no secrets.
	Record func(time.Time, Request, Verdict, Explanation)
	// MaxBody is how many bytes a body may have; [MaxVerifiedBody] if zero.
	MaxBody int64
	// Redact hides the key in a text for people; may be nil.
	Redact func(string) string

	senders    *senders
	bodies     *bodies
	large      *semaphore.Weighted // bounds the large bodies that are taken apart
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
		senders:    newSenders(maxConnections),
		bodies:     newBodies(bodiesInMemory),
		large:      semaphore.NewWeighted(1),
		explaining: semaphore.NewWeighted(1),
	}
}

// refused is the body of an answer that refuses a request.
type refused struct {
	OK      bool   `json:"ok"`
	Reason  Reason `json:"reason"`
	Detail  string `json:"detail"`
	HMACMsg string `json:"hmac_msg"` // that the server built
	Explanation
}

// ServeHTTP verifies a request.
func (s *VerifyingServer) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, release, err := s.bodies.read(r.Body, cmp.Or(s.MaxBody, MaxVerifiedBody))
	defer release()
	defer s.senders.answer(r)()
	request := requestOf(r, body)
	status, verdict, why := s.judge(r.Context(), request, err)
	m := maskOf(request, s.Redact, verdict.Token, s.Token(verdict.Message))
	if s.Record != nil {
		s.Record(time.Now(), m.request(request), m.verdict(verdict), why)
	}
	fixture, prepared := s.Fixtures[r.URL.Path]
	switch {
	case verdict.Reason != "":
		public := m.verdict(verdict)
		writeJSON(w, status, refused{
			Reason:      public.Reason,
			Detail:      public.Detail,
			HMACMsg:     public.Message,
			Explanation: why,
		})
	case prepared:
		writeHeader(w, fixture.Type, http.StatusOK)
		_, _ = w.Write(fixture.Body)
	default:
		writeOK(w)
	}
}

// judge decides about a request whose body has been read, or has not, which the error says.
func (s *VerifyingServer) judge(
	ctx context.Context, r Request, err error,
) (status int, v Verdict, why Explanation) {
	parameters := 1 + strings.Count(r.Target, "&") + strings.Count(r.Body, "&")
	switch {
	case errors.Is(err, errTooLarge):
		detail := fmt.Sprintf("the body has more than %d bytes: send less, or raise --max-body",
			cmp.Or(s.MaxBody, MaxVerifiedBody))
		return http.StatusRequestEntityTooLarge, Verdict{Reason: TooLarge, Detail: detail}, why
	case errors.Is(err, errBusy):
		return http.StatusServiceUnavailable, Verdict{Reason: Busy, Detail: err.Error()}, why
	case err != nil:
		return http.StatusBadRequest, Verdict{
			Reason: BrokenBody,
			Detail: "the body is shorter than announced, or its chunks are broken: " +
				"send Content-Length bytes, or whole chunks",
		}, why
	case parameters > maxParameters:
		detail := fmt.Sprintf("the request has more than %d parameters", maxParameters)
		return http.StatusRequestEntityTooLarge, Verdict{Reason: TooLarge, Detail: detail}, why
	}
	if len(r.Body) > freeBody {
		if s.large.Acquire(ctx, 1) != nil {
			return http.StatusBadRequest, Verdict{Reason: Busy, Detail: "the client went away"}, why
		}
		defer s.large.Release(1)
	}
	v, why = s.verify(ctx, r)
	return http.StatusForbidden, v, why
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
	ctx, cancel := context.WithTimeout(ctx, explainTime)
	defer cancel()
	if s.explaining.Acquire(ctx, 1) != nil {
		return Explanation{}
	}
	found := make(chan Explanation, 1)
	go func() {
		defer s.explaining.Release(1)
		found <- s.Explain(ctx, r, v)
	}()
	select {
	case why := <-found:
		return why
	case <-ctx.Done():
		return Explanation{Hint: fmt.Sprintf("the mistake was not found within %v", explainTime)}
	}
}

// explainTime is how long one refusal is explained.
const explainTime = time.Second

// writeOK writes what the real server answers to a heartbeat.
func writeOK(w http.ResponseWriter) {
	writeHeader(w, jsonType, http.StatusOK)
	_, _ = io.WriteString(w, `{"ok": true}`+"\n") // the client may have gone away
}

const jsonType = "application/json"

// writeHeader writes the header of an answer. No browser may take it for another type.
func writeHeader(w http.ResponseWriter, contentType string, status int) {
	w.Header().Set("Content-Type", contentType)
	w.Header().Set("X-Content-Type-Options", "nosniff")
	w.WriteHeader(status)
}

func writeJSON(w http.ResponseWriter, status int, v any) {
	writeHeader(w, jsonType, status)
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
		WriteTimeout:      readTimeout + writeTimeout,
		IdleTimeout:       2 * time.Minute,
		MaxHeaderBytes:    maxHeader,
		ErrorLog:          log.New(io.Discard, "", 0),

		DisableGeneralOptionsHandler: true, // every request is verified
	}
	s.senders.watch(&server)
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

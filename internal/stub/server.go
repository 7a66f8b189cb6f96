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
)

// MaxGuardBody is the longest body that a [Guard] takes, in bytes.
const MaxGuardBody = 64 << 20

// Guard verifies every request of any method and path, and answers {"ok": true}, or 403 with the reason as JSON.
type Guard struct {
	Verifier
	Fixtures map[string]Fixture                             // by path: what is answered instead of {"ok": true}
	Explain  func(Request, Verdict) Explanation             // why a signature is wrong; may be nil
	Record   func(time.Time, Request, Verdict, Explanation) // called for each request, maybe at once; may be nil

	large      chan struct{} // holds a token for each large body in memory
	explaining chan struct{} // holds one while an explanation is made
}

// Fixture is a prepared answer.
type Fixture struct {
	Type string // its Content-Type
	Body []byte
}

// Explanation is more about a refusal than the request alone shows.
type Explanation struct {
	NotRebuildable string `json:"-"`                  // the client is right by the reference; why a server cannot see that
	Mistakes       []Hint `json:"mistakes,omitempty"` // that the client seems to have made, the likeliest first
	Hint           string `json:"hint,omitempty"`     // what to look at if there are none
}

// Hint is a known mistake and its mend.
type Hint struct {
	ID   string `json:"id"`
	What string `json:"what"`
	Fix  string `json:"fix"`
}

// NewGuard returns a guard.
func NewGuard(v Verifier) *Guard {
	return &Guard{Verifier: v, Fixtures: map[string]Fixture{}, large: make(chan struct{}, 2), explaining: make(chan struct{}, 1)}
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
func (g *Guard) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if r.ContentLength < 0 || r.ContentLength > 1<<20 {
		select {
		case g.large <- struct{}{}:
			defer func() { <-g.large }()
		case <-r.Context().Done():
			return
		}
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, MaxGuardBody))
	if large, ok := errors.AsType[*http.MaxBytesError](err); ok {
		writeJSON(w, http.StatusRequestEntityTooLarge, map[string]any{"ok": false, "detail": large.Error()})
		return
	}
	if err != nil {
		return // the client went away
	}
	request := Request{Method: r.Method, Target: r.RequestURI, Header: r.Header, Body: string(body)}
	verdict := g.Check(request)
	var why Explanation
	if verdict.Reason == WrongSignature {
		if why = g.explain(request, verdict); why.NotRebuildable != "" {
			verdict.Reason, verdict.Detail = NotRebuildable, why.NotRebuildable
		}
	}
	if g.Record != nil {
		g.Record(time.Now(), request, verdict, why)
	}
	fixture, prepared := g.Fixtures[r.URL.Path]
	switch {
	case verdict.Reason != "":
		writeJSON(w, http.StatusForbidden, refused{false, verdict.Reason, verdict.Detail, verdict.Message, why})
	case prepared:
		w.Header().Set("Content-Type", fixture.Type)
		_, _ = w.Write(fixture.Body)
	default:
		writeOK(w)
	}
}

// explain explains one refusal at a time: it takes a while, and a flood of wrong requests must not take all the processors.
func (g *Guard) explain(r Request, v Verdict) Explanation {
	const longest = 64 << 10 // of a request that is explained: long ones take long, and much memory
	if g.Explain == nil || len(r.Target)+len(r.Body) > longest {
		return Explanation{}
	}
	select {
	case g.explaining <- struct{}{}:
		defer func() { <-g.explaining }()
		return g.Explain(r, v)
	case <-time.After(time.Second):
		return Explanation{}
	}
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

// Serve serves until the context ends, and then lets requests that are under way come to their end.
func (g *Guard) Serve(ctx context.Context, listener net.Listener) error {
	server := http.Server{
		Handler: g, ReadHeaderTimeout: headerTimeout, ReadTimeout: readTimeout, IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 1 << 20, ErrorLog: log.New(io.Discard, "", 0),
	}
	stopped := make(chan error, 1)
	stop := context.AfterFunc(ctx, func() {
		late, cancel := context.WithTimeout(context.Background(), 5*time.Second)
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

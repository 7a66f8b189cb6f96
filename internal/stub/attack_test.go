package stub

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/signer"
)

// records are the requests and verdicts that a server has recorded.
type records struct {
	mu  sync.Mutex
	all []string
}

func (r *records) add(_ time.Time, q Request, v Verdict, _ Explanation) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.all = append(r.all, fmt.Sprint(q, v))
}

func (r *records) text() string {
	r.mu.Lock()
	defer r.mu.Unlock()
	return strings.Join(r.all, "\n")
}

// statusOf sends bytes, ends the sending, and returns the status of the response.
func statusOf(t *testing.T, base, text string) int {
	conn := dial(t, base)
	_, err := io.WriteString(conn, text)
	require.NoError(t, err)
	require.NoError(t, conn.(*net.TCPConn).CloseWrite())
	response, err := http.ReadResponse(bufio.NewReader(conn), nil)
	require.NoError(t, err)
	response.Body.Close()
	return response.StatusCode
}

func dial(t *testing.T, base string) net.Conn {
	u, err := url.Parse(base)
	require.NoError(t, err)
	conn, err := net.Dial("tcp", u.Host)
	require.NoError(t, err)
	t.Cleanup(func() { conn.Close() })
	return conn
}

// A request that is not all there is no success, and it is recorded.
func TestBrokenRequestsAreRefused(t *testing.T) {
	const chunked = "POST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
	var kept records
	base, _ := verifying(t, func(g *VerifyingServer) { g.Record = kept.add })
	standIn, err := Start()
	require.NoError(t, err)
	defer standIn.Close()
	for text, status := range map[string]int{
		chunked + "5\r\nab":      400,
		chunked + "zz\r\nab\r\n": 400,
		"POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\n\r\nshort": 400,
		"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n":                          403,
	} {
		before := len(kept.all)
		assert.Equal(t, status, statusOf(t, base, text), text)
		assert.Len(t, kept.all, before+1, text)
		if status == 400 {
			assert.Equal(t, status, statusOf(t, standIn.URL(), text), text)
		}
	}
	requests, _ := standIn.Take()
	assert.Empty(t, requests)
}

// Nobody gets past the check of the email by naming two.
func TestTwoEmailsAreRefused(t *testing.T) {
	base, _ := verifying(t, nil)
	for _, query := range []string{
		"email=evil%40example.com&email=user%40example.com",
		"email=user%40example.com&email=user%40example.com",
		"email=evil?email=evil&email=user%40example.com",
	} {
		r := signed(t, base, "GET", "/", "{}")
		r.URL.RawQuery = query
		_, body := send(t, r)
		assert.Contains(t, body, `"reason":"unknown-email"`, query)
	}
}

// What is too much is refused before it is taken apart.
func TestTooMuchIsRefused(t *testing.T) {
	base, _ := verifying(t, nil)
	for _, body := range []string{
		strings.Repeat("a=1&", MaxVerifiedBody/4+1),
		strings.Repeat("a&", maxParameters),
	} {
		r, err := http.NewRequestWithContext(t.Context(), "POST", base, strings.NewReader(body))
		require.NoError(t, err)
		r.Header.Set("Content-Type", signer.FormType)
		status, text := send(t, r)
		assert.Equal(t, http.StatusRequestEntityTooLarge, status, text)
	}
}

// Slow uploads do not keep others out.
func TestSlowUploadsStallNobody(t *testing.T) {
	base, _ := verifying(t, nil)
	for range 5 {
		conn := dial(t, base)
		_, err := fmt.Fprintf(conn, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: %d\r\n\r\n%s",
			2<<20, strings.Repeat("x", 1<<20))
		require.NoError(t, err)
	}
	large := strings.Repeat("SBOM & more ", 100_000)
	r := signed(t, base, "POST", "/api/v1/big", `{"manifest": "`+large+`"}`)
	ctx, cancel := context.WithTimeout(t.Context(), readTimeout/2)
	defer cancel()
	status, _ := send(t, r.WithContext(ctx))
	assert.Equal(t, http.StatusOK, status)
}

// When there are too many connections, the oldest one that sends nothing has to go.
func TestIdleConnectionsKeepNobodyOut(t *testing.T) {
	base, _ := verifying(t, nil)
	first := dial(t, base)
	for range maxConnections {
		dial(t, base)
	}
	status, _ := send(t, signed(t, base, "POST", "/api/v1/heartbeat", "{}"))
	assert.Equal(t, http.StatusOK, status)
	require.NoError(t, first.SetReadDeadline(time.Now().Add(headerTimeout/2)))
	_, err := first.Read(make([]byte, 1))
	assert.ErrorIs(t, err, io.EOF)
}

// A search that does not end holds up no answer.
func TestExplanationThatNeverEnds(t *testing.T) {
	never := make(chan bool)
	defer close(never)
	base, _ := verifying(t, func(g *VerifyingServer) {
		g.Explain = func(context.Context, Request, Verdict) Explanation {
			<-never
			return Explanation{}
		}
	})
	for range 2 {
		r := signed(t, base, "GET", "/", "{}")
		r.Header.Set(signer.Header, "x")
		status, body := send(t, r)
		assert.Equal(t, http.StatusForbidden, status)
		assert.Contains(t, body, `"reason":"wrong-signature"`)
	}
}

func TestAnswersAreNotSniffed(t *testing.T) {
	base, _ := verifying(t, func(g *VerifyingServer) {
		g.Fixtures["/list"] = Fixture{"text/plain", []byte("<script>")}
	})
	for _, resource := range []string{"/list", "/other"} {
		for _, token := range []string{"", "x"} {
			r := signed(t, base, "GET", resource, "{}")
			if token != "" {
				r.Header.Set(signer.Header, token)
			}
			response, err := http.DefaultClient.Do(r)
			require.NoError(t, err)
			response.Body.Close()
			assert.Equal(t, "nosniff", response.Header.Get("X-Content-Type-Options"))
		}
	}
}

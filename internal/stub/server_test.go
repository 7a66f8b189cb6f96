package stub

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/signer"
)

func testSigner(t *testing.T, base string) *signer.Signer {
	s, err := signer.New(signer.Credentials{Email: "user@example.com", Key: signer.NewKey("test-key"), BaseURL: base})
	require.NoError(t, err)
	return s
}

// guarded starts a guard, and returns its address and what stops it.
func guarded(t *testing.T, change func(*Guard)) (base string, stop func() error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	g := NewGuard(Verifier{Email: "user@example.com", Token: testSigner(t, "").Token})
	if change != nil {
		change(g)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- g.Serve(ctx, listener) }()
	stop = sync.OnceValue(func() error { cancel(); return <-ended })
	t.Cleanup(func() { assert.NoError(t, stop()) })
	return "http://" + listener.Addr().String(), stop
}

func send(t *testing.T, r *http.Request) (status int, body string) {
	response, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	defer response.Body.Close()
	text, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	return response.StatusCode, string(text)
}

func signed(t *testing.T, base, method, resource, data string) *http.Request {
	object, err := signer.ParseData([]byte(data))
	require.NoError(t, err)
	r, err := testSigner(t, base).NewRequest(t.Context(), signer.Request{Method: method, Resource: resource, Data: object})
	require.NoError(t, err)
	return r
}

func TestGuardAccepts(t *testing.T) {
	var recorded atomic.Int32
	base, _ := guarded(t, func(g *Guard) {
		g.Fixtures["/api/v1/list"] = Fixture{"text/plain", []byte("prepared")}
		g.Record = func(_ time.Time, r Request, v Verdict, _ Explanation) {
			recorded.Add(1)
			assert.Empty(t, v.Reason, r.Target)
		}
	})
	for _, c := range []struct{ method, resource, data, want string }{
		{"POST", "/api/v1/heartbeat", `{}`, `{"ok": true}` + "\n"},
		{"GET", "/api/v1/list", `{"a": ["y", "x"], "b": true}`, "prepared"},
		{"DELETE", "/api/v1/x y", `{"a": "1&b=2", "ü": "\n"}`, `{"ok": true}` + "\n"},
		{"PATCH", "/", `{}`, `{"ok": true}` + "\n"},
		{"POST", "/api/v1/big", `{"manifest": "` + strings.Repeat("SBOM & more ", 200_000) + `"}`, `{"ok": true}` + "\n"},
	} {
		status, body := send(t, signed(t, base, c.method, c.resource, c.data))
		assert.Equal(t, http.StatusOK, status, c.resource)
		assert.Equal(t, c.want, body, c.resource)
	}
	assert.Equal(t, int32(5), recorded.Load())
}

func TestGuardRefuses(t *testing.T) {
	base, _ := guarded(t, func(g *Guard) {
		g.Explain = func(r Request, v Verdict) Explanation {
			if strings.Contains(r.Target, "known") {
				return Explanation{NotRebuildable: "that is why"}
			}
			return Explanation{Mistakes: []Hint{{"a-mistake", "It is wrong.", "Mend it."}}}
		}
	})
	for name, c := range map[string]struct {
		change func(*http.Request)
		reason Reason
		detail string
	}{
		"no header":       {func(r *http.Request) { r.Header.Del(signer.Header) }, NoSignature, "the request has 0 headers X-Auth-Signature; send one, with the token"},
		"two headers":     {func(r *http.Request) { r.Header.Add(signer.Header, "x") }, NoSignature, "the request has 2 headers X-Auth-Signature; send one, with the token"},
		"wrong type":      {func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, WrongType, `the body has Content-Type "text/plain"; send the data form-encoded, as application/x-www-form-urlencoded`},
		"wrong token":     {func(r *http.Request) { r.Header.Set(signer.Header, "x") }, WrongSignature, "the token is not that of the message which the server builds from the request"},
		"not rebuildable": {func(r *http.Request) { r.Header.Set(signer.Header, "x"); r.URL.Path = "/known" }, NotRebuildable, "that is why"},
		"other path":      {func(r *http.Request) { r.URL.Path = "/other" }, WrongSignature, "the token is not that of the message which the server builds from the request"},
	} {
		r := signed(t, base, "POST", "/api/v1/x", `{"a": "1"}`)
		c.change(r)
		status, body := send(t, r)
		assert.Equal(t, http.StatusForbidden, status, name)
		var got struct {
			OK       bool
			Reason   Reason
			Detail   string
			HMACMsg  string `json:"hmac_msg"`
			Mistakes []Hint
		}
		require.NoError(t, json.Unmarshal([]byte(body), &got), body)
		assert.Equal(t, []any{false, c.reason, c.detail}, []any{got.OK, got.Reason, got.Detail}, name)
		assert.True(t, strings.HasPrefix(got.HMACMsg, "POST/"), got.HMACMsg)
		assert.Equal(t, c.reason == WrongSignature, len(got.Mistakes) == 1, name)
		assert.NotContains(t, body, "test-key")
	}
	r := signed(t, base, "GET", "/", "{}")
	r.URL.RawQuery = "email=other%40example.com"
	_, body := send(t, r)
	assert.Contains(t, body, `the request is of \"other@example.com\", and the key of \"user@example.com\"; use the key file's email`)
	r.URL.RawQuery = ""
	_, body = send(t, r)
	assert.Contains(t, body, "the request has no parameter email")
}

// What no client should send does not take the server down.
func TestGuardSurvives(t *testing.T) {
	base, stop := guarded(t, nil)
	u, err := url.Parse(base)
	require.NoError(t, err)
	for _, text := range []string{
		"", "\x00\xff\r\n\r\n", "GET\r\n\r\n", "GET / HTTP/1.1\r\n\r\n", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\n\r\nshort",
		"GET / HTTP/1.1\r\nHost: h\r\nX: " + strings.Repeat("x", 2<<20), "GET /%zz?%=%zz&&=&email HTTP/1.1\r\nHost: h\r\n\r\n", "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
	} {
		conn, err := net.Dial("tcp", u.Host)
		require.NoError(t, err)
		_, _ = io.WriteString(conn, text)
		conn.Close()
	}
	slow, err := net.Dial("tcp", u.Host) // one that never comes to its end does not keep the server from stopping
	require.NoError(t, err)
	defer slow.Close()
	_, _ = io.WriteString(slow, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n")
	large, err := http.NewRequestWithContext(t.Context(), "POST", base, io.LimitReader(zeros{}, MaxGuardBody+1))
	require.NoError(t, err)
	response, err := http.DefaultClient.Do(large)
	if err == nil { // the server may close the connection before all is sent
		assert.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
		response.Body.Close()
	}
	status, _ := send(t, signed(t, base, "POST", "/api/v1/heartbeat", "{}"))
	assert.Equal(t, http.StatusOK, status)
	assert.NoError(t, stop())
}

type zeros struct{}

func (zeros) Read(p []byte) (int, error) { return len(p), nil }

// 10,000 requests, right and wrong, from 64 connections: no error, and no growth of memory.
func TestGuardUnderLoad(t *testing.T) {
	count := 10_000
	if testing.Short() {
		count = 1000
	}
	base, _ := guarded(t, nil)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	s := testSigner(t, base)
	var next, failures atomic.Int64
	load := func(n int) {
		next.Store(0)
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				for i := next.Add(1); i <= int64(n); i = next.Add(1) {
					want := http.StatusOK
					r, err := s.NewRequest(context.Background(), signer.Request{Method: "GET", Resource: fmt.Sprintf("/api/v1/%d", i), Data: signer.Object{{Key: "a", Value: signer.String("x y")}}})
					if err == nil && i%10 == 0 {
						r.Header.Set(signer.Header, "wrong")
						want = http.StatusForbidden
					}
					var response *http.Response
					if err == nil {
						response, err = client.Do(r)
					}
					if err != nil {
						failures.Add(1)
						continue
					}
					_, _ = io.Copy(io.Discard, response.Body)
					response.Body.Close()
					if response.StatusCode != want {
						failures.Add(1)
					}
				}
			})
		}
		wg.Wait()
	}
	load(1000)
	before := heap()
	began := time.Now()
	load(count)
	t.Logf("%d requests from 64 connections: %.0f a second; heap %d KB before, %d KB after", count, float64(count)/time.Since(began).Seconds(), before>>10, heap()>>10)
	assert.Zero(t, failures.Load())
	assert.Less(t, heap(), before+8<<20)
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

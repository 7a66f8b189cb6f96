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
	s, err := signer.New(signer.Credentials{
		Email:   "user@example.com",
		Key:     signer.NewKey("test-key"),
		BaseURL: base,
	})
	require.NoError(t, err)
	return s
}

// verifying starts a server that verifies, and returns its address and what stops it.
func verifying(t *testing.T, change func(*VerifyingServer)) (base string, stop func() error) {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	g := NewVerifyingServer(Verifier{Email: "user@example.com", Token: testSigner(t, "").Token})
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
	request := signer.Request{Method: method, Resource: resource, Data: object}
	r, err := testSigner(t, base).NewRequest(t.Context(), request)
	require.NoError(t, err)
	return r
}

func TestAccepts(t *testing.T) {
	var recorded atomic.Int32
	base, _ := verifying(t, func(g *VerifyingServer) {
		g.Fixtures["/api/v1/list"] = Fixture{"text/plain", []byte("prepared")}
		g.Record = func(_ time.Time, r Request, v Verdict, _ Explanation) {
			recorded.Add(1)
			assert.Empty(t, v.Reason, r.Target)
		}
	})
	large := strings.Repeat("SBOM & more ", 200_000)
	for _, c := range []struct{ method, resource, data, want string }{
		{"POST", "/api/v1/heartbeat", `{}`, `{"ok": true}` + "\n"},
		{"GET", "/api/v1/list", `{"a": ["y", "x"], "b": true}`, "prepared"},
		{"DELETE", "/api/v1/x y", `{"a": "1&b=2", "ü": "\n"}`, `{"ok": true}` + "\n"},
		{"PATCH", "/", `{}`, `{"ok": true}` + "\n"},
		{"POST", "/api/v1/big", `{"manifest": "` + large + `"}`, `{"ok": true}` + "\n"},
	} {
		status, body := send(t, signed(t, base, c.method, c.resource, c.data))
		assert.Equal(t, http.StatusOK, status, c.resource)
		assert.Equal(t, c.want, body, c.resource)
	}
	assert.Equal(t, int32(5), recorded.Load())
}

func TestRefuses(t *testing.T) {
	base, _ := verifying(t, func(g *VerifyingServer) {
		g.Explain = func(_ context.Context, r Request, v Verdict) Explanation {
			if strings.Contains(r.Target, "known") {
				return Explanation{NotRebuildable: "that is why"}
			}
			return Explanation{Mistakes: []Hint{{"a-mistake", "It is wrong.", "Fix it."}}}
		}
	})
	for name, c := range map[string]struct {
		change func(*http.Request)
		reason Reason
		detail string
	}{
		"no header": {
			func(r *http.Request) { r.Header.Del(signer.Header) }, NoSignature,
			"the request has 0 headers X-Auth-Signature; send one, with the token",
		},
		"two headers": {
			func(r *http.Request) { r.Header.Add(signer.Header, "x") }, NoSignature,
			"the request has 2 headers X-Auth-Signature; send one, with the token",
		},
		"wrong type": {
			func(r *http.Request) { r.Header.Set("Content-Type", "text/plain") }, WrongType,
			`the body has Content-Type "text/plain"; ` +
				"send the data form-encoded, as application/x-www-form-urlencoded",
		},
		"wrong token": {
			func(r *http.Request) { r.Header.Set(signer.Header, "x") }, WrongSignature,
			"the token is not that of the message which the server builds from the request",
		},
		"not rebuildable": {
			func(r *http.Request) { r.Header.Set(signer.Header, "x"); r.URL.Path = "/known" },
			NotRebuildable, "that is why",
		},
		"other path": {
			func(r *http.Request) { r.URL.Path = "/other" }, WrongSignature,
			"the token is not that of the message which the server builds from the request",
		},
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
	assert.Contains(t, body, `the request is of \"other@example.com\", `+
		`and the key of somebody else; use the key file's email`)
	assert.NotContains(t, body, "user@example.com", "who does not know the email does not get it")
	r.URL.RawQuery = ""
	_, body = send(t, r)
	assert.Contains(t, body, "the request has no parameter email")
}

// What no client should send does not take the server down.
func TestSurvivesBadRequests(t *testing.T) {
	base, stop := verifying(t, nil)
	u, err := url.Parse(base)
	require.NoError(t, err)
	for _, text := range []string{
		"",
		"\x00\xff\r\n\r\n",
		"GET\r\n\r\n",
		"GET / HTTP/1.1\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: -1\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\n\r\nshort",
		"GET / HTTP/1.1\r\nHost: h\r\nX: " + strings.Repeat("x", 2<<20),
		"GET /%zz?%=%zz&&=&email HTTP/1.1\r\nHost: h\r\n\r\n",
		"POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
	} {
		conn, err := net.Dial("tcp", u.Host)
		require.NoError(t, err)
		_, _ = io.WriteString(conn, text)
		conn.Close()
	}
	// A request without end does not keep the server from stopping.
	slow, err := net.Dial("tcp", u.Host)
	require.NoError(t, err)
	defer slow.Close()
	_, _ = io.WriteString(slow, "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 5\r\n\r\n")
	body := io.LimitReader(zeros{}, MaxVerifiedBody+1)
	large, err := http.NewRequestWithContext(t.Context(), "POST", base, body)
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

// Many requests, right and wrong, from 64 connections: no error, and no growth of memory.
func TestUnderLoad(t *testing.T) {
	count := 10_000
	if testing.Short() {
		count = 1000
	}
	base, _ := verifying(t, nil)
	client := &http.Client{Transport: &http.Transport{MaxIdleConnsPerHost: 64, MaxConnsPerHost: 64}}
	defer client.CloseIdleConnections()
	s := testSigner(t, base)
	load := func(n int) (failures int64) {
		var next, failed atomic.Int64
		var wg sync.WaitGroup
		for range 64 {
			wg.Go(func() {
				for i := next.Add(1); i <= int64(n); i = next.Add(1) {
					if !loaded(t.Context(), client, s, i) {
						failed.Add(1)
					}
				}
			})
		}
		wg.Wait()
		return failed.Load()
	}
	assert.Zero(t, load(1000))
	before := heap()
	began := time.Now()
	assert.Zero(t, load(count))
	t.Logf("%d requests from 64 connections: %.0f a second; heap %d KB before, %d KB after",
		count, float64(count)/time.Since(began).Seconds(), before>>10, heap()>>10)
	assert.Less(t, heap(), before+8<<20)
}

// loaded sends one request, every tenth with a wrong token, and reports whether the answer is
// right.
func loaded(ctx context.Context, client *http.Client, s *signer.Signer, i int64) bool {
	r, err := s.NewRequest(ctx, signer.Request{
		Method:   "GET",
		Resource: fmt.Sprintf("/api/v1/%d", i),
		Data:     signer.Object{{Key: "a", Value: signer.String("x y")}},
	})
	if err != nil {
		return false
	}
	want := http.StatusOK
	if i%10 == 0 {
		r.Header.Set(signer.Header, "wrong")
		want = http.StatusForbidden
	}
	response, err := client.Do(r)
	if err != nil {
		return false
	}
	defer response.Body.Close()
	_, _ = io.Copy(io.Discard, response.Body)
	return response.StatusCode == want
}

func heap() uint64 {
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

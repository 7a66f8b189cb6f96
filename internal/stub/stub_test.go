package stub

import (
	"bytes"
	"io"
	"net"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func start(t *testing.T) *Server {
	s, err := Start()
	require.NoError(t, err)
	t.Cleanup(s.Close)
	return s
}

// raw sends bytes and returns all that comes back.
func raw(t *testing.T, s *Server, request string) string {
	conn, err := net.Dial("tcp", strings.TrimPrefix(s.URL(), "http://"))
	require.NoError(t, err)
	defer conn.Close()
	require.NoError(t, conn.SetDeadline(time.Now().Add(10*time.Second)))
	_, err = io.WriteString(conn, request)
	require.NoError(t, err)
	answer, _ := io.ReadAll(conn)
	return string(answer)
}

func TestKeepsWhatArrives(t *testing.T) {
	s := start(t)
	answer := raw(t, s, "PATCH /a/../b%2fc?x=%41&y HTTP/1.1\r\nHost: h\r\n"+
		"x-auth-signature: t\r\nX-Auth-Signature: u\r\n"+
		"Content-Length: 3\r\nConnection: close\r\n\r\na=\xff")
	assert.Contains(t, answer, "HTTP/1.1 200 OK")
	assert.Contains(t, answer, `{"ok": true}`)
	requests, connections := s.Take()
	require.Len(t, requests, 1)
	assert.Equal(t, 1, connections)
	got := requests[0]
	want := []string{"PATCH", "/a/../b%2fc?x=%41&y", "a=\xff"}
	assert.Equal(t, want, []string{got.Method, got.Target, got.Body})
	assert.Equal(t, []string{"t", "u"}, got.Header.Values("X-Auth-Signature"))
	requests, connections = s.Take()
	assert.Empty(t, requests)
	assert.Zero(t, connections)
}

func TestNoWholeRequest(t *testing.T) {
	s := start(t)
	raw(t, s, "hello\r\n\r\n")
	requests, connections := s.Take()
	assert.Empty(t, requests)
	assert.Equal(t, 1, connections)
}

func TestBounds(t *testing.T) {
	s := start(t)
	response, err := http.Post(s.URL(), "", bytes.NewReader(make([]byte, MaxBody+1)))
	require.NoError(t, err)
	response.Body.Close()
	assert.Equal(t, http.StatusRequestEntityTooLarge, response.StatusCode)
	for range MaxRequests + 2 {
		response, err := http.Get(s.URL())
		require.NoError(t, err)
		response.Body.Close()
	}
	requests, _ := s.Take()
	assert.Len(t, requests, MaxRequests)
}

func TestWait(t *testing.T) {
	s := start(t)
	go func() {
		time.Sleep(20 * time.Millisecond)
		if response, err := http.Get(s.URL()); err == nil {
			response.Body.Close()
		}
	}()
	s.Wait(10 * time.Second)
	requests, _ := s.Take()
	assert.Len(t, requests, 1)
	s.Wait(0) // nothing came since
	requests, _ = s.Take()
	assert.Empty(t, requests)
}

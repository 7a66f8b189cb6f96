package main

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/signer"
)

// keyFiles writes a key file and one with another key.
func keyFiles(t *testing.T) (right, wrong string) {
	dir := t.TempDir()
	right, wrong = filepath.Join(dir, "linuxlink_key"), filepath.Join(dir, "other_key")
	for file, text := range map[string]string{
		right: `{"email": " user@example.com", "key": "test-key-of-serve\n"}`,
		wrong: `{"email": "user@example.com", "key": "test-key-of-another"}`,
	} {
		require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	}
	return right, wrong
}

// sigcheck runs a command in this process.
func sigcheck(t *testing.T, args ...string) (code int, stdout, stderr string) {
	var out, errs bytes.Buffer
	code = run(t.Context(), args, strings.NewReader(""), &out, &errs)
	return code, out.String(), errs.String()
}

// serving starts `sigcheck serve` in this process and returns the address that it prints first.
func serving(t *testing.T, args ...string) string {
	address, stop := startServing(t, args...)
	t.Cleanup(func() {
		code, errs := stop()
		assert.Zero(t, code, errs)
	})
	return address
}

// startServing is [serving] with what stops it, and returns its exit code and what it logged.
func startServing(t *testing.T, args ...string) (address string, stop func() (int, string)) {
	ctx, cancel := context.WithCancel(context.Background())
	reader, writer := io.Pipe()
	ended := make(chan int, 1)
	var errs syncBuffer
	go func() {
		code := run(ctx, append([]string{"serve"}, args...), nil, writer, &errs)
		writer.Close()
		ended <- code
	}()
	address, err := bufio.NewReader(reader).ReadString('\n')
	require.NoError(t, err, "%s", errs.String())
	return strings.TrimSpace(address), func() (int, string) { cancel(); return <-ended, errs.String() }
}

type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// A refusal names the mistake that the client seems to have made, or says why its message cannot be
// rebuilt.
func TestRefusalsAreExplained(t *testing.T) {
	right, _ := keyFiles(t)
	base := serving(t, "--key-file", right)
	s, err := signer.New(signer.Credentials{
		Email:   "user@example.com",
		Key:     signer.NewKey("test-key-of-serve"),
		BaseURL: base,
	})
	require.NoError(t, err)
	for _, c := range []struct{ query, message, want string }{
		{
			"a=True&email=user%40example.com", "GET/api/v1/xa=true&email=user@example.com",
			`"mistakes":[{"id":"boolean-lower-case"`,
		},
		{
			"email=user%40example.com&z=%26", "GET/api/v1/xemail=user%40example.com&z=%26",
			`"mistakes":[{"id":"escaped-quote-plus"`,
		},
		{
			"email=user%40example.com&n=10&n=9", "GET/api/v1/xemail=user@example.com&n=9&n=10",
			`"reason":"not-rebuildable","detail":"the client is right by the reference, and its ` +
				"message cannot be rebuilt from the request: numbers and lists in a list",
		},
		{
			"email=user%40example.com", "something else",
			`"hint":"no known mistake makes this token of this request`,
		},
	} {
		r, err := http.NewRequestWithContext(t.Context(), "GET", base+"/api/v1/x?"+c.query, nil)
		require.NoError(t, err)
		r.Header.Set(signer.Header, s.Token(c.message))
		response, err := http.DefaultClient.Do(r)
		require.NoError(t, err)
		body, err := io.ReadAll(response.Body)
		response.Body.Close()
		require.NoError(t, err)
		assert.Equal(t, http.StatusForbidden, response.StatusCode)
		assert.Contains(t, string(body), c.want)
		assert.NotContains(t, string(body), "test-key")
	}
}

// A record that cannot be written is told at once, and at the end by the exit code.
func TestServeTellsThatTheDiskIsFull(t *testing.T) {
	if _, err := os.Stat("/dev/full"); err != nil {
		t.Skip("needs /dev/full")
	}
	key, _ := keyFiles(t)
	base, stop := startServing(t, "--key-file", key, "--log", "ndjson=/dev/full")
	code, _, _ := sigcheck(t, "heartbeat", "--key-file", key, "--base-url", base)
	assert.Zero(t, code)
	code, errs := stop()
	assert.Equal(t, 2, code)
	assert.Contains(t, errs, "level=ERROR msg=\"the request was not recorded\"")
}

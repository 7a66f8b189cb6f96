package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestHeartbeat(t *testing.T) {
	right, wrong := keyFiles(t)
	log := filepath.Join(t.TempDir(), "requests.ndjson")
	base := serving(t, "--key-file", right, "--log", "ndjson="+log)
	code, out, errs := sigcheck(t, "heartbeat", "--key-file", right, "--base-url", base)
	assert.Equal(t, []any{0, "{\"ok\": true}\n", ""}, []any{code, out, errs})
	code, out, errs = sigcheck(t, "heartbeat", "--key-file", wrong, "--base-url", base)
	assert.Equal(t, 1, code)
	assert.Contains(t, out, `"reason":"wrong-signature"`)
	assert.Contains(t, errs, "hint: the signature is right by the rules, so look at the key file")
	text, err := os.ReadFile(log)
	require.NoError(t, err)
	assert.Equal(t, 2, bytes.Count(text, []byte("\n")))
	assert.NotContains(t, string(text), "test-key")
	assert.Contains(t, string(text), `"X-Auth-Signature":["[hidden]"]`)
	for line := range bytes.Lines(text) {
		assert.True(t, json.Valid(line))
	}
}

func TestHeartbeatOverTLS(t *testing.T) {
	right, _ := keyFiles(t)
	cert := filepath.Join(t.TempDir(), "cert.pem")
	base := serving(t, "--key-file", right, "--tls", "--cert-file", cert)
	require.True(t, strings.HasPrefix(base, "https://127.0.0.1:"), base)
	beat := func(flags ...string) (code int, out, errs string) {
		args := []string{"heartbeat", "--key-file", right, "--base-url", base}
		return sigcheck(t, append(args, flags...)...)
	}
	code, out, _ := beat("--ca-file", cert)
	assert.Equal(t, []any{0, "{\"ok\": true}\n"}, []any{code, out})
	code, _, errs := beat("--tries", "1")
	assert.Equal(t, 3, code)
	assert.Contains(t, errs, "certificate")
	code, _, errs = beat("--insecure")
	assert.Equal(t, 0, code)
	assert.Contains(t, errs, "level=WARN msg=\"insecure: the server's certificate is not verified\"")
	code, _, errs = beat("--ca-file", right)
	assert.Equal(t, 2, code)
	assert.Contains(t, errs, "no certificate in this file")
}

// A server that fails is tried again, one that says no is not.
func TestHeartbeatTries(t *testing.T) {
	right, _ := keyFiles(t)
	var asked atomic.Int32
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked.Add(1)
		switch {
		case strings.HasPrefix(r.URL.Path, "/no"):
			w.WriteHeader(http.StatusNotFound)
		case strings.HasPrefix(r.URL.Path, "/moved"):
			http.Redirect(w, r, "/other", http.StatusFound)
		case asked.Load() < 3:
			w.WriteHeader(http.StatusBadGateway)
		default:
			fmt.Fprint(w, `{"ok": true}`)
		}
	}))
	defer server.Close()
	beat := func(args ...string) (int, string, string) {
		asked.Store(0)
		flags := []string{"heartbeat", "--key-file", right, "--delay", "1ms"}
		return sigcheck(t, append(flags, args...)...)
	}
	code, out, errs := beat("--base-url", server.URL, "--log-format", "json")
	assert.Equal(t, []any{0, int32(3), "{\"ok\": true}\n"}, []any{code, asked.Load(), out})
	assert.Contains(t, errs,
		`"level":"WARN","msg":"no answer yet, trying again","try":1,"of":5,"status":502`)
	code, _, _ = beat("--base-url", server.URL, "--tries", "2")
	assert.Equal(t, []any{1, int32(2)}, []any{code, asked.Load()})
	code, _, errs = beat("--base-url", server.URL+"/no")
	assert.Equal(t, []any{1, int32(1)}, []any{code, asked.Load()})
	assert.Contains(t, errs, "hint: is --base-url the server itself, without a path?")
	code, _, errs = beat("--base-url", server.URL+"/moved")
	assert.Equal(t, []any{1, int32(1)}, []any{code, asked.Load()})
	assert.Contains(t, errs, "hint: redirects are not followed")
	server.Close()
	code, _, errs = beat("--base-url", server.URL)
	assert.Equal(t, 3, code)
	assert.Contains(t, errs, "check the address, the proxy and the network")
	assert.Equal(t, 4, strings.Count(errs, "trying again"))
}

func TestKeyFileOfOthers(t *testing.T) {
	right, _ := keyFiles(t)
	require.NoError(t, os.Chmod(right, 0o644))
	_, _, errs := sigcheck(t, "sign", "--key-file", right, "--method", "GET", "--resource", "/")
	assert.Contains(t, errs, "others can read the key file: chmod 600 it")
	home := t.TempDir()
	t.Setenv("HOME", home)
	code, _, errs := sigcheck(t, "heartbeat")
	assert.Equal(t, 2, code)
	assert.Contains(t, errs, filepath.Join(home, "timesys", "linuxlink_key"))
}

// A server that switches to another protocol has not answered, and what it sends is not read.
func TestHeartbeatToAnotherProtocol(t *testing.T) {
	right, _ := keyFiles(t)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "websocket")
		w.WriteHeader(http.StatusSwitchingProtocols)
		conn, _, err := http.NewResponseController(w).Hijack()
		if assert.NoError(t, err) {
			t.Cleanup(func() { conn.Close() }) // open until the test ends
		}
	}))
	defer server.Close()
	code, _, errs := sigcheck(t, "heartbeat", "--key-file", right, "--base-url", server.URL)
	assert.Equal(t, 1, code)
	assert.Contains(t, errs, "the server answered with HTTP status 101")
}

package main

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/signer"
)

// keyFiles writes a key file and one with another key.
func keyFiles(t *testing.T) (right, wrong string) {
	dir := t.TempDir()
	right, wrong = filepath.Join(dir, "linuxlink_key"), filepath.Join(dir, "other_key")
	require.NoError(t, os.WriteFile(right, []byte(`{"email": " user@example.com", "key": "test-key-of-serve\n"}`), 0o600))
	require.NoError(t, os.WriteFile(wrong, []byte(`{"email": "user@example.com", "key": "test-key-of-another"}`), 0o600))
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
	t.Cleanup(func() {
		cancel()
		assert.Zero(t, <-ended, errs.String())
	})
	return strings.TrimSpace(address)
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
	code, out, _ := sigcheck(t, "heartbeat", "--key-file", right, "--base-url", base, "--ca-file", cert)
	assert.Equal(t, []any{0, "{\"ok\": true}\n"}, []any{code, out})
	code, _, errs := sigcheck(t, "heartbeat", "--key-file", right, "--base-url", base, "--tries", "1")
	assert.Equal(t, 3, code)
	assert.Contains(t, errs, "certificate")
	code, _, errs = sigcheck(t, "heartbeat", "--key-file", right, "--base-url", base, "--insecure")
	assert.Equal(t, 0, code)
	assert.Contains(t, errs, "level=WARN msg=\"insecure: the server's certificate is not verified\"")
	code, _, errs = sigcheck(t, "heartbeat", "--key-file", right, "--base-url", base, "--ca-file", right)
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
		return sigcheck(t, append([]string{"heartbeat", "--key-file", right, "--delay", "1ms"}, args...)...)
	}
	code, out, errs := beat("--base-url", server.URL, "--log-format", "json")
	assert.Equal(t, []any{0, int32(3), "{\"ok\": true}\n"}, []any{code, asked.Load(), out})
	assert.Contains(t, errs, `"level":"WARN","msg":"no answer yet, trying again","try":1,"of":5,"status":502`)
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

// A plain client in Python with requests, which signs on its own.
const requestsClient = `
import base64, hashlib, hmac, json, sys, requests
keyfile, base = sys.argv[1:3]
info = json.load(open(keyfile)); email, key = info["email"].strip(), info["key"].strip().encode()
def call(method, resource, data):
    data = dict(data, email=email)
    pairs = [(k, v) for k in sorted(data) for v in (sorted(data[k]) if isinstance(data[k], list) else [data[k]])]
    message = method + resource + "&".join(f"{k}={v}" for k, v in pairs)
    headers = {"X-Auth-Signature": base64.b64encode(hmac.new(key, message.encode(), hashlib.sha256).digest())}
    place = {"data": data} if method == "POST" else {"params": data}
    return requests.request(method, base + resource, headers=headers, **place)
for r in (call("POST", "/api/v1/heartbeat", {}), call("GET", "/api/v1/vigiles/manifests", {"folder_token": "0a", "filter": True}),
          call("POST", "/api/v1/vigiles/manifests", {"manifest": 'a & b=c+d%41 "ü"\n日本', "with_field": ["impact", "assigner"], "upload_only": False})):
    print(r.status_code)
`

// The same in JavaScript, with fetch.
const nodeClient = `
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
const [keyfile, base] = process.argv.slice(-2);
const info = JSON.parse(readFileSync(keyfile, 'utf8')), email = info.email.trim(), key = info.key.trim();
for (const [method, resource, data] of [['POST', '/api/v1/heartbeat', {}], ['GET', '/api/v1/vigiles/manifests', { folder_token: '0a', filter: 'True' }], ['POST', '/api/v1/vigiles/manifests', { manifest: 'a & b=c+d%41 "ü"\n日本' }]]) {
  const all = { ...data, email };
  const message = method + resource + Object.keys(all).sort().map((k) => k + '=' + all[k]).join('&');
  const headers = { 'X-Auth-Signature': createHmac('sha256', key).update(message).digest('base64') };
  const form = new URLSearchParams(all);
  const response = method === 'POST' ? await fetch(base + resource, { method, headers, body: form }) : await fetch(base + resource + '?' + form, { method, headers });
  console.log(response.status);
}
`

// The vendor's own client, of either generation.
const vendorClient = `
import sys, timesys
from timesys.utilities.heartbeat import heartbeat
from timesys.vigiles import manifests
key, url = sys.argv[1:3]
timesys.llapi.configure(key_file_path=key, url=url)
def upload():
    return manifests.upload_manifest('{"name": "a & b=c+d%41 ü \n 日本"}', manifest_name="näme & co", extra_fields=["impact", "assigner"], filter_results=True)
for call in (heartbeat, manifests.get_manifests, upload):
    try:
        call(); print(200)
    except Exception as e:
        print(403 if "wrong-signature" in str(e) else e)
`

// Clients of other makers against serve: right ones are let in, and the same with another key are not.
func TestClientsAgainstServe(t *testing.T) {
	right, wrong := keyFiles(t)
	base := serving(t, "--key-file", right)
	type client struct {
		name, tool, needs string
		command           func(key string) []string
		env               string
		requests          int
	}
	clients := []client{
		{name: "requests", tool: "python3", needs: "import requests", command: func(key string) []string { return []string{"python3", "-c", requestsClient, key, base} }, requests: 3},
		{name: "Node's fetch", tool: "node", command: func(key string) []string {
			return []string{"node", "--input-type=module", "-e", nodeClient, "--", key, base}
		}, requests: 3},
		{name: "curl from sign --as curl", tool: "curl", command: func(key string) []string {
			code, line, errs := sigcheck(t, "sign", "--key-file", key, "--base-url", base, "--method", "POST", "--resource", "/api/v1/x y", "--param", "a=x & 'y' ü@", "--param", "l:=[\"b\",\"a\"]", "--as", "curl")
			require.Zero(t, code, errs)
			return []string{"bash", "-c", strings.TrimSpace(line) + ` -s -o /dev/null -w '%{http_code}\n'`}
		}, requests: 1},
		{name: "Go", tool: "go", command: func(key string) []string { // this program is one
			return []string{"true", key}
		}},
	}
	for _, folder := range vendorFolders(t) {
		clients = append(clients, client{name: "the vendor's client " + folder, tool: "python3", needs: "import requests", env: "PYTHONPATH=" + folder, requests: 3,
			command: func(key string) []string { return []string{"python3", "-c", vendorClient, key, base} }})
	}
	for _, c := range clients {
		t.Run(c.name, func(t *testing.T) {
			needs(t, c.tool, c.needs)
			for status, key := range map[string]string{"200": right, "403": wrong} {
				if c.requests == 0 {
					code, _, _ := sigcheck(t, "heartbeat", "--key-file", key, "--base-url", base)
					assert.Equal(t, status == "200", code == 0)
					continue
				}
				command := c.command(key)
				cmd := exec.CommandContext(t.Context(), command[0], command[1:]...)
				cmd.Env = append(os.Environ(), c.env, "NO_PROXY=127.0.0.1")
				out, err := cmd.Output()
				require.NoError(t, err, "%s", out)
				assert.Equal(t, strings.Repeat(status+"\n", c.requests), string(out), key)
			}
			t.Logf("| %s | right key: accepted, wrong key: 403 |", c.name)
		})
	}
}

// A refusal names the mistake that the client seems to have made, or says why its message cannot be rebuilt.
func TestRefusalsAreExplained(t *testing.T) {
	right, _ := keyFiles(t)
	base := serving(t, "--key-file", right)
	s, err := signer.New(signer.Credentials{Email: "user@example.com", Key: signer.NewKey("test-key-of-serve"), BaseURL: base})
	require.NoError(t, err)
	for _, c := range []struct{ query, message, want string }{
		{"a=True&email=user%40example.com", "GET/api/v1/xa=true&email=user@example.com", `"mistakes":[{"id":"boolean-lower-case"`},
		{"email=user%40example.com&z=%26", "GET/api/v1/xemail=user%40example.com&z=%26", `"mistakes":[{"id":"escaped-quote-plus"`},
		{"email=user%40example.com&n=10&n=9", "GET/api/v1/xemail=user@example.com&n=9&n=10", `"reason":"not-rebuildable","detail":"the client is right by the reference, and its message cannot be rebuilt from the request: numbers and lists in a list`},
		{"email=user%40example.com", "something else", `"hint":"no known mistake makes this token of this request`},
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

// needs skips where a tool is missing, except where all must be there.
func needs(t *testing.T, tool, module string) {
	_, err := exec.LookPath(tool)
	if err == nil && module != "" {
		err = exec.Command(tool, "-c", module).Run()
	}
	switch {
	case err == nil:
	case os.Getenv("SIGKIT_REQUIRE_TOOLS") != "":
		t.Fatalf("%s %s is required here: %v", tool, module, err)
	default:
		t.Skipf("needs %s %s", tool, module)
	}
}

// vendorFolders are the places of the vendor's package: those of SIGKIT_VENDOR_CLIENTS, a list like PATH, or "" if it is installed.
func vendorFolders(t *testing.T) []string {
	if list := os.Getenv("SIGKIT_VENDOR_CLIENTS"); list != "" {
		return filepath.SplitList(list)
	}
	if exec.Command("python3", "-c", "import timesys.vigiles").Run() == nil {
		return []string{""}
	}
	t.Log("the vendor's clients are not installed, and SIGKIT_VENDOR_CLIENTS names no folders of them")
	return nil
}

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/testport"
)

// requestsClient is a plain client in Python with requests, which signs on its own.
const requestsClient = `
import base64, hashlib, hmac, json, sys, requests
keyfile, base = sys.argv[1:3]
info = json.load(open(keyfile))
email, key = info["email"].strip(), info["key"].strip().encode()
def values(value):
    return sorted(value) if isinstance(value, list) else [value]
def call(method, resource, data):
    data = dict(data, email=email)
    pairs = [f"{k}={v}" for k in sorted(data) for v in values(data[k])]
    message = method + resource + "&".join(pairs)
    token = base64.b64encode(hmac.new(key, message.encode(), hashlib.sha256).digest())
    place = {"data": data} if method == "POST" else {"params": data}
    headers = {"X-Auth-Signature": token}
    print(requests.request(method, base + resource, headers=headers, **place).status_code)
call("POST", "/api/v1/heartbeat", {})
call("GET", "/api/v1/vigiles/manifests", {"folder_token": "0a", "filter": True})
call("POST", "/api/v1/vigiles/manifests", {"manifest": 'a & b=c+d%41 "ü"\n日本',
     "with_field": ["impact", "assigner"], "upload_only": False})
`

// nodeClient is the same in JavaScript, with fetch.
const nodeClient = `
import { createHmac } from 'node:crypto';
import { readFileSync } from 'node:fs';
const [keyfile, base] = process.argv.slice(-2);
const info = JSON.parse(readFileSync(keyfile, 'utf8'));
const email = info.email.trim(), key = info.key.trim();
async function call(method, resource, data) {
  const all = { ...data, email };
  const pairs = Object.keys(all).sort().map((k) => k + '=' + all[k]);
  const message = method + resource + pairs.join('&');
  const token = createHmac('sha256', key).update(message).digest('base64');
  const headers = { 'X-Auth-Signature': token };
  const form = new URLSearchParams(all);
  const response = method === 'POST'
    ? await fetch(base + resource, { method, headers, body: form })
    : await fetch(base + resource + '?' + form, { method, headers });
  console.log(response.status);
}
await call('POST', '/api/v1/heartbeat', {});
await call('GET', '/api/v1/vigiles/manifests', { folder_token: '0a', filter: 'True' });
await call('POST', '/api/v1/vigiles/manifests', { manifest: 'a & b=c+d%41 "ü"\n日本' });
`

// vendorClient calls the vendor's own client, of one generation or the other.
const vendorClient = `
import sys, timesys
from timesys.utilities.heartbeat import heartbeat
from timesys.vigiles import manifests
key, url = sys.argv[1:3]
timesys.llapi.configure(key_file_path=key, url=url)
def upload():
    return manifests.upload_manifest('{"name": "a & b=c+d%41 ü \n 日本"}',
        manifest_name="näme & co", extra_fields=["impact", "assigner"], filter_results=True)
for call in (heartbeat, manifests.get_manifests, upload):
    try:
        call(); print(200)
    except Exception as e:
        print(403 if "wrong-signature" in str(e) else e)
`

// client is a client of another maker, as a command that prints the status of each of its requests.
type client struct {
	name     string
	tool     []string // what must work, see testport.NeedTool
	command  func(t *testing.T, key, base string) []string
	env      string
	requests int
}

func program(words ...string) func(*testing.T, string, string) []string {
	return func(_ *testing.T, key, base string) []string { return append(words, key, base) }
}

func clients() []client {
	requests := []string{"python3", "-c", "import requests"}
	all := []client{
		{
			name:     "requests",
			tool:     requests,
			command:  program("python3", "-c", requestsClient),
			requests: 3,
		},
		{
			name:     "Node's fetch",
			tool:     []string{"node"},
			command:  program("node", "--input-type=module", "-e", nodeClient, "--"),
			requests: 3,
		},
		{
			name:     "curl from sign --as curl",
			tool:     []string{"curl"},
			command:  curlClient,
			requests: 1,
		},
	}
	for _, folder := range vendorFolders() {
		all = append(all, client{
			name:     "the vendor's client " + folder,
			tool:     requests,
			command:  program("python3", "-c", vendorClient),
			env:      "PYTHONPATH=" + folder,
			requests: 3,
		})
	}
	return all
}

func curlClient(t *testing.T, key, base string) []string {
	code, line, errs := sigcheck(t, "sign", "--key-file", key, "--base-url", base,
		"--method", "POST", "--resource", "/api/v1/x y",
		"--param", "a=x & 'y' ü@", "--param", "l:=[\"b\",\"a\"]", "--as", "curl")
	require.Zero(t, code, errs)
	line = strings.TrimSpace(line) + ` -s -o /dev/null -w '%{http_code}\n'`
	return []string{"bash", "-c", line}
}

// Clients of other makers against serve: right ones are accepted, and the same with another key are
// not.
func TestVendorClients(t *testing.T) {
	right, wrong := keyFiles(t)
	base := serving(t, "--key-file", right)
	for _, c := range clients() {
		t.Run(c.name, func(t *testing.T) {
			testport.NeedTool(t, c.tool[0], c.tool[1:]...)
			for status, key := range map[string]string{"200": right, "403": wrong} {
				command := c.command(t, key, base)
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

// vendorFolders are the places of the vendor's package: those of SIGKIT_VENDOR_CLIENTS, a list like
// PATH, or "" if it is installed.
func vendorFolders() []string {
	if list := os.Getenv("SIGKIT_VENDOR_CLIENTS"); list != "" {
		return filepath.SplitList(list)
	}
	if exec.Command("python3", "-c", "import timesys.vigiles").Run() == nil {
		return []string{""}
	}
	return nil
}

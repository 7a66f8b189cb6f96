package main

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/vectors"
)

// hostile is text that controls terminals, and that CI systems take for commands.
const hostile = "\n::error file=x::y\n##[error]z\n##vso[task.x]y ##teamcity[z]" +
	"\x1b]0;t\a\x1b[2J\u009b2J\u202e\u2028"

// spoken matches what a terminal or a CI system would obey.
var spoken = regexp.MustCompile(`(?m)^\s*::|##\w*\[|` +
	`[\x00-\x08\x0b-\x1f\x7f\x{80}-\x{9f}\x{202e}\x{2028}]`)

// hostileVectors writes a file of one vector that a right port passes.
func hostileVectors(t *testing.T) string {
	v := vectors.All()[0]
	v.ID, v.Why, v.Rule = "g/x"+hostile, hostile, "rule"+hostile
	path := filepath.Join(t.TempDir(), "hostile.ndjson")
	require.NoError(t, os.WriteFile(path, v.AppendNDJSON(nil), 0o600))
	return path
}

// No text of a port, a file or a server is obeyed, whatever command shows it, on standard output
// and standard error.
func TestHostileTextIsShownOnly(t *testing.T) {
	key, _ := keyFiles(t)
	own := hostileVectors(t)
	text, err := json.Marshal(hostile)
	require.NoError(t, err)
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		require.NoError(t, os.WriteFile(path, []byte(text), 0o600))
		return path
	}
	answers := write("answers",
		`{"id":"g/x","unsupported":`+string(text)+"}\n"+`{"id":`+string(text)+`}`)
	said := write("says.sh", `cat >/dev/null; printf '%s\n' '{"unsupported":`+
		strings.ReplaceAll(string(text), "'", "")+`}'; cat '`+write("stderr", hostile)+`' >&2`)
	crash := write("crashes.sh", `cat '`+filepath.Join(dir, "stderr")+`' >&2; exit 7`)
	broken := write("broken.ndjson", "{"+hostile)
	baseline := write("baseline", hostile+" x # "+hostile)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		_, _ = w.Write([]byte(hostile))
	}))
	defer server.Close()
	for _, args := range [][]string{
		{"list", "--vectors", own},
		{"list", "--vectors", own, "--json"},
		{"list", "--vectors", broken},
		{"list", "--run", "x" + hostile},
		{"mistakes", "--vectors", own},
		{"mistakes", "--vectors", own, "--json"},
		{"explain", "--vectors", own, "g/x" + hostile},
		{"explain", hostile},
		{"compare", "--vectors", own, answers},
		{"compare", "--vectors", own, answers, "--report", "json"},
		{"compare", "--name", hostile, answers},
		{"compare", "--baseline", baseline, answers},
		{"compare", broken},
		{"run", "--run", "text/true", "--name", hostile, "--mode", "exec", "--", "sh", said},
		{"run", "--run", "text/true", "--verbose", "--", "sh", crash},
		{"run", "--vectors", own, "--report", "json", "--mode", "exec", "--", "sh", said},
		{"run", "--run", "text/true", "--attach", server.URL},
		{"fuzz", "--count", "3", "--mode", "exec", "--", "sh", said},
		{"heartbeat", "--key-file", key, "--base-url", server.URL},
		{"heartbeat", "--key-file", broken},
		{"sign", "--key-file", key, "--method", "GET", "--resource", "x", "--data", hostile},
		{"serve", "--key-file", key, "--fixture", hostile},
		{"version", hostile},
		{hostile},
	} {
		code, stdout, stderr := sigcheck(t, args...)
		assert.NotEmpty(t, stdout+stderr, "%q", args)
		assert.Empty(t, spoken.FindAllString(stdout+"\n"+stderr, -1),
			"%q, exit code %d:\n%s\n%s", args, code, stdout, stderr)
	}
}

// Output that cannot be written is an error, whatever command writes it.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("needs /dev/full:", err)
	}
	defer full.Close()
	key, _ := keyFiles(t)
	for _, args := range [][]string{
		{"version"}, {"list"}, {"list", "--json"}, {"mistakes"}, {"mistakes", "--json"},
		{"explain", "text/true"}, {"explain", "text/true", "--token", "x"}, {"docs"}, {"--help"},
		{"sign", "--key-file", key, "--method", "GET", "--resource", "/"}, {"completion", "bash"},
	} {
		var errs syncBuffer
		code := run(t.Context(), args, strings.NewReader(""), full, &errs)
		assert.Equal(t, 2, code, args)
		assert.Contains(t, errs.String(), "writing to standard output: no space left on device", args)
	}
}

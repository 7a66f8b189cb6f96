package sigkit

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/vectors"
)

// samples are the sample ports, with the level at which they lack nothing but what they say.
var samples = []struct {
	tool    string
	level   vectors.Level
	capture bool // it sends its requests
	command []string
}{
	{tool: "go", level: vectors.Extended, command: []string{"go", "run", "./ports/go"}},
	{tool: "python3", level: vectors.Quirk, command: []string{"python3", "ports/python/port.py"}},
	{tool: "python3", level: vectors.Quirk, command: []string{"python3", "ports/python/client.py"}, capture: true},
	{tool: "node", level: vectors.Extended, command: []string{"node", "ports/node/port.mjs"}},
	{tool: "jq", level: vectors.Core, command: []string{"bash", "ports/bash/port.sh"}},
}

// Sample ports agree with every vector of their level, in every mode, with the same result.
func TestPorts(t *testing.T) {
	for _, p := range samples {
		t.Run(p.command[len(p.command)-1], func(t *testing.T) {
			needTool(t, p.tool)
			c := port.Config{Command: built(t, p.command), StartTimeout: 2 * time.Minute, Capture: p.capture}
			modes := map[string]check.Asker{"stream": port.Stream{Config: c}, "auto": &port.Auto{Config: c}}
			if p.capture {
				modes["attach"] = port.Attach{Config: port.Config{Capture: true}, URL: served(t, c.Command)}
			} else {
				modes["attach"] = port.Attach{URL: served(t, c.Command)}
				modes["compare"] = collected(t, c.Command, p.level)
			}
			if !testing.Short() {
				modes["exec"] = port.Exec{Config: c}
			}
			var outcomes map[string]check.Outcome
			for mode, asker := range modes {
				run := runPort(t, check.Config{Asker: asker, Capture: p.capture, Vectors: upTo(p.level)})
				got := map[string]check.Outcome{}
				for _, r := range run.Vectors {
					got[r.ID] = r.Outcome
				}
				for _, failed := range run.Failed() {
					t.Errorf("%s: %s: %s %s", mode, failed.ID, failed.Fault, failed.Detail)
				}
				if outcomes == nil {
					outcomes = got
				}
				assert.Equal(t, outcomes, got, mode)
				t.Logf("| %s | %s | %s | %d pass, %d unsupported | %.2f s |", strings.Join(p.command, " "), mode, run.Verdict, run.Counts.Pass, run.Counts.Unsupported, run.Seconds)
			}
		})
	}
}

// Ports stand alone: they import nothing of ours, and are short.
func TestPortsStandAlone(t *testing.T) {
	files, err := filepath.Glob("ports/*/*.*")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Less(t, bytes.Count(text, []byte("\n")), 150, "lines of %s", file)
		assert.NotContains(t, string(text), `"sigkit/`, file)
	}
}

// built builds a port that `go run` would build for every vector.
func built(t *testing.T, command []string) []string {
	if command[0] != "go" {
		return command
	}
	program := filepath.Join(t.TempDir(), "port.exe")
	out, err := exec.Command("go", "build", "-o", program, command[2]).CombinedOutput()
	require.NoError(t, err, "%s", out)
	return []string{program}
}

func upTo(level vectors.Level) func(func(vectors.Vector, error) bool) {
	return func(yield func(vectors.Vector, error) bool) {
		for _, v := range vectors.All() {
			if level.Includes(v.Level) && !yield(v, nil) {
				return
			}
		}
	}
}

func runPort(t *testing.T, c check.Config) *check.Run {
	run, err := c.Do(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, check.Untested, run.Verdict, run.Notes)
	return run
}

// served puts a port behind HTTP, as one that runs already in a device or a container would be.
func served(t *testing.T, command []string) *url.URL {
	ctx, cancel := context.WithCancel(t.Context())
	process := exec.CommandContext(ctx, command[0], command[1:]...)
	stdin, err := process.StdinPipe()
	require.NoError(t, err)
	stdout, err := process.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, process.Start())
	lines := bufio.NewReader(stdout)
	var mu sync.Mutex
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		if _, err := io.Copy(stdin, r.Body); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		answer, _ := lines.ReadBytes('\n')
		_, _ = w.Write(answer)
	}))
	t.Cleanup(func() {
		server.Close()
		stdin.Close()
		_ = process.Wait()
		cancel()
	})
	address, err := port.ParseURL(server.URL)
	require.NoError(t, err)
	return address
}

// collected asks a port elsewhere, and brings its answers as a file would.
func collected(t *testing.T, command []string, level vectors.Level) *port.Answers {
	var questions []byte
	for v := range upTo(level) {
		questions = v.AppendQuestion(questions)
	}
	process := exec.CommandContext(t.Context(), command[0], command[1:]...)
	process.Stdin = bytes.NewReader(questions)
	out, err := process.Output()
	require.NoError(t, err)
	answers, err := port.ReadAnswers("answers.ndjson", bytes.NewReader(out))
	require.NoError(t, err)
	return answers
}

package sigkit

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"iter"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/internal/testport"
	"sigkit/vectors"
)

// samples are the sample ports, with the level at which they lack nothing but what they say.
var samples = []struct {
	tool    string
	level   vectors.Level
	capture bool // it sends its requests
	command []string
}{
	{
		tool:    "go",
		level:   vectors.Extended,
		command: []string{"go", "run", "./ports/go"},
	},
	{
		tool:    "python3",
		level:   vectors.Quirk,
		command: []string{"python3", "ports/python/port.py"},
	},
	{
		tool:    "python3",
		level:   vectors.Quirk,
		capture: true,
		command: []string{"python3", "ports/python/client.py"},
	},
	{
		tool:    "node",
		level:   vectors.Extended,
		command: []string{"node", "ports/node/port.mjs"},
	},
	{
		tool:    "jq",
		level:   vectors.Core,
		command: []string{"bash", "ports/bash/port.sh"},
	},
}

// Sample ports agree with every vector of their level, in every mode, with the same result. In exec
// mode a test that is not thorough asks a dozen vectors.
func TestPorts(t *testing.T) {
	for _, p := range samples {
		t.Run(p.command[len(p.command)-1], func(t *testing.T) {
			t.Parallel()
			testport.NeedTool(t, p.tool)
			c := port.Config{
				Command:      built(t, p.command),
				StartTimeout: 2 * time.Minute,
				Capture:      p.capture,
			}
			whole := outcomes(t, p.level, check.Config{Asker: port.Stream{Config: c}, Capture: p.capture})
			for mode, start := range otherModes(c, p.level) {
				t.Run(mode, func(t *testing.T) {
					t.Parallel()
					few := mode == "exec" && !testport.Thorough()
					config := check.Config{Asker: start(t), Capture: p.capture}
					if few {
						config.Vectors = dozen(upTo(p.level))
					}
					got := outcomes(t, p.level, config)
					for id := range whole {
						if _, asked := got[id]; few && !asked {
							continue
						}
						assert.Equal(t, whole[id], got[id], id)
					}
				})
			}
		})
	}
}

// otherModes start a sample port in all modes but stream.
func otherModes(c port.Config, level vectors.Level) map[string]func(*testing.T) check.Asker {
	modes := map[string]func(*testing.T) check.Asker{
		"auto": func(*testing.T) check.Asker { return &port.Auto{Config: c} },
		"exec": func(*testing.T) check.Asker { return port.Exec{Config: c} },
		"attach": func(t *testing.T) check.Asker {
			url := served(t, c.Command)
			return port.Attach{Config: port.Config{Capture: c.Capture}, URL: url}
		},
	}
	if !c.Capture {
		modes["compare"] = func(t *testing.T) check.Asker { return collected(t, c.Command, level) }
	}
	return modes
}

// outcomes runs a port that must not fail, and returns the outcomes by id.
func outcomes(t *testing.T, level vectors.Level, c check.Config) map[string]check.Outcome {
	if c.Vectors == nil {
		c.Vectors = upTo(level)
	}
	run := runPort(t, c)
	got := map[string]check.Outcome{}
	for _, r := range run.Vectors {
		got[r.ID] = r.Outcome
	}
	for _, failed := range run.Failed() {
		t.Errorf("%s: %s %s", failed.ID, failed.Fault, failed.Detail)
	}
	t.Logf("| %s | %s | %d pass, %d unsupported | %.2f s |",
		run.Mode, run.Verdict, run.Counts.Pass, run.Counts.Unsupported, run.Seconds)
	return got
}

// dozen are twelve of many vectors, from all groups.
func dozen(all iter.Seq2[vectors.Vector, error]) iter.Seq2[vectors.Vector, error] {
	const every, most = 12, 12
	return func(yield func(vectors.Vector, error) bool) {
		count := 0
		for v, err := range all {
			if count++; count%every == 1 && !yield(v, err) || count == every*most {
				return
			}
		}
	}
}

// Ports stand alone: they import nothing of ours, and are short.
func TestPortsStandAlone(t *testing.T) {
	files, err := filepath.Glob("ports/*/*.*")
	require.NoError(t, err)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.LessOrEqual(t, bytes.Count(text, []byte("\n")), 170, "lines of %s", file)
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

func upTo(level vectors.Level) iter.Seq2[vectors.Vector, error] {
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

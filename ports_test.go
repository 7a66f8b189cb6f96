package sigkit

import (
	"bufio"
	"bytes"
	"context"
	"io"
	"iter"
	"math"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/internal/scaffold"
	"sigkit/internal/testport"
	"sigkit/ports"
	"sigkit/vectors"
)

// slow are the languages whose ports take too long to build for a test that is not thorough.
var slow = []string{"Rust", "Java", "C#", "C"}

func languageNamed(name string) ports.Language {
	return ports.Languages()[slices.IndexFunc(ports.Languages(), func(l ports.Language) bool {
		return l.Name == name
	})]
}

// program is the program that a test of a language needs.
func program(language ports.Language) string {
	if language.Build != "" {
		return strings.Fields(language.Build)[0]
	}
	return language.Run[0]
}

// Sample ports agree with every vector, but for what they say they lack above core, and with some
// of them in every other mode, with the same result. Those that can send do it, too. A test that is
// not thorough asks a dozen vectors, in modes other than stream three of them, and has none sent in
// these.
func TestPorts(t *testing.T) {
	for _, language := range ports.Languages() {
		t.Run(language.Name, func(t *testing.T) {
			t.Parallel()
			c := port.Config{
				Command:      built(t, language, true),
				Timeout:      2 * time.Minute, // a busy machine gives the same answers
				StartTimeout: 2 * time.Minute,
			}
			testModes(t, c)
			if language.Sends {
				c.Command = append(slices.Clone(c.Command), "--send")
				c.Capture = true
				t.Run("sends", func(t *testing.T) { testModes(t, c) })
			}
		})
	}
}

func testModes(t *testing.T, c port.Config) {
	stream, others := 12, 3
	if testport.Thorough() {
		stream, others = math.MaxInt, 80
	}
	whole := outcomes(t, port.Stream{Config: c}, c.Capture, some(stream))
	for mode, start := range otherModes(c, some(others)) {
		if c.Capture && !testport.Thorough() {
			return
		}
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			for id, outcome := range outcomes(t, start(t), c.Capture, some(others)) {
				assert.Equal(t, whole[id], outcome, id)
			}
		})
	}
}

// built makes a project of a language in a new folder, builds it, and returns the command that runs
// it, whatever the folder in which it is run. It skips the test if the language is not installed.
func built(t *testing.T, language ports.Language, complete bool) []string {
	testport.NeedTool(t, program(language))
	if slices.Contains(slow, language.Name) {
		testport.TakesLong(t)
	}
	files, err := scaffold.Project(language, complete)
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, scaffold.Write(folder, files))
	return build(t, language, folder)
}

func build(t *testing.T, language ports.Language, folder string) []string {
	command := exec.CommandContext(t.Context(), "sh", "-c", language.Build)
	command.Dir = folder
	out, err := command.CombinedOutput()
	require.NoError(t, err, "%s", out)
	return append([]string{"sh", "-c", `cd "$0" && exec "$@"`, folder}, language.Run...)
}

// A project runs at once, before anything is filled in: it answers, and it is wrong.
func TestScaffoldsRun(t *testing.T) {
	for _, language := range ports.Languages() {
		t.Run(language.Name, func(t *testing.T) {
			t.Parallel()
			c := port.Config{Command: built(t, language, false), StartTimeout: 2 * time.Minute}
			run := runPort(t, check.Config{Asker: port.Stream{Config: c}, Vectors: some(3)})
			assert.Equal(t, run.Counts.Total(), run.Counts.Fail, "answers that are wrong")
		})
	}
}

// The script of a project builds it and runs the vectors, and gives the exit code of sigcheck.
func TestScaffoldsTestThemselves(t *testing.T) {
	testport.TakesLong(t)
	sigcheck := filepath.Join(t.TempDir(), "sigcheck.exe")
	out, err := exec.Command("go", "build", "-o", sigcheck, "./cmd/sigcheck").CombinedOutput()
	require.NoError(t, err, "%s", out)
	for _, name := range []string{"Python", "C"} {
		language := languageNamed(name)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			testport.NeedTool(t, program(language))
			for complete, code := range map[bool]int{false: 1, true: 0} {
				files, err := scaffold.Project(language, complete)
				require.NoError(t, err)
				folder := t.TempDir()
				require.NoError(t, scaffold.Write(folder, files))
				script := exec.CommandContext(t.Context(), "sh", filepath.Join(folder, "test.sh"),
					"--run", "token", "--diagnose=false")
				script.Env = append(os.Environ(), "SIGCHECK="+sigcheck)
				out, _ := script.CombinedOutput()
				assert.Equal(t, code, script.ProcessState.ExitCode(), "%s", out)
			}
		})
	}
}

// otherModes start a sample port in all modes but stream.
func otherModes(
	c port.Config, asked iter.Seq2[vectors.Vector, error],
) map[string]func(*testing.T) check.Asker {
	modes := map[string]func(*testing.T) check.Asker{
		"auto": func(*testing.T) check.Asker { return &port.Auto{Config: c} },
		"exec": func(*testing.T) check.Asker { return port.Exec{Config: c} },
		"attach": func(t *testing.T) check.Asker {
			url := served(t, c.Command)
			return port.Attach{Config: port.Config{Capture: c.Capture, Timeout: c.Timeout}, URL: url}
		},
	}
	if !c.Capture {
		modes["compare"] = func(t *testing.T) check.Asker { return collected(t, c.Command, asked) }
	}
	return modes
}

// outcomes asks a port that must not fail, and returns the outcomes by id.
func outcomes(
	t *testing.T, asker check.Asker, capture bool, all iter.Seq2[vectors.Vector, error],
) map[string]check.Outcome {
	run := runPort(t, check.Config{Asker: asker, Capture: capture, Vectors: all})
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

// some are the first of many vectors, one of each dozen, or all if there are not so many.
func some(most int) iter.Seq2[vectors.Vector, error] {
	const every = 12
	return func(yield func(vectors.Vector, error) bool) {
		count := 0
		for i, v := range vectors.All() {
			if count == most {
				return
			} else if most == math.MaxInt || i%every == 0 {
				count++
				if !yield(v, nil) {
					return
				}
			}
		}
	}
}

// Ports stand alone: they import nothing of ours, and are short.
func TestPortsStandAlone(t *testing.T) {
	files, err := filepath.Glob("ports/*/*.*")
	require.NoError(t, err)
	for _, file := range files {
		if filepath.Ext(file) == ".lock" {
			continue
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.LessOrEqual(t, bytes.Count(text, []byte("\n")), 350, "lines of %s", file)
		assert.NotContains(t, string(text), `"sigkit/`, file)
	}
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
func collected(
	t *testing.T, command []string, asked iter.Seq2[vectors.Vector, error],
) *port.Answers {
	var questions []byte
	for v := range asked {
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

//go:build unix

package main

import (
	"bytes"
	"io"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/cli"
	"sigkit/internal/testport"
	"sigkit/vectors"
)

// sigcheckCommand runs the test binary as sigcheck, in a process of its own.
func sigcheckCommand(t *testing.T, args ...string) *exec.Cmd {
	self, err := os.Executable()
	require.NoError(t, err)
	cmd := exec.CommandContext(t.Context(), self, args...)
	cmd.Args[0] = "sigcheck"
	return cmd
}

// writeMuch writes more than a pipe holds, so that it has been read from when this returns.
func writeMuch(t *testing.T, w io.Writer) {
	_, err := w.Write(bytes.Repeat([]byte(" "), 1<<18))
	require.NoError(t, err)
}

// deepInput is an input with a list of deep lists, which each mistake takes long to sign.
func deepInput() *vectors.Input {
	var elements []string
	for i := range 300 {
		elements = append(elements,
			strings.Repeat("[", 980)+strconv.Itoa(i)+strings.Repeat("]", 980))
	}
	return &vectors.Input{
		Email: new("user@example.com"), Key: new("test-key-0123456789abcdef"),
		Method: "GET", Resource: "/",
		Data: []byte(`{"a":[` + strings.Join(elements, ",") + `]}`),
	}
}

// working are commands that work for long, each with what starts it and returns when it works.
func working(t *testing.T) map[string]func(*testing.T) *exec.Cmd {
	in := deepInput()
	v := vectors.Vector{ID: "own/deep", Input: *in, Expect: new(in.Expected())}
	key, _ := keyFiles(t)
	data := filepath.Join(t.TempDir(), "data.json")
	require.NoError(t, os.WriteFile(data, in.Data, 0o600))
	return map[string]func(*testing.T) *exec.Cmd{
		"explain": func(t *testing.T) *exec.Cmd {
			cmd := sigcheckCommand(t, "explain", "--key-file", key, "--method", "GET",
				"--resource", "/", "--data", "@"+data, "--token", "x")
			out, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			_, err = out.Read(make([]byte, 1)) // the steps: the search is next
			require.NoError(t, err)
			go io.Copy(io.Discard, out)
			return cmd
		},
		"mistakes": func(t *testing.T) *exec.Cmd {
			fifo := filepath.Join(t.TempDir(), "vectors.ndjson")
			require.NoError(t, syscall.Mkfifo(fifo, 0o600))
			cmd := sigcheckCommand(t, "mistakes", "--vectors", fifo)
			require.NoError(t, cmd.Start())
			require.NoError(t, os.WriteFile(fifo, v.AppendNDJSON(nil), 0)) // read when this returns
			return cmd
		},
	}
}

// waiting are commands that wait for input that never comes, or for a reader of their output, each
// with what starts it and returns when it waits.
func waiting(t *testing.T) map[string]func(*testing.T) *exec.Cmd {
	key, _ := keyFiles(t)
	report := filepath.Join(t.TempDir(), "report")
	require.NoError(t, syscall.Mkfifo(report, 0o600))
	fromStdin := func(args ...string) func(*testing.T) *exec.Cmd {
		return func(t *testing.T) *exec.Cmd {
			cmd := sigcheckCommand(t, args...)
			in, err := cmd.StdinPipe()
			require.NoError(t, err)
			t.Cleanup(func() { in.Close() })
			require.NoError(t, cmd.Start())
			writeMuch(t, in)
			return cmd
		}
	}
	return map[string]func(*testing.T) *exec.Cmd{
		"compare": fromStdin("compare", "-"),
		"sign": fromStdin(
			"sign", "--key-file", key, "--method", "GET", "--resource", "/", "--data", "-"),
		"vectors": func(t *testing.T) *exec.Cmd {
			dir := t.TempDir()
			fifo := filepath.Join(dir, "vectors.ndjson")
			require.NoError(t, syscall.Mkfifo(fifo, 0o600))
			cmd := sigcheckCommand(t, "list", "--vectors", dir)
			require.NoError(t, cmd.Start())
			in, err := os.OpenFile(fifo, os.O_WRONLY, 0) // waits for the reader
			require.NoError(t, err)
			t.Cleanup(func() { in.Close() })
			writeMuch(t, in)
			return cmd
		},
		"report": func(t *testing.T) *exec.Cmd {
			cmd := sigcheckCommand(t, "run", "--run", "text/true",
				"--report", "text", "--report", "json="+report, "--", "false")
			out, err := cmd.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, cmd.Start())
			_, err = out.Read(make([]byte, 1)) // the first report: the second is next
			require.NoError(t, err)
			return cmd
		},
	}
}

func TestSignalsEndWhateverWaits(t *testing.T) {
	commands := waiting(t)
	maps.Copy(commands, working(t))
	for _, signal := range []os.Signal{syscall.SIGINT, syscall.SIGTERM} {
		for name, start := range commands {
			t.Run(name+"/"+signal.String(), func(t *testing.T) {
				t.Parallel()
				cmd := start(t)
				require.NoError(t, cmd.Process.Signal(signal))
				_ = cmd.Wait() // the exit code says it
				assert.Equal(t, cli.Interrupted, cmd.ProcessState.ExitCode())
			})
		}
	}
}

// A port that hangs does not outlive a sigcheck that was killed.
func TestPortEndsWithKilledSigcheck(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("this system does not end processes with their parents")
	}
	p := testport.NewCommand(t, "always-hangs")
	cmd := sigcheckCommand(t, append([]string{"run", "--"}, p.Args...)...)
	require.NoError(t, cmd.Start())
	require.Eventually(t, func() bool { return p.Asked() > 0 }, time.Minute, 20*time.Millisecond)
	require.NoError(t, cmd.Process.Kill())
	_ = cmd.Wait()
	p.AssertEnded(t)
}

// A process that a port starts in a session of its own, with an empty environment, is ended.
func TestHiddenChildrenAreEnded(t *testing.T) {
	t.Parallel()
	if _, err := os.Stat("/proc/self/stat"); err != nil {
		t.Skip("this system does not hand over processes whose parents end")
	}
	sleep, err := exec.LookPath("sleep")
	require.NoError(t, err)
	hidden := filepath.Join(t.TempDir(), "hidden-sleep")
	text, err := os.ReadFile(sleep)
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(hidden, text, 0o700))
	for _, mode := range []string{"exec", "stream"} {
		started := filepath.Join(t.TempDir(), "started")
		p := testport.NewCommand(t, "right")
		script := `setsid env -i ` + hidden + ` 3600 </dev/null >/dev/null 2>&1 &
			echo >` + started + `; exec "$@"`
		args := []string{"run", "--mode", mode, "--run", "text/true", "--", "sh", "-c", script, "sh"}
		output, err := sigcheckCommand(t, append(args, p.Args...)...).CombinedOutput()
		assert.NoError(t, err, "%s", output)
		assert.FileExists(t, started)
		assert.Empty(t, running(t, hidden))
	}
}

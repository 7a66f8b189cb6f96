package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/internal/testport"
	"sigkit/vectors"
)

// peakVariable makes the test binary sigcheck itself, which writes its peak memory into the file of that name.
const peakVariable = "SIGKIT_PEAK"

func sigcheckWithPeak() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	path := os.Getenv(peakVariable)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	status, _ := os.ReadFile("/proc/self/status") // none on systems without /proc
	if err := os.WriteFile(path, status, 0o600); err != nil {
		return 99
	}
	return code
}

// ran is what came of one run of sigcheck in a process of its own.
type ran struct {
	code    int
	result  check.Run
	stderr  string
	seconds float64
	peak    int // memory of sigcheck, in MB; 0 where it is not known
}

// runSigcheck runs sigcheck on an animal. Nothing may be left running, and memory stays within bounds, whatever the animal does.
func runSigcheck(t *testing.T, animal string, args ...string) ran {
	return startSigcheck(t, animal, args...)(nil)
}

// startSigcheck starts it, and returns what waits for its end; that sends a signal first, if there is one to send.
func startSigcheck(t *testing.T, animal string, args ...string) (wait func(os.Signal) ran) {
	self, err := os.Executable()
	require.NoError(t, err)
	peak := filepath.Join(t.TempDir(), "peak")
	args = append([]string{"run", "--report", "json"}, args...)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // only a hang takes as long
	cmd := exec.CommandContext(ctx, self, append(args, "--", "env", testport.ChildVariable+"="+animal, self)...)
	cmd.Env = append(os.Environ(), peakVariable+"="+peak)
	var stdout, stderr bytes.Buffer
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	began := time.Now()
	require.NoError(t, cmd.Start())
	return func(s os.Signal) ran {
		defer cancel()
		if s != nil {
			require.NoError(t, cmd.Process.Signal(s))
		}
		_ = cmd.Wait() // the exit code says it
		r := ran{code: cmd.ProcessState.ExitCode(), stderr: stderr.String(), seconds: time.Since(began).Seconds()}
		require.NoError(t, json.Unmarshal(stdout.Bytes(), &r.result), "exit code %d, output %.200s, errors %.2000s", r.code, stdout.String(), r.stderr)
		assert.Eventually(t, func() bool { return len(testport.Running()) == 0 }, 3*time.Second, 20*time.Millisecond, "processes left behind: %v", testport.Running())
		r.peak = peakMemory(t, peak)
		return r
	}
}

// peakMemory reads what [sigcheckWithPeak] wrote.
func peakMemory(t *testing.T, file string) (megabytes int) {
	status, err := os.ReadFile(file)
	require.NoError(t, err)
	if m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status); m != nil {
		kb, _ := strconv.Atoi(string(m[1]))
		megabytes = kb >> 10
	}
	assert.Less(t, megabytes, 200, "MB of memory")
	return megabytes
}

// due is the verdict that an animal must get: the exit code, the fault code of all that fails, and how many of the vectors fail at least and at most.
type due struct {
	code     int
	fault    port.Fault
	min, max int
}

const all = 1000 // more than there are

var (
	few       = []string{"--run", "api-calls/f*"}
	impatient = []string{"--start-timeout", "2s", "--timeout", "2s"}
)

var (
	passes  = due{}
	refused = due{1, check.Refused, 1, all}
)

func always(fault port.Fault) due    { return due{1, fault, 1, all} }
func sometimes(fault port.Fault) due { return due{1, fault, 2, 40} }
func untested(fault port.Fault) due  { return due{3, fault, 1, all} }

// What becomes of every animal of the zoo, in every mode; auto comes to what the mode that it chooses comes to. Go test -v prints the table.
func TestZoo(t *testing.T) {
	if testing.Short() {
		t.Skip("runs every animal")
	}
	for _, c := range []struct {
		animal       string
		exec, stream due
		flags        []string
	}{
		{animal: "right"}, {animal: "lower-header"}, {animal: "chatty"}, {animal: "no-id"}, {animal: "extra-headers"}, {animal: "extra-members"},
		{animal: "slow-start", flags: few}, {animal: "slow-each"}, {animal: "floods-stderr"}, {animal: "ignores-term"}, {animal: "grandchild"}, {animal: "escaped-grandchild", flags: few},
		{animal: "one-shot"},
		{animal: "header-lines", stream: always("garbage"), flags: []string{"--skip", "key-file"}},
		{animal: "unflushed", stream: untested("timeout"), flags: impatient},

		{animal: "refuses", exec: refused, stream: refused},
		{animal: "exits-1-on-refusal", exec: passes, stream: sometimes("crashed")},
		{animal: "crashes-on-refusal", exec: sometimes("crashed"), stream: sometimes("crashed")},
		{animal: "one-token", exec: always(""), stream: always("")},
		{animal: "unsupported", exec: due{1, "", 1, all}, stream: due{1, "", 1, all}},
		{animal: "no-header", exec: always(""), stream: always("")},
		{animal: "two-headers", exec: always(check.WrongHeader), stream: always(check.WrongHeader)},

		{animal: "always-hangs", exec: untested("timeout"), stream: untested("timeout"), flags: impatient},
		{animal: "hangs-after-some", exec: passes, stream: sometimes("timeout"), flags: []string{"--start-timeout", "5s", "--timeout", "500ms"}},
		{animal: "closes-stdin", exec: untested("timeout"), stream: untested("timeout"), flags: impatient},
		{animal: "closes-stdout", exec: untested("no-answer"), stream: untested("no-answer"), flags: []string{"--run", "api-calls/h*"}},
		{animal: "stays-after-answer", exec: passes, stream: sometimes("timeout"), flags: []string{"--run", "api-calls/f*", "--start-timeout", "5s", "--timeout", "1s"}},
		{animal: "silent", exec: untested("no-answer"), stream: untested("no-answer")},
		{animal: "always-exit-1", exec: refused, stream: untested("crashed")},
		{animal: "always-exit-7", exec: untested("crashed"), stream: untested("crashed")},
		{animal: "signal-at-once", exec: untested("crashed"), stream: untested("crashed")},
		{animal: "signal-after-some", exec: passes, stream: due{1, "crashed", 5, 40}},
		{animal: "signal-every-ten", exec: sometimes("crashed"), stream: sometimes("crashed")},
		{animal: "answers-and-crashes", exec: untested("crashed"), stream: always("crashed")},

		{animal: "floods-line", exec: always("flooded"), stream: always("flooded"), flags: few},
		{animal: "floods-lines", exec: always(""), stream: always(""), flags: few},
		{animal: "answers-then-babbles", exec: always(""), stream: always("garbage"), flags: few},
		{animal: "always-garbage", exec: always("garbage"), stream: always("garbage")},
		{animal: "always-not-utf8", exec: always("garbage"), stream: always("garbage")},
		{animal: "deep", exec: always("garbage"), stream: always("garbage")},
		{animal: "deep-member", exec: always("garbage"), stream: always("garbage")},
		{animal: "always-wrong-id", exec: always("garbage"), stream: always("garbage")},
		{animal: "answers-twice", exec: always("garbage"), stream: always("garbage")},
		{animal: "answers-before-asked", exec: always(""), stream: always("")},
		{animal: "always-half-line", exec: always("garbage"), stream: untested("timeout"), flags: impatient},
		{animal: "half-line-and-exit", exec: always("garbage"), stream: always("garbage")},
		{animal: "huge-header", exec: always("garbage"), stream: always("garbage"), flags: few},
		{animal: "huge-token", exec: always(""), stream: always("")},
		{animal: "null", exec: always("garbage"), stream: always("garbage")},
		{animal: "number", exec: always("garbage"), stream: always("garbage")},
		{animal: "always-array", exec: always("garbage"), stream: always("garbage")},
		{animal: "reversed", exec: untested("no-answer"), stream: untested("timeout"), flags: impatient},
	} {
		for _, mode := range []string{"exec", "stream", "auto"} {
			t.Run(c.animal+"/"+mode, func(t *testing.T) {
				args := append([]string{"--mode", mode, "--run", "api-calls", "--run", "key-file"}, c.flags...)
				if len(c.flags) > 0 && c.flags[0] == "--run" {
					args = append([]string{"--mode", mode}, c.flags...)
				}
				r := runSigcheck(t, c.animal, args...)
				want := map[string]due{"exec": c.exec, "stream": c.stream}[r.result.Mode]
				assertDue(t, want, r)
				t.Logf("| %s | %s (%s) | exit %d, %s, %d pass, %d do not | %.2f | %d |", c.animal, mode, r.result.Mode, r.code, r.result.Verdict, r.result.Counts.Pass, r.result.Broken(), r.seconds, r.peak)
			})
		}
	}
}

// What becomes of clients that send their requests, in every mode.
func TestCapture(t *testing.T) {
	if testing.Short() {
		t.Skip("runs many clients")
	}
	for animal, want := range map[string]due{
		"client":              passes,
		"client-says-little":  {},
		"client-json":         always(check.WrongRequest),
		"client-other-data":   always(check.WrongRequest),
		"client-no-query":     always(check.WrongRequest),
		"client-other-method": always(check.WrongRequest),
		"client-other-path":   always(check.WrongRequest),
		"client-no-header":    always(check.WrongHeader),
		"client-two-headers":  always(check.WrongHeader),
		"client-wrong-token":  always(check.WrongToken),
		"client-sends-twice":  always(check.WrongRequest),
		"client-only-says":    always(check.WrongRequest),
		"client-connects":     always(check.WrongRequest),
		"client-not-http":     always(check.WrongRequest),
		"client-refuses":      always(""),
	} {
		for _, mode := range []string{"exec", "stream", "auto"} {
			t.Run(animal+"/"+mode, func(t *testing.T) {
				r := runSigcheck(t, animal, "--capture", "--mode", mode, "--run", "api-calls/h*", "--run", "api-calls/folders-*", "--run", "key-file/single-quotes")
				want := want
				if animal == "client-says-little" && r.result.Mode == "stream" {
					want = untested("") // a request is an answer only where the process ends with it
				}
				assertDue(t, want, r)
				assert.True(t, r.result.Capture)
			})
		}
	}
}

func assertDue(t *testing.T, want due, r ran) {
	assert.Equal(t, want.code, r.code, "%v", r.result.Notes)
	failed := r.result.Failed()
	assert.LessOrEqual(t, len(failed), want.max)
	assert.GreaterOrEqual(t, len(failed), want.min)
	for _, f := range failed {
		if want.fault != "" {
			assert.Equal(t, want.fault, f.Fault, "%s: %s", f.ID, fmt.Sprintf("%.200s", f.Detail))
		}
	}
}

// An interrupted run ends its processes, even those that ignore TERM or have left their group, reports what it has, and ends with 130.
func TestInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for processes")
	}
	for _, mode := range []string{"exec", "stream", "auto"} {
		for animal, answers := range map[string]bool{"slow-each": true, "always-hangs": false, "slow-family": true} {
			t.Run(animal+"/"+mode, func(t *testing.T) {
				wait := startSigcheck(t, animal, "--mode", mode, "--level", "quirk", "--report", "text="+os.DevNull)
				time.Sleep(700 * time.Millisecond)
				r := wait(os.Interrupt)
				assert.Equal(t, 130, r.code)
				assert.Equal(t, check.Cancelled, r.result.Verdict)
				assert.Equal(t, "interrupted: the vectors are those judged by then", r.result.Notes[0])
				assert.Less(t, len(r.result.Vectors), len(vectors.All()))
				assert.Equal(t, answers, len(r.result.Vectors) > 0, "%d judged", len(r.result.Vectors))
				assert.Zero(t, r.result.Broken())
			})
		}
	}
}

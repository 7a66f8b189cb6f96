package main

import (
	"fmt"
	"os"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/internal/testport"
	"sigkit/vectors"
)

// expected is the verdict on a port: the exit code, and the fault code of all failures, "" for any.
type expected struct {
	code  int
	fault port.Fault
}

var (
	passes   = expected{}
	refused  = expected{1, check.Refused}
	anyFault = port.Fault("")
)

func fails(fault port.Fault) expected    { return expected{1, fault} }
func untested(fault port.Fault) expected { return expected{3, fault} }

// misbehaving is a port and the verdict on it in exec and stream mode. Auto comes to the verdict of
// the mode that it chooses.
type misbehaving struct {
	name         string
	mode         string // the one that is tested by default; stream if empty
	exec, stream expected
	flags        []string
}

var impatient = []string{"--start-timeout", "1s", "--timeout", "1s"}

// always is a port with one verdict in all modes.
func always(name, mode string, want expected, flags ...string) misbehaving {
	return misbehaving{name, mode, want, want, flags}
}

var rightPorts = []misbehaving{
	always("right", "auto", passes),
	always("lower-header", "", passes),
	always("chatty", "", passes),
	always("no-id", "", passes),
	always("extra-headers", "", passes),
	always("extra-members", "", passes),
	always("slow-start", "", passes),
	always("slow-each", "", passes),
	always("floods-stderr", "", passes),
	always("ignores-term", "", passes),
	always("grandchild", "exec", passes),
	always("escaped-grandchild", "", passes),
	always("one-shot", "auto", passes),
	{
		name:   "header-lines",
		mode:   "auto",
		stream: untested(port.Garbage),
		flags:  []string{"--skip", "key-file"},
	},
	{
		name:   "unflushed",
		mode:   "auto",
		stream: untested(port.Timeout),
		flags:  []string{"--start-timeout", "3s"},
	},
}

// What right ports do in their own way, and what wrong ones answer.
var answeringPorts = []misbehaving{
	always("refuses", "", refused),
	{name: "exits-1-on-refusal", mode: "exec", stream: fails(port.Crashed)},
	always("crashes-on-refusal", "", fails(port.Crashed)),
	always("one-token", "", fails(anyFault)),
	always("unsupported", "", fails(anyFault)),
	always("no-header", "", fails(anyFault)),
	always("two-headers", "", fails(check.WrongHeader)),
	always("locale-bound", "", fails(anyFault), "--surroundings"),
	always("huge-token", "", fails(anyFault)),
	{
		name:   "hangs-after-some",
		stream: fails(port.Timeout),
		flags:  []string{"--start-timeout", "5s", "--timeout", "300ms"},
	},
	{
		name:   "stays-after-answer",
		stream: fails(port.Timeout),
		flags:  []string{"--start-timeout", "5s", "--timeout", "300ms"},
	},
	{name: "signal-after-some", stream: fails(port.Crashed)},
	always("signal-every-ten", "exec", fails(port.Crashed)),
	{name: "answers-and-crashes", exec: untested(port.Crashed), stream: fails(port.Crashed)},
	always("floods-lines", "", untested(anyFault)),
	{
		name:   "answers-and-prints-on",
		exec:   untested(anyFault),
		stream: fails(port.Garbage),
	},
	always("answers-before-asked", "", untested(port.Garbage)),
}

// Ports that could not be tested.
var unresponsivePorts = []misbehaving{
	always("silent", "auto", untested(port.NoAnswer)),
	always("syntax-error", "exec", untested(port.Crashed)),
	always("banner", "exec", untested(port.Garbage)),
	always("mixed-faults", "exec", untested(anyFault)),
	always("always-exit-1", "exec", untested(port.Crashed)),
	always("always-exit-7", "", untested(port.Crashed)),
	always("signal-at-once", "exec", untested(port.Crashed)),
	always("always-hangs", "exec", untested(port.Timeout), impatient...),
	always("closes-stdin", "", untested(port.Timeout), impatient...),
	always("closes-stdout", "", untested(port.NoAnswer)),
	always("floods-line", "exec", untested(port.Flooded)),
	always("always-garbage", "auto", untested(port.Garbage)),
	always("always-not-utf8", "", untested(port.Garbage)),
	always("deep", "", untested(port.Garbage)),
	always("deep-member", "", untested(port.Garbage)),
	always("always-wrong-id", "", untested(port.Garbage)),
	always("answers-twice", "", untested(port.Garbage)),
	always("half-line-and-exit", "", untested(port.Garbage)),
	always("huge-header", "", untested(port.Garbage)),
	always("null", "", untested(port.Garbage)),
	always("number", "", untested(port.Garbage)),
	always("always-array", "", untested(port.Garbage)),
	{
		name:   "always-half-line",
		exec:   untested(port.Garbage),
		stream: untested(port.Timeout),
		flags:  impatient,
	},
	{
		name:   "reversed",
		exec:   untested(port.NoAnswer),
		stream: untested(port.Timeout),
		flags:  impatient,
	},
}

// modes are those that a test takes: the named one, or stream, or all if the test is thorough.
func modes(mode string) []string {
	switch {
	case testport.Thorough():
		return []string{"exec", "stream", "auto"}
	case mode != "":
		return []string{mode}
	}
	return []string{"stream"}
}

// selected are the flags of a few vectors, or of more if the test is thorough.
func selected(mode string) []string {
	flags := []string{"--mode", mode}
	if testport.Thorough() {
		return append(flags, "--run", "api-calls", "--run", "key-file/[m-t]*")
	}
	return append(flags, "--run", "api-calls/f*", "--run", "key-file/s*")
}

// The verdict on ports that misbehave, and on right ones: every second one, or all if the test is
// thorough. `go test -v` prints a table.
func TestMisbehavingPorts(t *testing.T) {
	if testing.Short() {
		t.Skip("runs many ports")
	}
	var reports reports
	t.Run("ports", func(t *testing.T) {
		for i, c := range slices.Concat(rightPorts, answeringPorts, unresponsivePorts) {
			if i%2 == 1 && !testport.Thorough() {
				continue
			}
			for _, mode := range modes(c.mode) {
				t.Run(c.name+"/"+mode, func(t *testing.T) {
					t.Parallel()
					r := startSigcheck(t, c.name, append(selected(mode), c.flags...)...).wait(t)
					want := map[string]expected{"exec": c.exec, "stream": c.stream}[r.result.Mode]
					assertVerdict(t, want, r)
					reports.judge(t, c.name, r)
					t.Logf("| %s | %s (%s) | exit %d, %s, %d pass, %d do not | %.2f s | %d MB |",
						c.name, mode, r.result.Mode, r.code, r.result.Verdict,
						r.result.Counts.Pass, r.result.Broken(), r.seconds, r.peak)
				})
			}
		}
	})
	reports.outside(t)
}

// The verdict on clients that send their requests.
func TestCapture(t *testing.T) {
	if testing.Short() {
		t.Skip("runs many clients")
	}
	for name, want := range map[string]expected{
		"client":              passes,
		"client-says-little":  passes,
		"client-json":         fails(check.WrongRequest),
		"client-other-data":   fails(check.WrongRequest),
		"client-no-query":     fails(check.WrongRequest),
		"client-other-method": fails(check.WrongRequest),
		"client-other-path":   fails(check.WrongRequest),
		"client-no-header":    fails(check.WrongHeader),
		"client-two-headers":  fails(check.WrongHeader),
		"client-wrong-token":  fails(check.WrongToken),
		"client-sends-twice":  fails(check.WrongRequest),
		"client-only-says":    fails(check.WrongRequest),
		"client-connects":     fails(check.WrongRequest),
		"client-not-http":     fails(check.WrongRequest),
		"client-refuses":      fails(anyFault),
	} {
		mode := map[string]string{"client": "auto", "client-says-little": "exec"}[name]
		for _, mode := range modes(mode) {
			t.Run(name+"/"+mode, func(t *testing.T) {
				t.Parallel()
				flags := []string{
					"--capture", "--mode", mode, "--run", "api-calls/h*",
					"--run", "api-calls/folders-*", "--run", "key-file/single-quotes",
				}
				r := startSigcheck(t, name, flags...).wait(t)
				want := want
				if name == "client-says-little" && r.result.Mode == "stream" {
					// A request is an answer only where the process ends with it.
					want = untested(anyFault)
				}
				assertVerdict(t, want, r)
				new(reports).judge(t, name, r)
				assert.True(t, r.result.Capture)
			})
		}
	}
}

func assertVerdict(t *testing.T, want expected, r ran) {
	assert.Equal(t, want.code, r.code, "%v", r.result.Notes)
	failed := r.result.Failed()
	assert.Equal(t, want.code == 0, len(failed) == 0, "%d failures", len(failed))
	for _, f := range failed {
		if want.fault != anyFault {
			assert.Equal(t, want.fault, f.Fault, "%s: %s", f.ID, fmt.Sprintf("%.200s", f.Detail))
		}
	}
}

// An interrupted run ends its processes, even those that ignore TERM or have left their group,
// reports what it has, and ends with 130. It has 800 ms for that, so nothing else runs meanwhile.
func TestInterrupted(t *testing.T) {
	if testing.Short() {
		t.Skip("waits for processes")
	}
	for name, mode := range map[string]string{
		"slow-each": "auto", "always-hangs": "stream", "slow-family": "exec",
	} {
		for _, mode := range modes(mode) {
			t.Run(name+"/"+mode, func(t *testing.T) {
				answers := name != "always-hangs"
				questions := map[bool]int64{true: 10, false: 1}[answers]
				p := startSigcheck(t, name, "--mode", mode, "--level", "quirk")
				require.Eventually(t, func() bool { return p.port.Asked() >= questions },
					20*time.Second, 10*time.Millisecond)
				assert.NoError(t, p.Process.Signal(os.Interrupt))
				r := p.wait(t)
				assert.Equal(t, 130, r.code)
				new(reports).judge(t, name, r)
				assert.Equal(t, check.Cancelled, r.result.Verdict)
				assert.Equal(t, "interrupted: the vectors are those judged by then", r.result.Notes[0])
				assert.Less(t, len(r.result.Vectors), len(vectors.All()))
				assert.Equal(t, answers, len(r.result.Vectors) > 0, "%d judged", len(r.result.Vectors))
				assert.Zero(t, r.result.Broken())
			})
		}
	}
}

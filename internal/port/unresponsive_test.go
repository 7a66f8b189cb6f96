package port_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
)

// A port that never answers is given up after a few questions, whatever it does instead, and the
// cause says what that was.
func TestUnresponsivePorts(t *testing.T) {
	t.Parallel()
	for behaviour, want := range map[string]string{
		"silent":         "it ended with exit code 0 and printed nothing",
		"syntax-error":   "; standard error: SyntaxError: '(' was never closed",
		"banner":         "`My port 1.0, ready` came instead of a JSON object",
		"always-garbage": "`hello` came instead of a JSON object",
		"always-exit-7":  "; standard error: Traceback: it broke",
		"signal-at-once": "signal: killed",
		"floods-line":    "it printed more than 16 MiB for one answer",
		"mixed-faults":   "the last: ",
	} {
		modes(t, behaviour, func(t *testing.T, mode string) {
			a := launch(t, mode, behaviour, port.Config{Jobs: 1})
			replies, err := ask(t, a, questions(1000))
			assert.ErrorContains(t, err, "the port gave no answer to 5 questions, ")
			assert.ErrorContains(t, err, want)
			assert.Len(t, replies, 5)
			for id, r := range replies {
				assert.False(t, r.Answered(), id)
			}
		})
	}
	modes(t, "always-hangs", func(t *testing.T, mode string) {
		limits := port.Config{
			Timeout:      100 * time.Millisecond,
			StartTimeout: 100 * time.Millisecond,
			Jobs:         1,
		}
		replies, err := ask(t, launch(t, mode, "always-hangs", limits), questions(1000))
		assert.ErrorIs(t, err, port.ErrHangs)
		assert.Len(t, replies, 3)
	})
}

// Exit code 1 may be right for inputs that must be refused, so it counts for the others only.
func TestRefusalsByExitCode(t *testing.T) {
	t.Parallel()
	refusals := make(chan port.Question, 20)
	for q := range questions(20) {
		q.Signable = false
		refusals <- q
	}
	close(refusals)
	replies, err := ask(t, launch(t, "exec", "always-exit-1", port.Config{}), refusals)
	require.NoError(t, err)
	assertAnswered(t, 20, replies)
	for id, r := range replies {
		assert.False(t, r.Answered(), id)
		assert.Equal(t, "exit code 1", *r.Answer.Error)
	}
}

// A port that has answered once is asked everything.
func TestOneAnswerIsEnough(t *testing.T) {
	t.Parallel()
	script := `case $SIGCHECK_VECTOR in q/3) echo '{"headers":{}}';; *) exit 1;; esac`
	config := port.Config{Command: []string{"sh", "-c", script}, Jobs: 1}
	replies, err := ask(t, port.Exec{Config: config}, questions(20))
	require.NoError(t, err)
	assert.Len(t, replies, 20)
}

func TestSummary(t *testing.T) {
	node := "/port.js:3\nsign(\n    ^\n\nSyntaxError: Unexpected end of input\n    at wrapSafe\n"
	for _, c := range []struct{ stderr, want string }{
		{"", "it broke"},
		{node, "it broke; standard error: SyntaxError: Unexpected end of input"},
		{"\nsh: 1: nope: not found\nmore\n", "it broke; standard error: sh: 1: nope: not found"},
		{"main.go:1: bad\npanic: boom\n", "it broke; standard error: panic: boom"},
		{"error[E0425]: cannot find\n", "it broke; standard error: error[E0425]: cannot find"},
		{
			strings.Repeat("é", 300),
			"it broke; standard error: " + strings.Repeat("é", 100) + "\u2026",
		},
	} {
		got := port.Reply{Fault: port.Crashed, Detail: "it broke", Stderr: c.stderr}.Summary()
		assert.Equal(t, c.want, got)
	}
}

//go:build unix

package main

import (
	"bytes"
	"context"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/creack/pty"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/term"

	"sigkit/internal/cli"
	"sigkit/internal/testport"
)

// clearing is what a watching command writes before each screen, and prompt what ends one.
const (
	clearing = "\x1b[H\x1b[2J\x1b[3J"
	prompt   = "enter asks again, a shows all, q quits"
)

// terminal is a command that runs on a terminal of its own.
type terminal struct {
	*testing.T
	cmd    *exec.Cmd
	file   *os.File
	before *term.State
}

// watchOnTerminal starts the guide on a terminal of the usual size, watching a file with the name
// of the port to be.
func watchOnTerminal(t *testing.T, mode string) *terminal {
	self, err := os.Executable()
	require.NoError(t, err)
	script := testport.Variable + `="$(cat "$1")" exec "$0"`
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	t.Cleanup(cancel)
	cmd := exec.CommandContext(ctx, self, "guide", "--level", "core", "--color", "never",
		"--watch", filepath.Dir(mode), "--", "sh", "-c", script, self, mode)
	cmd.Args[0] = "sigcheck"
	file, tty, err := pty.Open()
	require.NoError(t, err)
	t.Cleanup(func() { file.Close() })
	require.NoError(t, pty.Setsize(file, &pty.Winsize{Rows: 24, Cols: 80}))
	before, err := term.GetState(int(file.Fd()))
	require.NoError(t, err)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = tty, tty, tty
	require.NoError(t, cmd.Start())
	require.NoError(t, tty.Close())
	return &terminal{T: t, cmd: cmd, file: file, before: before}
}

// screen reads the next screen.
func (t *terminal) screen() string {
	var all []byte
	part := make([]byte, 4096)
	for !bytes.HasSuffix(all, []byte(prompt)) {
		n, err := t.file.Read(part)
		all = append(all, part[:n]...)
		require.NoError(t, err, "%q", all)
	}
	shown, found := strings.CutPrefix(string(all), clearing)
	require.True(t, found, "%q", all)
	assert.NotContains(t, strings.ReplaceAll(shown, "\r\n", ""), "\n", "a line lacks its return")
	return shown
}

func (t *terminal) press(key string) {
	_, err := t.file.WriteString(key)
	require.NoError(t, err)
}

// ends waits for the end of the command, which must leave the terminal as it was.
func (t *terminal) ends(code int) {
	_, _ = io.Copy(io.Discard, t.file) // until it has ended, and with it the terminal
	_ = t.cmd.Wait()
	assert.Equal(t, code, t.cmd.ProcessState.ExitCode())
	after, err := term.GetState(int(t.file.Fd()))
	require.NoError(t, err)
	assert.Equal(t, t.before, after)
}

// On a terminal, keys ask again, show all and quit. One screen takes the place of the other.
func TestWatchKeys(t *testing.T) {
	mode := filepath.Join(t.TempDir(), "mode")
	choose := func(name string) { require.NoError(t, os.WriteFile(mode, []byte(name), 0o644)) }
	choose("lower-booleans")
	guide := watchOnTerminal(t, mode)
	first := guide.screen()
	assert.Contains(t, first, "Next: text-boolean ")
	assert.NotContains(t, first, "holds text-string")
	assert.Less(t, strings.Count(first, "\n"), 24)
	guide.press("a")
	assert.Contains(t, guide.screen(), "holds text-string")
	guide.press("x\r") // a key without a meaning, and enter
	assert.Equal(t, first, guide.screen())
	choose("right")
	for !strings.Contains(guide.screen(), "conforms: ") {
		t.Log("the file was seen while it was being written")
	}
	guide.press("q")
	guide.ends(cli.Conforms)
}

// Ctrl-C interrupts, although the terminal only sends it as a key.
func TestWatchIsInterruptedByKey(t *testing.T) {
	mode := filepath.Join(t.TempDir(), "mode")
	require.NoError(t, os.WriteFile(mode, []byte("lower-booleans"), 0o644))
	guide := watchOnTerminal(t, mode)
	guide.screen()
	guide.press("\x03")
	guide.ends(cli.Interrupted)
}

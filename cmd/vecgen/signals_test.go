//go:build unix

package main

import (
	"bytes"
	"os"
	"os/exec"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/cli"
)

// INT and TERM end a process that waits for input, or for a reader of its output.
func TestSignals(t *testing.T) {
	for _, signal := range []os.Signal{os.Interrupt, syscall.SIGTERM} {
		for _, args := range [][]string{
			{"sign", "-"},
			{"random", "--count", "1000000000", "--seed", "1"},
		} {
			t.Run(args[0]+"/"+signal.String(), func(t *testing.T) {
				t.Parallel()
				self, err := os.Executable()
				require.NoError(t, err)
				cmd := exec.CommandContext(t.Context(), self, args...)
				cmd.Args[0] = "vecgen"
				in, err := cmd.StdinPipe()
				require.NoError(t, err)
				defer in.Close()
				out, err := cmd.StdoutPipe()
				require.NoError(t, err)
				require.NoError(t, cmd.Start())
				if args[0] == "sign" { // more than a pipe holds, so it is read from
					_, err = in.Write(bytes.Repeat([]byte(" "), 1<<18))
				} else {
					_, err = out.Read(make([]byte, 1))
				}
				require.NoError(t, err)
				require.NoError(t, cmd.Process.Signal(signal))
				_ = cmd.Wait() // the exit code says it
				assert.Equal(t, cli.Interrupted, cmd.ProcessState.ExitCode())
			})
		}
	}
}

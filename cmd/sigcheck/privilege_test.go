//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/cli"
	"sigkit/internal/testport"
)

// asNobody copies the test binary to a place where all can run it, once as sigcheck, and once as a
// port that runs as root.
func asNobody(t *testing.T) (plain, privileged string) {
	if os.Getuid() != 0 {
		t.Skip("only root can start a process as another user")
	}
	self, err := os.Executable()
	require.NoError(t, err)
	text, err := os.ReadFile(self)
	require.NoError(t, err)
	dir, err := os.MkdirTemp("", "sigkit")
	require.NoError(t, err)
	t.Cleanup(func() { os.RemoveAll(dir) })
	require.NoError(t, os.Chmod(dir, 0o755))
	plain, privileged = filepath.Join(dir, "sigcheck"), filepath.Join(dir, "port")
	require.NoError(t, os.WriteFile(plain, text, 0o755))
	require.NoError(t, os.WriteFile(privileged, text, 0o755))
	require.NoError(t, os.Chmod(plain, 0o755))
	require.NoError(t, os.Chmod(privileged, 0o755|os.ModeSetuid))
	return plain, privileged
}

// A port that sigcheck has no right to end, as one behind sudo, does not hold it up in any mode.
func TestPortThatCannotBeEnded(t *testing.T) {
	t.Parallel()
	plain, privileged := asNobody(t)
	for _, mode := range []string{"exec", "stream", "auto"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			cmd := exec.CommandContext(t.Context(), plain, "run", "--mode", mode, "--jobs", "1",
				"--timeout", "500ms", "--start-timeout", "500ms",
				"--", "env", testport.Variable+"=becomes-root", privileged)
			cmd.SysProcAttr = &syscall.SysProcAttr{
				Credential: &syscall.Credential{Uid: 65534, Gid: 65534},
				Setpgid:    true,
			}
			output, _ := cmd.CombinedOutput()
			t.Cleanup(func() { endAll(t, privileged) })
			assert.Equal(t, cli.Untested, cmd.ProcessState.ExitCode(), "%s", output)
			assert.Contains(t, string(output), "could not be ended")
		})
	}
}

// endAll ends the processes that run a file.
func endAll(t *testing.T, file string) {
	for _, pid := range running(t, file) {
		_ = syscall.Kill(pid, syscall.SIGKILL)
	}
}

// running returns the processes that run a file; none on systems without /proc.
func running(t *testing.T, file string) (pids []int) {
	links, err := filepath.Glob("/proc/[0-9]*/exe")
	require.NoError(t, err)
	for _, link := range links {
		if target, err := os.Readlink(link); err == nil && target == file {
			pid, err := strconv.Atoi(filepath.Base(filepath.Dir(link)))
			require.NoError(t, err)
			pids = append(pids, pid)
		}
	}
	return pids
}

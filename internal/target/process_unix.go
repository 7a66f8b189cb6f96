//go:build unix

package target

import (
	"os/exec"
	"syscall"
)

// setGroup puts the process into a group of its own, so that killing the group ends its children too.
func setGroup(cmd *exec.Cmd) { cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true} }

// killGroup ends all processes of the group. That none is left is no error.
func killGroup(cmd *exec.Cmd) { _ = syscall.Kill(-cmd.Process.Pid, syscall.SIGKILL) }

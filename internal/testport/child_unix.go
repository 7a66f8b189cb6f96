//go:build unix

package testport

import (
	"os/exec"
	"syscall"
)

func leaveGroup(child *exec.Cmd) { child.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

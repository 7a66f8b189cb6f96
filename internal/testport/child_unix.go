//go:build unix

package testport

import (
	"os/exec"
	"syscall"
)

func leaveGroup(child *exec.Cmd) { child.SysProcAttr = &syscall.SysProcAttr{Setsid: true} }

// joinParent puts the process into the process group of the one that started it.
func joinParent(*Port) {
	group, err := syscall.Getpgid(syscall.Getppid())
	if err == nil {
		err = syscall.Setpgid(0, group)
	}
	if err != nil {
		panic(err)
	}
}

// becomeRoot makes a process whose file belongs to root, and says so by its mode, one that nobody
// else may signal.
func becomeRoot(*Port) {
	if err := syscall.Setuid(0); err != nil {
		panic(err)
	}
}

package testport

import (
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
)

// ChildVariable is the environment variable that makes a test binary an animal.
const ChildVariable = "SIGKIT_ANIMAL"

// leaveChild starts a child that sleeps and holds standard output, and does not wait for it. An escaped one leaves the process group, where the system has such.
func leaveChild(escape bool) {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), ChildVariable+"=sleeper")
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	if escape {
		leaveGroup(child)
	}
	if err := child.Start(); err != nil {
		panic(err)
	}
}

// Running returns the ids of the other processes that run this test binary; none on systems without /proc.
func Running() (pids []string) {
	self, _ := os.Executable()
	exes, _ := filepath.Glob("/proc/[0-9]*/exe")
	for _, exe := range exes {
		pid := filepath.Base(filepath.Dir(exe))
		if path, _ := os.Readlink(exe); path == self && pid != strconv.Itoa(os.Getpid()) {
			pids = append(pids, pid)
		}
	}
	return pids
}

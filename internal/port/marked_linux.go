package port

import (
	"bytes"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
)

// killMarked ends all processes that have the mark in their environment. All that a port started
// have it, whatever session or group they have moved to, unless they removed it.
func killMarked(mark string) {
	for range 5 { // one may start another meanwhile
		if childless() {
			return
		}
		found := false
		environs, _ := filepath.Glob("/proc/[0-9]*/environ")
		for _, name := range environs {
			pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
			if text, err := os.ReadFile(name); err == nil && pid != os.Getpid() && hasVariable(text, mark) {
				found = syscall.Kill(pid, syscall.SIGKILL) == nil || found
			}
		}
		if !found {
			return
		}
	}
}

func hasVariable(environ []byte, variable string) bool {
	for v := range bytes.SplitSeq(environ, []byte{0}) {
		if string(v) == variable {
			return true
		}
	}
	return false
}

package port

import (
	"bytes"
	"errors"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// endWithUs has the system end a process when sigcheck ends, however it ends. The system does not
// do so for programs that run as another user by their mode.
func endWithUs(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGKILL }

// starter runs functions on one thread that never ends: to the system, the parent of a process is
// the thread that has started it.
var starter = sync.OnceValue(func() chan func() {
	todo := make(chan func())
	go func() {
		runtime.LockOSThread()
		for f := range todo {
			f()
		}
	}()
	return todo
})

// onOneThread runs a function on a thread that lives as long as the program.
func onOneThread(f func()) {
	done := make(chan bool)
	starter() <- func() {
		defer close(done)
		f()
	}
	<-done
}

var adopts atomic.Bool

// AdoptOrphans makes this program the parent of all processes whose parents end, so that none that
// a port starts gets lost, whatever its session, group and environment are. They are ended with the
// run. A program that calls it must have no children but ports.
func AdoptOrphans() {
	adopts.Store(unix.Prctl(unix.PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0) == nil)
}

// killOrphans ends the children of this program that are no running ports. When they end, their own
// children become ours.
func killOrphans() {
	const rounds = 100 // an orphan may start others meanwhile
	for range rounds {
		if !adopts.Load() || childless() || !killOrphansOnce() {
			return
		}
		time.Sleep(time.Millisecond)
	}
}

// childless reports whether this program has adopted the orphans of its ports, and has no children.
// Then nothing is left of any port. One system call tells it; a look at all processes takes longer
// than the rest of a short command.
func childless() bool {
	err := unix.Waitid(unix.P_ALL, 0, nil, unix.WEXITED|unix.WNOHANG|unix.WNOWAIT, nil)
	return adopts.Load() && errors.Is(err, unix.ECHILD)
}

// killOrphansOnce ends those that there are now and reports whether there were any. One that may
// not be ended does not count.
func killOrphansOnce() (found bool) {
	running.mu.Lock()
	defer running.mu.Unlock()
	known := map[int]bool{}
	for p := range running.all {
		known[p.cmd.Process.Pid] = true
	}
	stats, _ := filepath.Glob("/proc/[0-9]*/stat")
	for _, name := range stats {
		pid, _ := strconv.Atoi(filepath.Base(filepath.Dir(name)))
		if !known[pid] && parentOf(name) == os.Getpid() {
			found = syscall.Kill(pid, syscall.SIGKILL) == nil || found
			_, _ = syscall.Wait4(pid, nil, syscall.WNOHANG, nil)
		}
	}
	return found
}

// parentOf reads the parent of a process. It stands behind the name, which is in parentheses and
// may contain anything.
func parentOf(stat string) (pid int) {
	text, err := os.ReadFile(stat)
	if err != nil {
		return 0
	}
	fields := bytes.Fields(text[bytes.LastIndexByte(text, ')')+1:])
	if len(fields) > 1 {
		pid, _ = strconv.Atoi(string(fields[1]))
	}
	return pid
}

package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/testport"
)

// peakVariable makes the test binary sigcheck itself, which writes its peak memory into the file of
// that name.
const peakVariable = "SIGKIT_PEAK"

func sigcheckWithPeak() int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	path := os.Getenv(peakVariable)
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	status, _ := os.ReadFile("/proc/self/status") // none on systems without /proc
	if err := os.WriteFile(path, status, 0o600); err != nil {
		return 99
	}
	return code
}

// ran is the outcome of one run of sigcheck in a process of its own.
type ran struct {
	code    int
	result  check.Run
	seconds float64
	peak    int // memory of sigcheck, in MB; 0 where it is not known
}

// sigcheckProcess is a running sigcheck that checks a port of testport.
type sigcheckProcess struct {
	*exec.Cmd
	port           testport.Command
	stdout, stderr bytes.Buffer
	peak           string // file
	began          time.Time
}

// startSigcheck starts `sigcheck run` with these flags on a port.
func startSigcheck(t *testing.T, behaviour string, flags ...string) *sigcheckProcess {
	self, err := os.Executable()
	require.NoError(t, err)
	ctx, cancel := context.WithTimeout(t.Context(), 2*time.Minute) // only a hang takes as long
	t.Cleanup(cancel)
	p := &sigcheckProcess{
		port:  testport.NewCommand(t, behaviour),
		peak:  filepath.Join(t.TempDir(), "peak"),
		began: time.Now(),
	}
	args := append([]string{"run", "--report", "json", "--diagnose=false"}, flags...)
	args = append(append(args, "--"), p.port.Args...)
	p.Cmd = exec.CommandContext(ctx, self, args...)
	p.Env = append(os.Environ(), peakVariable+"="+p.peak)
	p.Stdout, p.Stderr = &p.stdout, &p.stderr
	require.NoError(t, p.Start())
	return p
}

// wait waits for the end. Nothing may be left running, and memory stays within bounds, whatever the
// port does.
func (p *sigcheckProcess) wait(t *testing.T) ran {
	_ = p.Wait() // the exit code says it
	r := ran{code: p.ProcessState.ExitCode(), seconds: time.Since(p.began).Seconds()}
	require.NoError(t, json.Unmarshal(p.stdout.Bytes(), &r.result),
		"exit code %d, output %.200s, errors %.2000s", r.code, p.stdout.String(), p.stderr.String())
	p.port.AssertEnded(t)
	r.peak = peakMemory(t, p.peak)
	return r
}

// peakMemory reads what [sigcheckWithPeak] wrote.
func peakMemory(t *testing.T, file string) (megabytes int) {
	status, err := os.ReadFile(file)
	require.NoError(t, err)
	if m := regexp.MustCompile(`VmHWM:\s+(\d+) kB`).FindSubmatch(status); m != nil {
		kb, _ := strconv.Atoi(string(m[1]))
		megabytes = kb >> 10
	}
	assert.Less(t, megabytes, 200, "MB of memory")
	return megabytes
}

package port

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// A process that has ended may have a child that still holds its pipes, and a process that should
// end may not end. Neither may hold up the run:
//
//	process ended, output open:    what comes within outputTime is read, then the pipes are closed
//	output closed, process runs:   it may take endTime to end, then it is killed
//	last answer given (exec mode): the same
//	it may not be killed:          it is left behind after deniedTime, and the run ends
//	killed, and still there:       the same after killTime
const (
	outputTime = 200 * time.Millisecond
	endTime    = time.Second
	deniedTime = time.Second
	killTime   = time.Minute // a machine may be very busy
)

// ErrNotEnded is the cause when a process of the port goes on after it was killed: it may be one
// that sigcheck has no right to signal.
var ErrNotEnded = errors.New("it could not be ended and may still run: " +
	"let the port run as the user that runs sigcheck")

// process is a running port: its three pipes, and how it ended.
type process struct {
	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	errors *os.File      // its standard error
	ended  chan struct{} // closed when the process has been waited for
	denied atomic.Bool   // sigcheck has no right to end it

	stderr       tail
	stderrClosed chan struct{} // closed when nothing more comes there; soon after ended

	reading sync.Mutex
	until   time.Time // when reading ends; zero if it does not
}

// start runs the command in a process group of its own, with variables added to its environment.
func (c Config) start(variables ...string) (*process, error) {
	p := &process{
		cmd:          exec.Command(c.Command[0], c.Command[1:]...),
		ended:        make(chan struct{}),
		stderrClosed: make(chan struct{}),
	}
	p.cmd.Env = append(c.environment(), variables...)
	setGroup(p.cmd)
	var theirs [3]*os.File
	err := pipes(&theirs[0], &p.stdin, &p.stdout, &theirs[1], &p.errors, &theirs[2])
	if err == nil {
		p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = theirs[0], theirs[1], theirs[2]
		err = running.start(p)
	}
	closeAll(theirs[:]...)
	if err != nil {
		closeAll(p.stdin, p.stdout, p.errors)
		return nil, fmt.Errorf("starting the port: %w", err)
	}
	go p.keepTail()
	go p.wait()
	return p, nil
}

func (p *process) keepTail() {
	defer close(p.stderrClosed)
	defer p.errors.Close()
	_, _ = io.Copy(&p.stderr, p.errors)
}

// wait waits for the process, ends what is left of its group, and limits how long output may
// follow.
func (p *process) wait() {
	_ = p.cmd.Wait() // cmd.ProcessState tells more than the error
	running.remove(p)
	_ = killGroup(p.cmd)
	p.stopReading(outputTime)
	close(p.ended)
}

// stopReading limits how long output may still come. Of several limits the earliest counts: a
// process that is killed may end before the limit for its end is set.
func (p *process) stopReading(d time.Duration) {
	late := time.Now().Add(d)
	p.reading.Lock()
	defer p.reading.Unlock()
	if !p.until.IsZero() && p.until.Before(late) {
		return
	}
	p.until = late
	_ = p.stdout.SetReadDeadline(late)
	_ = p.errors.SetReadDeadline(late)
}

// end kills the process and its group without waiting. A process that goes on all the same is not
// read for ever.
func (p *process) end() {
	p.denied.Store(errors.Is(killGroup(p.cmd), os.ErrPermission))
	p.stopReading(p.patience())
}

// patience is how long the end of a killed process is waited for.
func (p *process) patience() time.Duration {
	if p.denied.Load() {
		return deniedTime
	}
	return killTime
}

// hasEnded waits at most that long for the end of the process and reports whether it has ended.
func (p *process) hasEnded(d time.Duration) bool {
	select {
	case <-p.ended:
		return true
	default:
	}
	if d == 0 {
		return false
	}
	select {
	case <-p.ended:
		return true
	case <-time.After(d):
		return false
	}
}

// pipes makes pipes: reader, writer, reader, writer, …
func pipes(ends ...**os.File) (err error) {
	for i := 0; i < len(ends) && err == nil; i += 2 {
		*ends[i], *ends[i+1], err = os.Pipe()
	}
	return err
}

func closeAll(files ...*os.File) {
	for _, f := range files {
		if f != nil {
			f.Close()
		}
	}
}

// kill ends the process group, waits for the process and closes the pipes. The error is
// [ErrNotEnded] if the process goes on all the same.
func (p *process) kill() error {
	if !p.hasEnded(0) {
		p.end()
	}
	gone := p.hasEnded(p.patience())
	closeAll(p.stdin, p.stdout)
	if gone {
		return nil
	}
	p.errors.Close()
	return fmt.Errorf("process %d of the port: %w", p.cmd.Process.Pid, ErrNotEnded)
}

// stderrTail returns the end of what an ended or killed process wrote to standard error.
func (p *process) stderrTail() string {
	<-p.stderrClosed
	return p.stderr.String()
}

// ending says how a process ended, as "exit code 7" or "signal: killed".
func (p *process) ending() string {
	if !p.hasEnded(0) {
		return "nothing: it could not be ended"
	}
	if code := p.cmd.ProcessState.ExitCode(); code >= 0 {
		return fmt.Sprintf("exit code %d", code)
	}
	return p.cmd.ProcessState.String()
}

// tail keeps the last of what is written to it.
type tail struct {
	mu   sync.Mutex
	text []byte
	cut  bool
}

const tailSize = 2048

// Write keeps the end of b and never fails.
func (t *tail) Write(b []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.text = append(t.text, b[max(0, len(b)-tailSize):]...)
	if len(t.text) > tailSize {
		t.text = append(t.text[:0], t.text[len(t.text)-tailSize:]...)
		t.cut = true
	}
	return len(b), nil
}

// String returns what was kept, from the start of a line on.
func (t *tail) String() string {
	t.mu.Lock()
	defer t.mu.Unlock()
	text := t.text
	if at := bytes.IndexByte(text, '\n'); t.cut && at >= 0 {
		text = text[at+1:]
	}
	return strings.TrimSpace(strings.ToValidUTF8(string(text), "\ufffd"))
}

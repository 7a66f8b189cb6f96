package port

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"time"
)

const (
	// grace is how long output may still come after the process itself has ended, for a child of it that holds the pipe.
	grace = 200 * time.Millisecond
	// linger is how long a process may take to end after its last answer, or after it has closed its output.
	linger = time.Second
)

// process is a running port: its three pipes, and how it ended.
type process struct {
	cmd    *exec.Cmd
	stdin  *os.File
	stdout *os.File
	ended  chan struct{} // closed when the process has been waited for

	stderr tail
	silent chan struct{} // closed when nothing more comes there; soon after ended
}

// start runs the command in a process group of its own.
func (c Config) start() (*process, error) {
	p := &process{cmd: exec.Command(c.Command[0], c.Command[1:]...), ended: make(chan struct{}), silent: make(chan struct{})}
	p.cmd.Env = c.environment()
	setGroup(p.cmd)
	var theirs [3]*os.File
	var stderr *os.File
	err := pipes(&theirs[0], &p.stdin, &p.stdout, &theirs[1], &stderr, &theirs[2])
	if err == nil {
		p.cmd.Stdin, p.cmd.Stdout, p.cmd.Stderr = theirs[0], theirs[1], theirs[2]
		err = p.cmd.Start()
	}
	closeAll(theirs[:]...)
	if err != nil {
		closeAll(p.stdin, p.stdout, stderr)
		return nil, fmt.Errorf("starting the port: %w", err)
	}
	go func() {
		defer close(p.silent)
		defer stderr.Close()
		_, _ = io.Copy(&p.stderr, stderr)
	}()
	go func() {
		_ = p.cmd.Wait() // the state says it all
		killGroup(p.cmd)
		late := time.Now().Add(grace)
		_ = p.stdout.SetReadDeadline(late)
		_ = stderr.SetReadDeadline(late)
		close(p.ended)
	}()
	return p, nil
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

// kill ends the process group, waits for the process and closes the pipes.
func (p *process) kill() {
	killGroup(p.cmd)
	<-p.ended
	closeAll(p.stdin, p.stdout)
}

// lastWords returns the last of what an ended process wrote to standard error.
func (p *process) lastWords() string {
	<-p.silent
	return p.stderr.String()
}

// ending says how an ended process went, as "exit code 7" or "signal: killed".
func (p *process) ending() string {
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

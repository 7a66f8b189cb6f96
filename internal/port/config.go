package port

import (
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"time"
)

// Config says how to run a port. The zero values of all but Command are useful.
type Config struct {
	Command      []string      // program and arguments, run without a shell
	Timeout      time.Duration // for one answer; 10 s if zero
	StartTimeout time.Duration // for the first answer of a process; 30 s if zero
	Jobs         int           // at a time; if zero, see the mode
	Window       int           // Stream: questions that are sent ahead of answers; 256 if zero
	Capture      bool          // have the port send its requests to a stand-in
	Env          []string      // variables as NAME=VALUE, added to those of this process
	Log          *slog.Logger  // what the processes do, to find a fault in a port; nil for nothing

	hurried bool // see Hurried

	mark   string  // an environment variable that only the processes of this run have
	sender *sender // what is known of a port that sends requests; nil without Capture
}

// withDefaults checks the command and fills in what is zero.
func (c Config) withDefaults(jobs int) (Config, error) {
	if len(c.Command) == 0 {
		return c, errors.New("no command to run: put it after --")
	}
	path, err := exec.LookPath(c.Command[0])
	if err != nil {
		return c, fmt.Errorf("starting the port: %w", err)
	}
	c.Command = append([]string{path}, c.Command[1:]...)
	c.mark = markPrefix + rand.Text()
	return c.withLimits(jobs), nil
}

func (c Config) withLimits(jobs int) Config {
	setDefault(&c.Timeout, 10*time.Second)
	setDefault(&c.StartTimeout, max(30*time.Second, c.Timeout))
	setDefault(&c.Jobs, jobs)
	setDefault(&c.Window, 256)
	if c.Capture {
		c.Window = 1 // so that a request belongs to a question
		c.sender = &sender{}
	}
	if c.Log == nil {
		c.Log = slog.New(slog.DiscardHandler)
	}
	return c
}

// processors is the default number of processes for Exec. More do not get more done, but need more
// memory.
func processors() int { return min(runtime.GOMAXPROCS(0), 8) }

func setDefault[T int | time.Duration](v *T, def T) {
	if *v == 0 {
		*v = def
	}
}

// environment is that of the port: ours, what the configuration adds, the mark, and no proxy for a
// stand-in.
func (c Config) environment() []string {
	env := append(append(os.Environ(), c.Env...), c.mark)
	if c.Capture {
		env = append(env, "NO_PROXY=127.0.0.1", "no_proxy=127.0.0.1")
	}
	return env
}

// markPrefix is how the mark starts.
const markPrefix = "SIGKIT_RUN="

func isMark(variable string) bool { return strings.HasPrefix(variable, markPrefix) }

// sweep ends what the processes of this run have left behind outside of their process groups.
func (c Config) sweep() {
	killMarked(c.mark)
	killOrphans()
}

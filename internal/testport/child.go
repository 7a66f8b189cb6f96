package testport

import (
	"bytes"
	"crypto/rand"
	"flag"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Variable is the environment variable that makes a test binary a port: its value is the name of a
// behaviour.
const Variable = "SIGKIT_TEST_PORT"

// Main is the start of TestMain. It runs the port that the environment asks for, if it does, and
// ends the process. Otherwise it lets more tests run at a time than there are processors, since
// tests of ports mostly wait.
func Main() {
	if name := os.Getenv(Variable); name != "" {
		os.Exit(Run(name))
	}
	if err := flag.Set("test.parallel", "16"); err != nil {
		panic(err)
	}
}

// countVariable is the environment variable that names a file with a byte for each question asked.
const countVariable = "SIGKIT_TEST_COUNT"

// Command is a command that runs a port, whose processes can be told from all others.
type Command struct {
	Args  []string
	mark  string
	count string
}

// NewCommand returns the command for a behaviour.
func NewCommand(t testing.TB, behaviour string) Command {
	self, err := os.Executable()
	require.NoError(t, err)
	c := Command{
		mark:  "SIGKIT_TEST_RUN=" + rand.Text(),
		count: filepath.Join(t.TempDir(), "count"),
	}
	c.Args = []string{
		"env", Variable + "=" + behaviour, c.mark, countVariable + "=" + c.count,
		// Without this, a process under the race detector sleeps for a second when it ends.
		"GORACE=atexit_sleep_ms=0",
		self,
	}
	return c
}

// Asked is how many questions the processes of the command have been asked so far.
func (c Command) Asked() int64 {
	info, err := os.Stat(c.count)
	if err != nil {
		return 0
	}
	return info.Size()
}

func countQuestion() {
	path := os.Getenv(countVariable)
	if path == "" {
		return
	}
	f, err := os.OpenFile(path, os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	if err != nil {
		return // the test has ended
	}
	defer f.Close()
	_, _ = f.Write([]byte{'.'})
}

// AssertEnded asserts that no process of the command is left, nor a child of one.
func (c Command) AssertEnded(t testing.TB) {
	t.Helper()
	ended := func() bool { return len(marked(c.mark)) == 0 }
	assert.Eventually(t, ended, 3*time.Second, 20*time.Millisecond,
		"processes left behind: %v", marked(c.mark))
}

// marked returns the ids of the processes with this variable in their environment; none on systems
// without /proc.
func marked(variable string) (pids []string) {
	names, _ := filepath.Glob("/proc/[0-9]*/environ")
	for _, name := range names {
		pid := filepath.Base(filepath.Dir(name))
		environ, err := os.ReadFile(name)
		if err == nil && pid != strconv.Itoa(os.Getpid()) && bytes.Contains(environ, []byte(variable)) {
			pids = append(pids, pid)
		}
	}
	return pids
}

// startFamily leaves a child in the process group and one outside, and ignores signals.
func startFamily(p *Port) {
	leaveChild(true)
	leaveChild(false)
	ignoreTerm(p)
}

// leaveChild starts a child that sleeps and holds standard output, and does not wait for it. An
// escaped one leaves the process group, where the system has such.
func leaveChild(escape bool) {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), Variable+"=sleeper")
	child.Stdout, child.Stderr = os.Stdout, os.Stderr
	if escape {
		leaveGroup(child)
	}
	if err := child.Start(); err != nil {
		panic(err)
	}
}

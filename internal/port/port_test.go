package port_test

import (
	"context"
	"fmt"
	"os"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
	"sigkit/internal/testport"
)

// The test binary runs itself as the port under test.
func TestMain(m *testing.M) {
	if animal := os.Getenv(testport.ChildVariable); animal != "" {
		os.Exit(testport.Run(animal))
	}
	os.Exit(m.Run())
}

type asker interface {
	Ask(context.Context, <-chan port.Question, func(port.Question, port.Reply)) error
}

// start returns a target that runs an animal in a mode.
func start(t *testing.T, mode, animal string, c port.Config) asker {
	self, err := os.Executable()
	require.NoError(t, err)
	t.Setenv(testport.ChildVariable, animal)
	t.Setenv("GORACE", "atexit_sleep_ms=0") // a process under the race detector sleeps for a second when it ends
	c.Command = []string{self}
	if mode == "exec" {
		return port.Exec{Config: c}
	}
	return port.Stream{Config: c}
}

// questions returns n questions. Those whose numbers are marked get an id that ends in x.
func questions(n int, marked ...int) <-chan port.Question {
	all := make(chan port.Question, n)
	for i := 1; i <= n; i++ {
		id := fmt.Sprintf("q/%d", i)
		if slices.Contains(marked, i) {
			id += "x"
		}
		line := fmt.Sprintf(`{"id":%q,"email":"user@example.com","key":"test-key","method":"GET",`+
			`"resource":"/api/v1/%d","data":{}}`+"\n", id, i)
		all <- port.Question{ID: id, Line: func(string) []byte { return []byte(line) }}
	}
	close(all)
	return all
}

// ask returns the fault of every question, "" for an answer, and the error of the run.
func ask(t *testing.T, a asker, questions <-chan port.Question) (map[string]port.Fault, map[string]port.Reply, error) {
	var mu sync.Mutex
	faults, replies := map[string]port.Fault{}, map[string]port.Reply{}
	err := a.Ask(t.Context(), questions, func(q port.Question, r port.Reply) {
		mu.Lock()
		defer mu.Unlock()
		assert.NotContains(t, faults, q.ID, "answered twice")
		faults[q.ID], replies[q.ID] = r.Fault, r
		if r.Fault == "" {
			assert.NotNil(t, r.Answer)
		}
	})
	assertNoChildren(t)
	return faults, replies, err
}

// assertNoChildren looks for processes that run this test binary as an animal.
func assertNoChildren(t *testing.T) {
	t.Helper()
	assert.Eventually(t, func() bool { return len(testport.Running()) == 0 }, 3*time.Second, 20*time.Millisecond, "processes left behind: %v", testport.Running())
}

// Trouble costs the marked questions only, in either mode.
func TestTroubleCostsItsOwnQuestionOnly(t *testing.T) {
	for _, c := range []struct {
		animal       string
		exec, stream port.Fault // of the marked questions
	}{
		{"right", "", ""},
		{"hangs", port.Timeout, port.Timeout},
		{"exit-7", port.Crashed, port.Crashed},
		{"panics", port.Crashed, port.Crashed},
		{"garbage", port.Garbage, port.Garbage},
		{"not-utf8", port.Garbage, port.Garbage},
		{"array", port.Garbage, port.Garbage},
		{"half-line", port.Garbage, port.Garbage},
		{"wrong-id", port.Garbage, port.Garbage},
		{"floods", port.Flooded, port.Flooded},
	} {
		for mode, fault := range map[string]port.Fault{"exec": c.exec, "stream": c.stream} {
			t.Run(c.animal+"/"+mode, func(t *testing.T) {
				var config port.Config // generous, for slow machines; a hang costs its time
				if c.animal == "hangs" {
					config = port.Config{Timeout: 3 * time.Second, StartTimeout: 3 * time.Second}
				}
				faults, _, err := ask(t, start(t, mode, c.animal, config), questions(100, 10, 11))
				require.NoError(t, err)
				assert.Len(t, faults, 100)
				for id, got := range faults {
					want := port.Fault("")
					if strings.HasSuffix(id, "x") {
						want = fault
					}
					assert.Equal(t, want, got, id)
				}
			})
		}
	}
}

// What a right port may do passes.
func TestHarmlessHabits(t *testing.T) {
	for _, animal := range []string{"lower-header", "chatty", "no-id", "slow-start", "grandchild"} {
		for _, mode := range []string{"exec", "stream"} {
			t.Run(animal+"/"+mode, func(t *testing.T) {
				config := port.Config{Jobs: 2}
				faults, _, err := ask(t, start(t, mode, animal, config), questions(8))
				require.NoError(t, err)
				for id, fault := range faults {
					assert.Empty(t, fault, id)
				}
				assert.Len(t, faults, 8)
			})
		}
	}
}

func TestHeaderLinesAreAnAnswerInExecMode(t *testing.T) {
	_, replies, err := ask(t, start(t, "exec", "header-lines", port.Config{}), questions(1))
	require.NoError(t, err)
	require.NotNil(t, replies["q/1"].Answer)
	assert.Equal(t, "Accept", replies["q/1"].Answer.Headers[0].Name)
	assert.Len(t, replies["q/1"].Answer.Headers[1].Value, 44)
}

// Answers out of turn are charged, although one by one the port looks right.
func TestAnswersOutOfTurn(t *testing.T) {
	faults, replies, err := ask(t, start(t, "stream", "reversed", port.Config{Timeout: time.Second, StartTimeout: time.Second}), questions(2))
	require.NoError(t, err)
	assert.Equal(t, map[string]port.Fault{"q/1": port.Timeout, "q/2": port.Timeout}, faults)
	assert.Contains(t, replies["q/1"].Detail, "no answer within 1s")
}

func TestSilence(t *testing.T) {
	for mode, want := range map[string]string{"exec": "it ended with exit code 0 and printed nothing", "stream": "it ended with exit code 0 and printed nothing"} {
		_, replies, err := ask(t, start(t, mode, "silent", port.Config{}), questions(3))
		require.NoError(t, err)
		require.Len(t, replies, 3)
		for id, r := range replies {
			assert.Equal(t, port.NoAnswer, r.Fault, id)
			assert.Equal(t, want, r.Detail)
		}
	}
}

func TestStderrIsKeptForPeople(t *testing.T) {
	for _, mode := range []string{"exec", "stream"} {
		_, replies, err := ask(t, start(t, mode, "always-exit-7", port.Config{}), questions(2))
		require.NoError(t, err)
		assert.Equal(t, port.Crashed, replies["q/2"].Fault)
		assert.Contains(t, replies["q/2"].Detail, "exit code 7")
		assert.Equal(t, "Traceback: it broke", replies["q/2"].Stderr)
	}
}

// When no question is ever answered, that costs a few of them and not all.
func TestGivesUp(t *testing.T) {
	for animal, want := range map[string]error{"always-hangs": port.ErrHangs, "always-exit-7": port.ErrCrashes} {
		for _, mode := range []string{"exec", "stream"} {
			var config port.Config
			if animal == "always-hangs" {
				config = port.Config{Timeout: 100 * time.Millisecond, StartTimeout: 100 * time.Millisecond}
			}
			faults, _, err := ask(t, start(t, mode, animal, config), questions(1000))
			assert.ErrorIs(t, err, want)
			assert.LessOrEqual(t, len(faults), 10)
			assert.GreaterOrEqual(t, len(faults), 3)
		}
	}
}

// A port that forgets to flush is told so, once; in exec mode it does not matter.
func TestUnflushed(t *testing.T) {
	_, replies, err := ask(t, start(t, "stream", "unflushed", port.Config{StartTimeout: 3 * time.Second}), questions(1000))
	assert.ErrorIs(t, err, port.ErrUnflushed)
	assert.Len(t, replies, 1)
	assert.Contains(t, replies["q/1"].Detail, "the port does not flush its output after each")
	faults, _, err := ask(t, start(t, "exec", "unflushed", port.Config{}), questions(3))
	require.NoError(t, err)
	assert.Equal(t, map[string]port.Fault{"q/1": "", "q/2": "", "q/3": ""}, faults)
}

func TestCancelling(t *testing.T) {
	for _, mode := range []string{"exec", "stream"} {
		a := start(t, mode, "always-hangs", port.Config{})
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		began := time.Now()
		err := a.Ask(ctx, questions(5), func(q port.Question, r port.Reply) { t.Errorf("%s got %v", q.ID, r) })
		assert.Error(t, err)
		assert.Less(t, time.Since(began), 5*time.Second)
		assertNoChildren(t)
	}
}

func TestCommandThatCannotStart(t *testing.T) {
	for _, command := range [][]string{nil, {"no-such-port"}, {os.DevNull}} {
		for _, a := range []asker{port.Exec{Config: port.Config{Command: command}}, port.Stream{Config: port.Config{Command: command}}} {
			_, _, err := ask(t, a, questions(1))
			assert.Error(t, err)
		}
	}
}

package target_test

import (
	"context"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/target"
	"sigkit/internal/zoo"
)

// The test binary runs itself as the port under test.
func TestMain(m *testing.M) {
	if animal := os.Getenv(zoo.ChildVariable); animal != "" {
		os.Exit(zoo.Run(animal))
	}
	os.Exit(m.Run())
}

type asker interface {
	Ask(context.Context, func() (target.Question, bool), func(target.Question, target.Reply)) error
}

// port returns a target that runs an animal in a mode.
func port(t *testing.T, mode, animal string, c target.Config) asker {
	self, err := os.Executable()
	require.NoError(t, err)
	t.Setenv(zoo.ChildVariable, animal)
	t.Setenv("GORACE", "atexit_sleep_ms=0") // a process under the race detector sleeps for a second when it ends
	c.Command = []string{self}
	if mode == "exec" {
		return target.Exec{Config: c}
	}
	return target.Stream{Config: c}
}

// questions returns a source of n questions; those whose numbers are marked get an id that ends in x.
func questions(n int, marked ...int) func() (target.Question, bool) {
	i := 0
	return func() (target.Question, bool) {
		i++
		var id strings.Builder
		id.WriteString(fmt.Sprintf("q/%d", i))
		for _, m := range marked {
			if m == i {
				id.WriteString("x")
			}
		}
		line := fmt.Sprintf(`{"id":%q,"email":"user@example.com","key":"test-key","method":"GET","resource":"/api/v1/%d","data":{}}`+"\n", id.String(), i)
		return target.Question{ID: id.String(), Line: func(string) []byte { return []byte(line) }}, i <= n
	}
}

// ask returns the fault of every question, "" for an answer, and the error of the run.
func ask(t *testing.T, a asker, pull func() (target.Question, bool)) (map[string]target.Fault, map[string]target.Reply, error) {
	var mu sync.Mutex
	faults, replies := map[string]target.Fault{}, map[string]target.Reply{}
	err := a.Ask(t.Context(), pull, func(q target.Question, r target.Reply) {
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
	assert.Eventually(t, func() bool { return len(zoo.Running()) == 0 }, 3*time.Second, 20*time.Millisecond, "processes left behind: %v", zoo.Running())
}

// Trouble costs the marked questions only, in either mode.
func TestTroubleCostsItsOwnQuestionOnly(t *testing.T) {
	for _, c := range []struct {
		animal       string
		exec, stream target.Fault // of the marked questions
	}{
		{"right", "", ""},
		{"hangs", target.Timeout, target.Timeout},
		{"exit-7", target.Crashed, target.Crashed},
		{"panics", target.Crashed, target.Crashed},
		{"garbage", target.Garbage, target.Garbage},
		{"not-utf8", target.Garbage, target.Garbage},
		{"array", target.Garbage, target.Garbage},
		{"half-line", target.Garbage, target.Garbage},
		{"wrong-id", target.Garbage, target.Garbage},
		{"floods", target.Flooded, target.Flooded},
	} {
		for mode, fault := range map[string]target.Fault{"exec": c.exec, "stream": c.stream} {
			t.Run(c.animal+"/"+mode, func(t *testing.T) {
				var config target.Config // generous, for slow machines; a hang costs its time
				if c.animal == "hangs" {
					config = target.Config{Timeout: 3 * time.Second, StartTimeout: 3 * time.Second}
				}
				faults, _, err := ask(t, port(t, mode, c.animal, config), questions(100, 10, 11))
				require.NoError(t, err)
				assert.Len(t, faults, 100)
				for id, got := range faults {
					want := target.Fault("")
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
				config := target.Config{Jobs: 2}
				faults, _, err := ask(t, port(t, mode, animal, config), questions(8))
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
	_, replies, err := ask(t, port(t, "exec", "header-lines", target.Config{}), questions(1))
	require.NoError(t, err)
	require.NotNil(t, replies["q/1"].Answer)
	assert.Equal(t, "Accept", replies["q/1"].Answer.Headers[0].Name)
	assert.Len(t, replies["q/1"].Answer.Headers[1].Value, 44)
}

// Answers out of turn are charged, although one by one the port looks right.
func TestAnswersOutOfTurn(t *testing.T) {
	faults, replies, err := ask(t, port(t, "stream", "reversed", target.Config{Timeout: time.Second, StartTimeout: time.Second}), questions(2))
	require.NoError(t, err)
	assert.Equal(t, map[string]target.Fault{"q/1": target.Timeout, "q/2": target.Timeout}, faults)
	assert.Contains(t, replies["q/1"].Detail, "no answer within 1s")
}

func TestSilence(t *testing.T) {
	for mode, want := range map[string]string{"exec": "it ended with exit code 0 and printed nothing", "stream": "it ended with exit code 0 and printed nothing"} {
		_, replies, err := ask(t, port(t, mode, "silent", target.Config{}), questions(3))
		require.NoError(t, err)
		require.Len(t, replies, 3)
		for id, r := range replies {
			assert.Equal(t, target.NoAnswer, r.Fault, id)
			assert.Equal(t, want, r.Detail)
		}
	}
}

func TestStderrIsKeptForPeople(t *testing.T) {
	for _, mode := range []string{"exec", "stream"} {
		_, replies, err := ask(t, port(t, mode, "always-exit-7", target.Config{}), questions(2))
		require.NoError(t, err)
		assert.Equal(t, target.Crashed, replies["q/2"].Fault)
		assert.Contains(t, replies["q/2"].Detail, "exit code 7")
		assert.Equal(t, "Traceback: it broke", replies["q/2"].Stderr)
	}
}

// When no question is ever answered, that costs a few of them and not all.
func TestGivesUp(t *testing.T) {
	for animal, want := range map[string]error{"always-hangs": target.ErrHangs, "always-exit-7": target.ErrCrashes} {
		for _, mode := range []string{"exec", "stream"} {
			var config target.Config
			if animal == "always-hangs" {
				config = target.Config{Timeout: 100 * time.Millisecond, StartTimeout: 100 * time.Millisecond}
			}
			faults, _, err := ask(t, port(t, mode, animal, config), questions(1000))
			assert.ErrorIs(t, err, want)
			assert.LessOrEqual(t, len(faults), 10)
			assert.GreaterOrEqual(t, len(faults), 3)
		}
	}
}

// A port that forgets to flush is told so, once; in exec mode it does not matter.
func TestUnflushed(t *testing.T) {
	_, replies, err := ask(t, port(t, "stream", "unflushed", target.Config{StartTimeout: 3 * time.Second}), questions(1000))
	assert.ErrorIs(t, err, target.ErrUnflushed)
	assert.Len(t, replies, 1)
	assert.Contains(t, replies["q/1"].Detail, "the port does not flush its output after each")
	faults, _, err := ask(t, port(t, "exec", "unflushed", target.Config{}), questions(3))
	require.NoError(t, err)
	assert.Equal(t, map[string]target.Fault{"q/1": "", "q/2": "", "q/3": ""}, faults)
}

func TestCancelling(t *testing.T) {
	for _, mode := range []string{"exec", "stream"} {
		a := port(t, mode, "always-hangs", target.Config{})
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		began := time.Now()
		err := a.Ask(ctx, questions(5), func(q target.Question, r target.Reply) { t.Errorf("%s got %v", q.ID, r) })
		assert.Error(t, err)
		assert.Less(t, time.Since(began), 5*time.Second)
		assertNoChildren(t)
	}
}

func TestCommandThatCannotStart(t *testing.T) {
	for _, command := range [][]string{nil, {"no-such-port"}, {os.DevNull}} {
		for _, a := range []asker{target.Exec{Config: target.Config{Command: command}}, target.Stream{Config: target.Config{Command: command}}} {
			_, _, err := ask(t, a, questions(1))
			assert.Error(t, err)
		}
	}
}

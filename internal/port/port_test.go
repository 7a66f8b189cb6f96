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
	testport.Main()
	os.Exit(m.Run())
}

// launch returns what asks a port of testport in a mode. When the test ends, no process may be
// left.
func launch(t *testing.T, mode, behaviour string, c port.Config) port.Asker {
	command := testport.NewCommand(t, behaviour)
	t.Cleanup(func() { command.AssertEnded(t) })
	c.Command = command.Args
	switch mode {
	case "exec":
		return port.Exec{Config: c}
	case "auto":
		return &port.Auto{Config: c}
	}
	return port.Stream{Config: c}
}

// questions returns n questions, numbered from 1. Those of the given numbers have an id that ends
// in x.
func questions(n int, marked ...int) <-chan port.Question {
	all := make(chan port.Question, n)
	for i := 1; i <= n; i++ {
		id := fmt.Sprintf("q/%d", i)
		if slices.Contains(marked, i) {
			id += "x"
		}
		line := func(base string) []byte {
			return fmt.Appendf(nil, `{"id":%q,"email":"user@example.com","key":"test-key",`+
				`"base_url":%q,"method":"GET","resource":"/api/v1/%d","data":{}}`+"\n", id, base, i)
		}
		all <- port.Question{ID: id, Line: line, Signable: true}
	}
	close(all)
	return all
}

// ask returns the replies by id, and the error of the run.
func ask(
	t *testing.T, a port.Asker, questions <-chan port.Question,
) (map[string]port.Reply, error) {
	var mu sync.Mutex
	replies := map[string]port.Reply{}
	err := a.Ask(t.Context(), questions, func(q port.Question, r port.Reply) {
		mu.Lock()
		defer mu.Unlock()
		assert.NotContains(t, replies, q.ID, "answered twice")
		assert.Equal(t, r.Fault == "", r.Answer != nil)
		replies[q.ID] = r
	})
	return replies, err
}

// assertAnswered asserts that all questions were answered.
func assertAnswered(t *testing.T, n int, replies map[string]port.Reply) {
	t.Helper()
	assert.Len(t, replies, n)
	for id, r := range replies {
		assert.Empty(t, r.Fault, "%s: %s", id, r.Detail)
	}
}

// modes runs a test in exec and stream mode, in parallel.
func modes(t *testing.T, name string, test func(t *testing.T, mode string)) {
	for _, mode := range []string{"exec", "stream"} {
		t.Run(name+"/"+mode, func(t *testing.T) {
			t.Parallel()
			test(t, mode)
		})
	}
}

// A fault fails only the questions that show it, in each mode.
func TestFaultsFailOnlyTheirQuestions(t *testing.T) {
	t.Parallel()
	for behaviour, want := range map[string]port.Fault{
		"right":     "",
		"hangs":     port.Timeout,
		"exit-7":    port.Crashed,
		"panics":    port.Crashed,
		"garbage":   port.Garbage,
		"not-utf8":  port.Garbage,
		"array":     port.Garbage,
		"half-line": port.Garbage,
		"wrong-id":  port.Garbage,
		"floods":    port.Flooded,
	} {
		modes(t, behaviour, func(t *testing.T, mode string) {
			const count = 20
			var config port.Config // generous, for slow machines; a hang costs its time
			asked := questions(count, 10, 11)
			if behaviour == "hangs" {
				config = port.Config{Timeout: 2 * time.Second, StartTimeout: 3 * time.Second}
				asked = questions(count, 10)
			}
			replies, err := ask(t, launch(t, mode, behaviour, config), asked)
			require.NoError(t, err)
			assert.Len(t, replies, count)
			for id, r := range replies {
				fault := port.Fault("")
				if strings.HasSuffix(id, "x") {
					fault = want
				}
				assert.Equal(t, fault, r.Fault, "%s: %s", id, r.Detail)
			}
		})
	}
}

// What a right port may do is no fault.
func TestHarmlessBehaviour(t *testing.T) {
	t.Parallel()
	for _, behaviour := range []string{
		"lower-header", "chatty", "no-id", "slow-start", "grandchild",
	} {
		modes(t, behaviour, func(t *testing.T, mode string) {
			a := launch(t, mode, behaviour, port.Config{Jobs: 2})
			replies, err := ask(t, a, questions(4))
			require.NoError(t, err)
			assertAnswered(t, 4, replies)
		})
	}
}

func TestHeaderLinesAreAnAnswerInExecMode(t *testing.T) {
	t.Parallel()
	replies, err := ask(t, launch(t, "exec", "header-lines", port.Config{}), questions(1))
	require.NoError(t, err)
	require.NotNil(t, replies["q/1"].Answer)
	assert.Equal(t, "Accept", replies["q/1"].Answer.Headers[0].Name)
	assert.Len(t, replies["q/1"].Answer.Headers[1].Value, 44)
}

// In exec mode a port can tell the vector by its environment.
func TestVectorVariable(t *testing.T) {
	t.Parallel()
	script := `printf '{"id":"%s","headers":{}}\n' "$SIGCHECK_VECTOR"`
	a := port.Exec{Config: port.Config{Command: []string{"sh", "-c", script}}}
	replies, err := ask(t, a, questions(3))
	require.NoError(t, err)
	assertAnswered(t, 3, replies)
	for id, r := range replies {
		assert.Equal(t, id, *r.Answer.ID)
	}
}

// Answers in the wrong order are charged, although the port looks right when it is asked one by
// one.
func TestAnswersInTheWrongOrder(t *testing.T) {
	t.Parallel()
	limits := port.Config{Timeout: time.Second, StartTimeout: time.Second}
	replies, err := ask(t, launch(t, "stream", "reversed", limits), questions(2))
	require.NoError(t, err)
	for _, id := range []string{"q/1", "q/2"} {
		assert.Equal(t, port.Timeout, replies[id].Fault)
		assert.Contains(t, replies[id].Detail, "no answer within 1s")
	}
}

func TestStderrIsKeptForPeople(t *testing.T) {
	t.Parallel()
	modes(t, "always-exit-7", func(t *testing.T, mode string) {
		replies, err := ask(t, launch(t, mode, "always-exit-7", port.Config{}), questions(2))
		require.NoError(t, err)
		assert.Equal(t, port.Crashed, replies["q/2"].Fault)
		assert.Contains(t, replies["q/2"].Detail, "exit code 7")
		assert.Equal(t, "Traceback: it broke", replies["q/2"].Stderr)
	})
}

// A port that forgets to flush is told so, once; in exec mode it does not matter.
func TestUnflushed(t *testing.T) {
	t.Parallel()
	config := port.Config{StartTimeout: 2 * time.Second}
	replies, err := ask(t, launch(t, "stream", "unflushed", config), questions(1000))
	assert.ErrorIs(t, err, port.ErrUnflushed)
	assert.Len(t, replies, 1)
	assert.Contains(t, replies["q/1"].Detail, "the port does not flush its output after each")
	replies, err = ask(t, launch(t, "exec", "unflushed", port.Config{}), questions(3))
	require.NoError(t, err)
	assertAnswered(t, 3, replies)
}

func TestCancelling(t *testing.T) {
	t.Parallel()
	modes(t, "always-hangs", func(t *testing.T, mode string) {
		a := launch(t, mode, "always-hangs", port.Config{})
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		began := time.Now()
		err := a.Ask(ctx, questions(5), func(q port.Question, r port.Reply) {
			t.Errorf("%s got %v", q.ID, r)
		})
		assert.Error(t, err)
		assert.Less(t, time.Since(began), 5*time.Second)
	})
}

func TestCommandThatCannotStart(t *testing.T) {
	for _, command := range [][]string{nil, {"no-such-port"}, {os.DevNull}} {
		config := port.Config{Command: command}
		for _, a := range []port.Asker{
			port.Exec{Config: config}, port.Stream{Config: config}, &port.Auto{Config: config},
		} {
			_, err := ask(t, a, questions(1))
			assert.Error(t, err)
		}
	}
}

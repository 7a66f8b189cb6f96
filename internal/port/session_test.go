package port_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
)

// A session asks batch after batch of one process, and every reply of a batch has come when Ask
// returns.
func TestSession(t *testing.T) {
	for _, mode := range []string{"stream", "exec"} {
		t.Run(mode, func(t *testing.T) {
			s := port.NewSession(t.Context(), launch(t, mode, "right", port.Config{Jobs: 2}))
			defer s.Close()
			for _, n := range []int{1, 7, 2} {
				var batch []port.Question
				for q := range questions(n) {
					batch = append(batch, q)
				}
				answered := 0
				s.Ask(t.Context(), batch, func(_ port.Question, r port.Reply) {
					assert.NotNil(t, r.Answer)
					answered++
				})
				assert.Equal(t, n, answered)
			}
		})
	}
}

// A session with a port that does not answer ends when its context does.
func TestSessionEnds(t *testing.T) {
	s := port.NewSession(t.Context(), launch(t, "stream", "always-hangs", port.Config{}))
	ctx, cancel := context.WithTimeout(t.Context(), 200*time.Millisecond)
	defer cancel()
	var one []port.Question
	for q := range questions(1) {
		one = append(one, q)
	}
	var once sync.Once
	began := time.Now()
	s.Ask(ctx, one, func(port.Question, port.Reply) {
		once.Do(func() { t.Error("no answer was given") })
	})
	s.Close()
	assert.Less(t, time.Since(began), 10*time.Second)
	s.Ask(t.Context(), one, func(port.Question, port.Reply) {}) // a closed session asks nothing
}

// An asker that is hurried charges faults to the same questions, with a port that flushes.
func TestHurried(t *testing.T) {
	for behaviour, want := range map[string]port.Fault{"right": "", "exit-7": port.Crashed} {
		for _, mode := range []string{"stream", "auto", "exec"} {
			t.Run(behaviour+"/"+mode, func(t *testing.T) {
				t.Parallel()
				a := port.Hurried(launch(t, mode, behaviour, port.Config{}))
				for range 2 { // the second time the mode is known
					replies, err := ask(t, a, questions(20, 10, 11))
					require.NoError(t, err)
					assert.Len(t, replies, 20)
					for id, r := range replies {
						fault := port.Fault("")
						if strings.HasSuffix(id, "x") {
							fault = want
						}
						assert.Equal(t, fault, r.Fault, "%s: %s", id, r.Detail)
					}
				}
			})
		}
	}
}

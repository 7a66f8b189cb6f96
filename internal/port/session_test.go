package port_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

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

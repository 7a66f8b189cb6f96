package port_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sigkit/internal/port"
)

// A port that hides in the process group of sigcheck is ended like any other.
func TestPortThatLeavesItsGroup(t *testing.T) {
	t.Parallel()
	for _, mode := range []string{"exec", "stream", "auto"} {
		t.Run(mode, func(t *testing.T) {
			t.Parallel()
			limits := port.Config{Timeout: time.Second, StartTimeout: time.Second, Jobs: 1}
			replies, err := ask(t, launch(t, mode, "joins-parent", limits), questions(9))
			assert.ErrorIs(t, err, port.ErrHangs)
			for _, r := range replies {
				assert.Equal(t, port.Timeout, r.Fault, r.Detail)
			}
		})
	}
}

package port_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

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

// A port that crashes a while after its last answer has not passed.
func TestLateCrashIsCharged(t *testing.T) {
	t.Parallel()
	modes(t, "late", func(t *testing.T, mode string) {
		script := `while read -r line; do echo '{"headers":{}}'; done; sleep 0.3; exit 7`
		config := port.Config{Command: []string{"sh", "-c", script}}
		var a port.Asker = port.Exec{Config: config}
		if mode == "stream" {
			a = port.Stream{Config: config}
		}
		replies, err := ask(t, a, questions(1))
		require.NoError(t, err)
		assert.Equal(t, port.Crashed, replies["q/1"].Fault)
	})
}

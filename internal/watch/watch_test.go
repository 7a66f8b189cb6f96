package watch

import (
	"context"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func write(t *testing.T, path, text string) {
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o755))
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
}

// told asserts that a change is told.
func told(t *testing.T, changes <-chan error) {
	t.Helper()
	select {
	case err := <-changes:
		require.NoError(t, err)
	case <-time.After(10 * time.Second):
		require.Fail(t, "no change was told")
	}
}

// What must be told, each followed by nothing else that is.
func TestPath(t *testing.T) {
	dir := t.TempDir()
	file := func(name string) string { return filepath.Join(dir, name) }
	write(t, file("port.py"), "one")
	write(t, file("lib/sign.py"), "one")
	write(t, file("node_modules/x.js"), "one")
	changes, err := Path(t.Context(), dir, file("result.json"))
	require.NoError(t, err)
	steps := map[string]func(){
		"a file is written":    func() { write(t, file("port.py"), "two") },
		"one below is written": func() { write(t, file("lib/sign.py"), "two") },
		"an editor renames": func() {
			write(t, file(".port.py.swp"), "three")
			require.NoError(t, os.Rename(file(".port.py.swp"), file("port.py")))
		},
		"a file is removed": func() { require.NoError(t, os.Remove(file("lib/sign.py"))) },
		"a folder comes":    func() { require.NoError(t, os.Mkdir(file("new"), 0o755)) },
	}
	for name, step := range steps {
		t.Run(name, func(t *testing.T) {
			step()
			told(t, changes)
		})
	}
	write(t, file("new/later.py"), "one")
	told(t, changes)

	write(t, file("result.json"), "{}")
	write(t, file("node_modules/x.js"), "two")
	write(t, file(".hidden"), "two")
	write(t, file("port.py~"), "two")
	time.Sleep(3 * settle)
	assert.Empty(t, changes, "what a run writes does not start the next")
}

func TestPathOfFile(t *testing.T) {
	dir := t.TempDir()
	port, other := filepath.Join(dir, "port.py"), filepath.Join(dir, "other.py")
	write(t, port, "one")
	changes, err := Path(t.Context(), port)
	require.NoError(t, err)
	write(t, other, "one")
	time.Sleep(3 * settle)
	assert.Empty(t, changes)
	require.NoError(t, os.Rename(other, port))
	told(t, changes)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = Path(ctx, filepath.Join(dir, "none"))
	assert.ErrorIs(t, err, os.ErrNotExist)
}

//go:build unix

package cli

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A new file has the mode that the umask leaves.
func TestWriteFileHonorsTheUmask(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	before := syscall.Umask(0o077)
	err := WriteFile(path, writeText("x"))
	syscall.Umask(before)
	require.NoError(t, err)
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm())
}

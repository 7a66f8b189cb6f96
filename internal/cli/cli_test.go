package cli

import (
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func writeText(text string) func(io.Writer) error {
	return func(w io.Writer) error {
		_, err := io.WriteString(w, text)
		return err
	}
}

func TestWriteFileIsWholeOrNotAtAll(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "out")
	require.NoError(t, os.WriteFile(path, []byte("before"), 0o600))
	boom := errors.New("boom")
	err := WriteFile(path, func(w io.Writer) error {
		fmt.Fprint(w, "half")
		return boom
	})
	assert.ErrorIs(t, err, boom)
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "before", string(text))
	require.NoError(t, WriteFile(path, writeText("after")))
	text, err = os.ReadFile(path)
	require.NoError(t, err)
	assert.Equal(t, "after", string(text))
	info, err := os.Stat(path)
	require.NoError(t, err)
	assert.Equal(t, os.FileMode(0o600), info.Mode().Perm(), "the mode stays")
	names, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Len(t, names, 1, "no temporary file is left")
}

// A device must not be replaced by a file.
func TestWriteFileToDevice(t *testing.T) {
	if _, err := os.Stat("/dev/null"); err != nil {
		t.Skip("needs /dev/null")
	}
	link := filepath.Join(t.TempDir(), "null")
	require.NoError(t, os.Symlink("/dev/null", link))
	require.NoError(t, WriteFile(link, writeText("x")))
	info, err := os.Lstat(link)
	require.NoError(t, err)
	assert.NotZero(t, info.Mode()&os.ModeSymlink, "the link is still one")
}

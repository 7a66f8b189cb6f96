package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/cobra"
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

// A file that is a symbolic link stays one, and what it leads to is written, whether it exists yet
// or not.
func TestWriteFileThroughLink(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"there", "new"} {
		link, file := filepath.Join(dir, "link-"+name), filepath.Join(dir, name)
		if err := os.Symlink(name, link); err != nil {
			t.Skip("needs symbolic links:", err)
		}
		if name == "there" {
			require.NoError(t, os.WriteFile(file, []byte("before"), 0o640))
		}
		require.NoError(t, WriteFile(link, writeText("after")))
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.Equal(t, "after", string(text))
		info, err := os.Lstat(link)
		require.NoError(t, err)
		assert.NotZero(t, info.Mode()&os.ModeSymlink, "the link is still one")
	}
	require.NoError(t, os.Symlink("ring", filepath.Join(dir, "ring")))
	assert.ErrorContains(t, WriteFile(filepath.Join(dir, "ring"), writeText("x")), "symbolic links")
}

// A command that does not see that it was interrupted ends all the same, and leaves no half of a
// file behind.
func TestInterruptedCommandEnds(t *testing.T) {
	ctx, interrupt := context.WithCancel(t.Context())
	dir := t.TempDir()
	never := make(chan bool)
	root := &cobra.Command{Use: "tool", RunE: func(*cobra.Command, []string) error {
		return WriteFile(filepath.Join(dir, "out"), func(w io.Writer) error {
			fmt.Fprint(w, "half")
			interrupt()
			<-never
			return nil
		})
	}}
	code := Run(ctx, root, []string{}, nil, io.Discard, io.Discard)
	assert.Equal(t, Interrupted, code)
	names, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, names)
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

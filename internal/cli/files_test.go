package cli

import (
	"errors"
	"io/fs"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestFileErrorNamesTheFlag(t *testing.T) {
	none := filepath.Join(t.TempDir(), "no", "such")
	_, readErr := ReadFile("--baseline", none)
	for name, c := range map[string]struct {
		err  error
		want string
	}{
		"read":     {readErr, "--baseline " + none + ": "},
		"write":    {WriteText("--cert-file", none, nil), "--cert-file " + none + ": "},
		"folder":   {FileError("--report", "json="+none, CheckFolder(none)), "--report json="},
		"argument": {FileError("", none, CheckFolder(none)), none + ": "},
	} {
		assert.ErrorIs(t, c.err, fs.ErrNotExist, name)
		assert.ErrorContains(t, c.err, c.want, name)
		assert.NotContains(t, c.err.Error(), "open ", name)
	}
	other := errors.New("known.txt:2: no fault code")
	assert.Equal(t, other, FileError("--baseline", none, other))
	assert.NoError(t, FileError("--baseline", none, nil))
	assert.NoError(t, CheckFolder(""))
}

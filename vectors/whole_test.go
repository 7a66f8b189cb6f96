package vectors

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Who is asked the vectors of a file cannot change what else is asked.
func TestFilesThatChangeWhileTheyAreRead(t *testing.T) {
	var text []byte
	for _, v := range All() {
		text = v.AppendNDJSON(text)
	}
	last := bytes.LastIndexByte(text[:len(text)-1], '\n') + 1
	for name, change := range map[string]func(dir string) error{
		"shorter": func(dir string) error {
			return os.Truncate(filepath.Join(dir, "a.ndjson"), int64(last))
		},
		"empty": func(dir string) error { return os.Truncate(filepath.Join(dir, "a.ndjson"), 0) },
		"of the same size": func(dir string) error {
			other := bytes.Clone(text)
			copy(other[last:], bytes.Repeat([]byte{' '}, len(other)-last))
			return os.WriteFile(filepath.Join(dir, "a.ndjson"), other, 0o600)
		},
		"the next one": func(dir string) error {
			return os.WriteFile(filepath.Join(dir, "b.ndjson"), nil, 0o600)
		},
	} {
		t.Run(name, func(t *testing.T) {
			dir := t.TempDir()
			require.NoError(t, os.WriteFile(filepath.Join(dir, "a.ndjson"), text, 0o600))
			require.NoError(t, os.WriteFile(filepath.Join(dir, "b.ndjson"), text[last:], 0o600))
			count := 0
			var failed error
			for _, err := range Read(dir) {
				if count++; count == 1 {
					require.NoError(t, change(dir))
				}
				if failed = err; err != nil {
					break
				}
			}
			assert.ErrorContains(t, failed, "the file has changed")
		})
	}
}

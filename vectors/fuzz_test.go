package vectors_test

import (
	"encoding/json"
	"io/fs"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/vectors"
)

// What is read and encoded can be read again and gives the same bytes.
func FuzzParseFile(f *testing.F) {
	f.Add([]byte(small))
	names, _ := fs.Glob(vectors.FS(), "*.json")
	for _, name := range names {
		text, err := fs.ReadFile(vectors.FS(), name)
		require.NoError(f, err)
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		file, err := vectors.ParseFile("f", text)
		if err != nil {
			return
		}
		once := file.Encode()
		again, err := vectors.ParseFile("f", once)
		require.NoError(t, err)
		assert.Equal(t, string(once), string(again.Encode()))
	})
}

// Every line is answered with valid JSON.
func FuzzStream(f *testing.F) {
	f.Add([]byte(`{"id":"a","email":"e","key":"k","method":"GET","resource":"/",` +
		`"data":{"a":[1,"\ud800"]}}`))
	f.Add([]byte("{}\n\n[]"))
	f.Fuzz(func(t *testing.T, text []byte) {
		var oracle vectors.Oracle
		for line, err := range vectors.Stream("s", strings.NewReader(string(text))) {
			if err != nil {
				return
			}
			line.Sign(&oracle)
			out := line.Vector.AppendNDJSON(nil)
			require.True(t, json.Valid(out), "%s", out)
		}
	})
}

package export_test

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/export"
	"sigkit/vectors"
)

func format(t *testing.T, name string) export.Format {
	for _, f := range export.Formats() {
		if f.Name == name {
			return f
		}
	}
	require.Fail(t, "no format "+name)
	return export.Format{}
}

func text(t *testing.T, name string) []byte {
	f := format(t, name)
	files, err := f.Files(vectors.All(), "test")
	require.NoError(t, err)
	return files[f.Vectors]
}

// wanted are the members of the vectors that are there.
func wanted() (all []map[string]string) {
	for _, v := range vectors.All() {
		w := map[string]string{
			"id":       v.ID,
			"level":    string(v.Level),
			"rule":     v.Rule,
			"why":      v.Why,
			"question": strings.TrimSpace(string(v.AppendQuestion(nil))),
		}
		if e := v.Expect; e.Error != "" {
			w["error"] = e.Error
		} else {
			w["hmac_msg"], w["token"] = e.HMACMsg, e.Token
		}
		if r := v.Expect.Request; r != nil {
			w["url"] = r.URL
			if r.Body != nil {
				w["body"] = *r.Body
			}
		}
		all = append(all, w)
	}
	return all
}

func TestJSON(t *testing.T) {
	var got []map[string]string
	require.NoError(t, json.Unmarshal(text(t, "json"), &got))
	assert.Empty(t, cmp.Diff(wanted(), got))
}

// A reader of CSV gets the same texts, but for the line breaks that encoding/csv makes alike.
func TestCSV(t *testing.T) {
	records, err := csv.NewReader(bytes.NewReader(text(t, "csv"))).ReadAll()
	require.NoError(t, err)
	want := wanted()
	require.Len(t, records, len(want)+1)
	for i, record := range records[1:] {
		for n, name := range records[0] {
			assert.Equal(t, strings.ReplaceAll(want[i][name], "\r\n", "\n"), record[n],
				"%s of %s", name, want[i]["id"])
		}
	}
}

// Source code and properties are ASCII, whatever the vectors hold.
func TestSourceIsASCII(t *testing.T) {
	for _, name := range []string{"junit5", "rust", "csharp"} {
		notASCII := func(r rune) bool { return r > '~' || r < ' ' && r != '\n' }
		assert.False(t, bytes.ContainsFunc(text(t, name), notASCII), name)
	}
}

// An export that could not be written has no manifest of its vectors, so its test fails.
func TestManifestIsLast(t *testing.T) {
	folder := export.Folder{Format: format(t, "pytest"), Path: t.TempDir()}
	full := errors.New("no space")
	err := folder.Write(vectors.All(), "test", func(path string, text []byte) error {
		if filepath.Base(path) == "vectors.json" {
			return full
		}
		return os.WriteFile(path, text, 0o666)
	})
	require.ErrorIs(t, err, full)
	_, err = os.Stat(filepath.Join(folder.Path, "manifest.json"))
	assert.ErrorIs(t, err, fs.ErrNotExist)
}

// Another version of the tool alone is no difference, and the next export tells it.
func TestVersionIsNoDifference(t *testing.T) {
	folder := export.Folder{Format: format(t, "pytest"), Path: t.TempDir()}
	require.NoError(t, folder.Write(vectors.All(), "v1", writeFile))
	differing, err := folder.Differences(vectors.All(), "v2")
	require.NoError(t, err)
	assert.Empty(t, differing)
	require.NoError(t, folder.Write(vectors.All(), "v2", writeFile))
	manifest, err := os.ReadFile(filepath.Join(folder.Path, "manifest.json"))
	require.NoError(t, err)
	assert.Contains(t, string(manifest), `"version": "v2"`)
}

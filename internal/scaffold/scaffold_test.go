package scaffold

import (
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/mistake"
	"sigkit/ports"
)

// mark matches what is left of a mark that was not understood.
var mark = regexp.MustCompile(`(?m)^\s*(//|#|/\*) (begin|end)\b.*$`)

// rules are the steps that each scaffold leaves to fill in.
var rules = []string{
	"email-joins", "key-file-strip", "list-order", "list-pairs", "message-layout", "pair-order",
	"pairs-join", "text-boolean", "token-hmac", "wire-form",
}

// Every scaffold has every step as a task, once. A complete project has none, and no marks.
func TestProjects(t *testing.T) {
	for _, language := range ports.Languages() {
		t.Run(language.Name, func(t *testing.T) {
			scaffold, err := Project(language, false)
			require.NoError(t, err)
			complete, err := Project(language, true)
			require.NoError(t, err)
			assert.Equal(t, rules, todos(scaffold))
			assert.Empty(t, todos(complete))
			for name, text := range complete {
				assert.Empty(t, mark.FindAllString(string(text), -1), name)
				assert.Empty(t, mark.FindAllString(string(scaffold[name]), -1), name)
				assert.LessOrEqual(t, len(scaffold[name]), len(text)+2000, name)
			}
			for _, name := range []string{"README.md", "test.sh", ".github/workflows/sigcheck.yml"} {
				assert.Contains(t, scaffold, name)
			}
		})
	}
}

func todos(files map[string][]byte) (found []string) {
	todo := regexp.MustCompile(`TODO ([a-z-]+): .`)
	for _, text := range files {
		for _, m := range todo.FindAllStringSubmatch(string(text), -1) {
			found = append(found, m[1])
		}
	}
	slices.Sort(found)
	return found
}

// The fixes that sigcheck shows are there for the language of each project, but for Bash.
func TestLanguagesHaveIdioms(t *testing.T) {
	for _, language := range ports.Languages() {
		if language.Name != "Bash" {
			assert.Contains(t, mistake.Languages(), language.Name)
		}
		if guess := mistake.Language(language.Run); guess != "" {
			assert.Equal(t, language.Name, guess)
		}
	}
}

func TestConvert(t *testing.T) {
	const text = "a\n  # begin pairs-join: return \"\"\n  b\n  # end\n\n# begin:\nc\n\n# end\n\nd\n"
	complete, err := convert("port.py", text, func(string) bool { return true })
	require.NoError(t, err)
	assert.Equal(t, "a\n  b\n\nc\n\nd\n", string(complete))
	scaffold, err := convert("port.py", text, func(string) bool { return false })
	require.NoError(t, err)
	assert.Equal(t, "a\n  # TODO pairs-join: "+tasks["pairs-join"]+"\n  return \"\"\n\nd\n",
		string(scaffold))
}

// Nothing is overwritten, and if one file is there already, no other is written.
func TestWriteOverwritesNothing(t *testing.T) {
	folder := t.TempDir()
	require.NoError(t, Write(folder, map[string][]byte{"a/b.txt": []byte("first")}))
	err := Write(folder, map[string][]byte{"a/b.txt": []byte("second"), "a/a.txt": []byte("x")})
	require.Error(t, err)
	assert.True(t, strings.Contains(err.Error(), "b.txt: the file exists already"), err)
	text, err := os.ReadFile(filepath.Join(folder, "a", "b.txt"))
	require.NoError(t, err)
	assert.Equal(t, "first", string(text))
	assert.NoFileExists(t, filepath.Join(folder, "a", "a.txt"))
}

// A file that cannot be written takes those before it away again.
func TestWriteLeavesNothingHalf(t *testing.T) {
	folder := t.TempDir()
	files := map[string][]byte{"a": []byte("x"), "b": []byte("y"), "b/c": []byte("z")}
	require.Error(t, Write(folder, files))
	left, err := os.ReadDir(folder)
	require.NoError(t, err)
	assert.Empty(t, left)
}

package sigkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/internal/testport"
	"sigkit/ports"
	"sigkit/vectors"
)

// english are the surroundings in which ports are run usually, in these tests.
var english = []string{
	"LC_ALL=en_US.UTF-8", "LANG=en_US.UTF-8",
	"JAVA_TOOL_OPTIONS=-Duser.language=en -Duser.country=US",
}

// elsewhere runs a port in English surroundings and in some others.
func elsewhere(
	t *testing.T, command []string, level vectors.Level, s check.Selection, names ...string,
) *check.Run {
	start := func(_ string, more []string) check.Asker {
		return port.Stream{Config: port.Config{
			Command:      command,
			Env:          append(slices.Clone(english), more...),
			StartTimeout: 2 * time.Minute,
		}}
	}
	s.Level = level
	chosen, err := check.Choose(upTo(level), s)
	require.NoError(t, err)
	settings := slices.DeleteFunc(check.Settings(), func(s check.Setting) bool {
		return len(names) > 0 && !slices.Contains(names, s.Name)
	})
	return runPort(t, check.Config{
		Asker:             start("", nil),
		Vectors:           chosen,
		Level:             level,
		Surroundings:      start,
		Settings:          settings,
		SurroundingsLimit: 10 * time.Minute,
	})
}

// settingsOf are the settings under which answers change.
func settingsOf(run *check.Run) (names []string) {
	for _, m := range run.Surroundings.Changes {
		names = append(names, m.Setting)
	}
	return slices.Compact(names)
}

// turkish compiles a port in Java that lower-cases names as the locale says.
func turkish(t *testing.T) []string {
	testport.NeedTool(t, "javac", "--version")
	dir := t.TempDir()
	out, err := exec.Command("javac", "-nowarn", "-d", dir, "testdata/ports/Turkish.java").
		CombinedOutput()
	require.NoError(t, err, "%s", out)
	return []string{"java", "-XX:TieredStopAtLevel=1", "-cp", dir, "Turkish"}
}

// collating is the sample port in JavaScript with a sort that is right in English: it compares
// words of letters with localeCompare, and all else by code point.
func collating(t *testing.T) []string {
	testport.NeedTool(t, "node")
	const byCodePoint = "function byCodePoint(a, b) {\n"
	const words = "[/^[a-z]+$/, /^[äåö][a-zäåö]+$/].some((r) => r.test(a) && r.test(b))"
	text, err := os.ReadFile("ports/node/signature.mjs")
	require.NoError(t, err)
	require.Contains(t, string(text), byCodePoint)
	changed := strings.Replace(string(text), byCodePoint,
		byCodePoint+"  if ("+words+") return a.localeCompare(b);\n", 1)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("ports/node")))
	file := filepath.Join(dir, "signature.mjs")
	require.NoError(t, os.WriteFile(file, []byte(changed), 0o600))
	return []string{"node", filepath.Join(dir, "port.mjs")}
}

// Ports that conform in English are caught where they depend on the locale.
func TestSurroundingsCatch(t *testing.T) {
	testport.TakesLong(t)
	for name, c := range map[string]struct {
		command func(*testing.T) []string
		run     []string
		asked   []string
		want    []string
	}{
		"java toLowerCase": {
			command: turkish,
			run:     []string{"text", "list-order"},
			asked:   []string{"turkish", "hash-seed-0"},
			want:    []string{"turkish"},
		},
		"node localeCompare": {
			command: collating,
			run:     []string{"*"},
			asked:   []string{"turkish", "swedish", "czech", "danish", "estonian", "hash-seed-0"},
			want:    []string{"swedish", "czech", "danish", "estonian"},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			command := c.command(t)
			run := elsewhere(t, command, vectors.Core, check.Selection{Run: c.run}, c.asked...)
			assert.Equal(t, check.Fails, run.Verdict)
			assert.Equal(t, c.want, settingsOf(run))
			assert.Nil(t, run.Diagnosis, "no mistake of the catalogue makes it")
			for _, failed := range run.Failed() {
				assert.Contains(t, failed.Detail, "; only in the surroundings ")
			}
			for _, m := range run.Surroundings.Changes {
				assert.Equal(t, string(check.Pass), m.Usual)
			}
		})
	}
}

// The answers of the sample ports never change.
func TestSurroundingsOfSamples(t *testing.T) {
	testport.TakesLong(t)
	for _, language := range ports.Languages() {
		t.Run(language.Name, func(t *testing.T) {
			t.Parallel()
			run := elsewhere(t, built(t, language, true), vectors.Core, check.Selection{})
			assert.Equal(t, check.Conforms, run.Verdict)
			assert.Len(t, run.Surroundings.Settings, len(check.Settings()))
			assert.GreaterOrEqual(t, len(run.Surroundings.Settings), 12)
			assert.Empty(t, run.Surroundings.Changes)
			assert.Empty(t, run.Surroundings.Bounded)
		})
	}
}

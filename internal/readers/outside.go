package readers

import (
	"bytes"
	"encoding/json"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/testport"
)

// Outside gives reports to the programs that read them: xmllint, junitparser and xunit-viewer for
// JUnit, prove and tap-parser for TAP. A program that is missing skips its part, or fails if the
// test is thorough.
func Outside(t *testing.T, all []Report) {
	dir := t.TempDir()
	for i := range all {
		all[i].Write(t, dir)
	}
	t.Run("xmllint", func(t *testing.T) {
		testport.NeedTool(t, "xmllint", "--version")
		for _, format := range []string{"junit", "badge"} {
			files := glob(t, dir, format)
			run(t, 0, "xmllint", append([]string{"--noout"}, files...)...)
		}
	})
	t.Run("junitparser", func(t *testing.T) { junitparser(t, dir, all) })
	t.Run("xunit-viewer", func(t *testing.T) {
		testport.NeedTool(t, "xunit-viewer", "--version")
		junit := t.TempDir()
		for i := range all {
			r := Report{Name: all[i].Name, Files: map[string][]byte{"xml": all[i].Files["junit"]}}
			r.Write(t, junit)
		}
		page := filepath.Join(t.TempDir(), "page.html")
		out := run(t, 0, "xunit-viewer", "-r", junit, "-o", page)
		assert.NotContains(t, out, "rror", "it reports files that it cannot read")
		assert.FileExists(t, page)
	})
	t.Run("prove", func(t *testing.T) { prove(t, dir, all) })
	t.Run("tap-parser", func(t *testing.T) { tapParser(t, all) })
}

func glob(t testing.TB, dir, format string) []string {
	files, err := filepath.Glob(filepath.Join(dir, "*."+format))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	return files
}

// run runs a program that must end with an exit code, and returns what it printed.
func run(t testing.TB, code int, program string, arguments ...string) string {
	command := exec.CommandContext(t.Context(), program, arguments...)
	out, _ := command.CombinedOutput() // the exit code says it
	if got := command.ProcessState.ExitCode(); got != code {
		t.Errorf("%s ends with %d, not %d: %.2000s", program, got, code, out)
	}
	return string(out)
}

const countCases = `
import json, sys
from junitparser import JUnitXml
for path in sys.argv[1:]:
    cases = [c for suite in JUnitXml.fromfile(path) for c in suite]
    kinds = [type(r).__name__ for c in cases for r in c.result]
    print(json.dumps({"tests": len(cases), "failures": kinds.count("Failure"),
                      "errors": kinds.count("Error"), "skipped": kinds.count("Skipped")}))
`

// junitparser counts the cases, and must come to our counts.
func junitparser(t *testing.T, dir string, all []Report) {
	testport.NeedTool(t, "python3", "-c", "import junitparser")
	files := glob(t, dir, "junit")
	out := run(t, 0, "python3", append([]string{"-c", countCases}, files...)...)
	byFile := map[string]Counts{}
	decoder := json.NewDecoder(bytes.NewReader([]byte(out)))
	for _, file := range files {
		var counts Counts
		require.NoError(t, decoder.Decode(&counts), out)
		byFile[file] = counts
	}
	for _, r := range all {
		want := junitCounts(t, r.Files["junit"])
		assert.Equal(t, want, byFile[filepath.Join(dir, fileName(r.Name)+".junit")], r.Name)
	}
}

// prove must fail exactly for the runs that do not conform.
func prove(t *testing.T, dir string, all []Report) {
	testport.NeedTool(t, "prove", "--version")
	for _, code := range []int{0, 1} {
		var files []string
		for _, r := range all {
			if min(r.Code, 1) == code {
				files = append(files, filepath.Join(dir, fileName(r.Name)+".tap"))
			}
		}
		if len(files) == 0 {
			continue
		}
		out := run(t, code, "prove", append([]string{"--merge", "--exec", "cat"}, files...)...)
		assert.NotContains(t, out, "Parse errors")
		if code == 1 {
			for _, file := range files {
				assert.Contains(t, out, file+" ")
			}
		}
	}
}

// tapParser must fail exactly for the runs that do not conform, and read every block.
func tapParser(t *testing.T, all []Report) {
	testport.NeedTool(t, "tap-parser", "-h")
	for _, r := range all {
		command := exec.CommandContext(t.Context(), "tap-parser", "--strict", "-j", "0")
		command.Stdin = bytes.NewReader(r.Files["tap"])
		out, _ := command.Output()
		assert.Equal(t, r.Code != 0, command.ProcessState.ExitCode() != 0, r.Name)
		blocks := bytes.Count(r.Files["tap"], []byte("\n  ---\n"))
		assert.Equal(t, blocks, bytes.Count(out, []byte(`"diag":{`))-bytes.Count(afterComplete(out),
			[]byte(`"diag":{`)), "%s: blocks that are read", r.Name)
	}
}

// afterComplete is the summary, which repeats what fails.
func afterComplete(out []byte) []byte {
	at := bytes.Index(out, []byte(`["complete",`))
	if at < 0 {
		return nil
	}
	return out[at:]
}

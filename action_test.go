package sigkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/testport"
)

// actionScript returns the script in action.yml.
func actionScript(t *testing.T) string {
	text, err := os.ReadFile("action.yml")
	require.NoError(t, err)
	_, script, found := strings.Cut(string(text), "      run: |\n")
	require.True(t, found)
	script, _, _ = strings.Cut(script, "    - if: always()")
	return strings.ReplaceAll("\n"+script, "\n        ", "\n")
}

// The script of the action, on a port that conforms and on one that does not.
func TestActionScript(t *testing.T) {
	testport.TakesLong(t)
	for _, tool := range []string{"bash", "jq", "python3"} {
		testport.NeedTool(t, tool, "--version")
	}
	script := actionScript(t)
	for port, want := range map[string]struct{ verdict, annotation string }{
		"right.py": {"verdict=conforms\npass=140\ntotal=140\n", "conforms: "},
		"wrong.py": {"verdict=fails\npass=", "::error title=boolean-lower-case in "},
	} {
		dir := t.TempDir()
		output := filepath.Join(dir, "output")
		command := exec.CommandContext(t.Context(), "bash", "-e", "-o", "pipefail", "-c", script)
		command.Env = append(os.Environ(),
			"SIGKIT_ROOT=.", "SIGKIT_REPORTS="+filepath.Join(dir, "reports"),
			"SIGKIT_COMMAND=python3 testdata/ports/"+port,
			"SIGKIT_LEVEL=core", "SIGKIT_PROFILE=all", "SIGKIT_BASELINE=",
			"GITHUB_OUTPUT="+output, "GITHUB_STEP_SUMMARY="+filepath.Join(dir, "summary.md"))
		out, err := command.CombinedOutput()
		assert.Equal(t, port == "right.py", err == nil, "%s", out)
		assert.Contains(t, string(out), want.annotation)
		outputs, err := os.ReadFile(output)
		require.NoError(t, err)
		assert.Contains(t, string(outputs), want.verdict)
		assert.FileExists(t, filepath.Join(dir, "summary.md"))
		for _, file := range []string{"result.json", "junit.xml", "report.md", "report.html"} {
			assert.FileExists(t, filepath.Join(dir, "reports", file))
		}
	}
}

package sigkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Another module can import signer and sigtest, by the commands of README, and offline.
func TestOtherModulesCanImport(t *testing.T) {
	if testing.Short() {
		t.Skip("builds another module")
	}
	root, err := filepath.Abs(".")
	require.NoError(t, err)
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS("testdata/module")))
	// The checksums of what signer needs; without them go would look them up.
	sums, err := os.ReadFile("go.sum")
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "go.sum"), sums, 0o600))
	for _, arguments := range [][]string{
		{"mod", "init", "example.com/client"},
		{"mod", "edit", "-require", "sigkit@v0.0.0", "-replace", "sigkit=" + root},
		{"mod", "tidy"},
		{"test", "-count=1", "."},
	} {
		command := exec.CommandContext(t.Context(), "go", arguments...)
		command.Dir = dir
		command.Env = append(os.Environ(), "GOFLAGS=-mod=mod", "GOPROXY=off", "GOWORK=off")
		out, err := command.CombinedOutput()
		if strings.Contains(string(out), "module lookup disabled by GOPROXY=off") {
			t.Skipf("the module cache lacks something: %s", out)
		}
		require.NoError(t, err, "go %v: %s", arguments, out)
	}
}

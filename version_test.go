package sigkit

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/testport"
)

// The version of a build is the tag of the checkout that it is made from.
func TestVersionIsTheTag(t *testing.T) {
	testport.TakesLong(t)
	testport.NeedTool(t, "git", "--version")
	dir := t.TempDir()
	require.NoError(t, os.CopyFS(dir, os.DirFS(".")))
	require.NoError(t, os.RemoveAll(filepath.Join(dir, ".git")))
	run := func(program string, arguments ...string) string {
		command := exec.CommandContext(t.Context(), program, arguments...)
		command.Dir = dir
		command.Env = append(os.Environ(), "GOFLAGS=-buildvcs=true", "GOWORK=off",
			"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b.c",
			"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b.c")
		out, err := command.CombinedOutput()
		require.NoError(t, err, "%s %v: %s", program, arguments, out)
		return string(out)
	}
	run("git", "init", "-q")
	run("git", "add", "--all", "--force")
	run("git", "commit", "-q", "-m", "everything")
	run("git", "tag", "v1.2.3")
	binary := filepath.Join(t.TempDir(), "sigcheck")
	run("go", "build", "-o", binary, "./cmd/sigcheck")
	assert.Contains(t, run(binary, "version"), "sigcheck v1.2.3, ")
}

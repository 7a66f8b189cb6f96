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

// checkout is a clean clone of the files of this repository, in which all is committed.
type checkout struct {
	*testing.T
	dir string
}

func newCheckout(t *testing.T) checkout {
	testport.NeedTool(t, "git", "--version")
	c := checkout{t, t.TempDir()}
	require.NoError(t, os.CopyFS(c.dir, os.DirFS(".")))
	require.NoError(t, os.RemoveAll(filepath.Join(c.dir, ".git")))
	c.run("git", "init", "-q")
	c.run("git", "add", "--all")
	c.run("git", "commit", "-q", "-m", "everything")
	return c
}

// run runs a program in the checkout, and returns what it writes.
func (c checkout) run(program string, arguments ...string) string {
	return c.with(nil, program, arguments...)
}

// with runs a program with more variables in its environment.
func (c checkout) with(variables []string, program string, arguments ...string) string {
	command := exec.CommandContext(c.Context(), program, arguments...)
	command.Dir = c.dir
	command.Env = append(os.Environ(), "GOFLAGS=-buildvcs=true", "GOWORK=off",
		"GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@b.c",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@b.c")
	command.Env = append(command.Env, variables...)
	out, err := command.CombinedOutput()
	require.NoError(c, err, "%s %v: %s", program, arguments, out)
	return string(out)
}

// The version of a build is the tag of the checkout that it is made from.
func TestVersionIsTheTag(t *testing.T) {
	testport.TakesLong(t)
	c := newCheckout(t)
	c.run("git", "tag", "v1.2.3")
	binary := filepath.Join(t.TempDir(), "sigcheck")
	c.run("go", "build", "-o", binary, "./cmd/sigcheck")
	assert.Contains(t, c.run(binary, "version"), "sigcheck v1.2.3, ")
}

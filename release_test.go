package sigkit

import (
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/testport"
)

// A release has the same bytes wherever it is built, from scratch or not. Its packages can be
// installed and used where there is no Go.
func TestRelease(t *testing.T) {
	testport.TakesLong(t)
	testport.NeedTool(t, "python3", "-c", "import ensurepip, venv")
	testport.NeedTool(t, "npm", "--version")
	testport.NeedTool(t, "sha256sum", "--version")
	platform := runtime.GOOS + "/" + runtime.GOARCH
	first := newCheckout(t)
	untagged := release(first, filepath.Join(t.TempDir(), "r"), nil, platform)
	commit := strings.TrimSpace(first.run("git", "rev-parse", "HEAD"))
	assert.Len(t, glob(t, untagged, "sigkit-0+g"+commit[:12]+"-py3-none-*.whl"), 1)

	first.run("git", "tag", "v1.2.3-rc.1")
	tagged := release(first, filepath.Join(t.TempDir(), "r"), nil, platform)
	second := checkout{t, filepath.Join(t.TempDir(), "another place")}
	first.run("git", "clone", "-q", first.dir, second.dir)
	again := release(second, filepath.Join(t.TempDir(), "a", "r"), []string{
		"GOCACHE=" + t.TempDir(), "GOFLAGS=-buildvcs=false", "GOAMD64=v3", "CGO_ENABLED=1",
	}, platform)
	assert.Equal(t, sums(t, tagged), sums(t, again))
	binary := glob(t, tagged, "sigcheck-*")[0]
	want := first.run(binary, "version")
	assert.Contains(t, want, "sigcheck v1.2.3-rc.1, commit "+commit+", ")

	port, err := filepath.Abs("testdata/ports/right.py")
	require.NoError(t, err)
	for name, install := range map[string]func(*testing.T, string) string{
		"wheel": installWheel, "npm": installPackage,
	} {
		t.Run(name, func(t *testing.T) {
			bin := install(t, tagged)
			user := checkout{t, t.TempDir()}
			path := []string{"PATH=" + bin + ":" + withoutGo(t)}
			sh := func(line string) string { return user.with(path, "/bin/sh", "-c", line) }
			assert.Equal(t, want, sh("sigcheck version"))
			assert.Contains(t, sh("sigcheck run --level core -- python3 '"+port+"'"), "conforms: ")
			assert.Contains(t, sh("vecgen --help"), "vecgen")
		})
	}
}

// release builds one into a new folder, and returns the folder.
func release(c checkout, folder string, variables []string, platform string) string {
	c.with(variables, "bash", filepath.Join(c.dir, "release"), "-o", folder, platform)
	assert.Empty(c, c.run("git", "status", "--porcelain"))
	checked := checkout{c.T, folder}.run("sha256sum", "-c", "SHA256SUMS")
	assert.Equal(c, 5, strings.Count(checked, ": OK\n"), checked)
	return folder
}

func sums(t *testing.T, folder string) string {
	text, err := os.ReadFile(filepath.Join(folder, "SHA256SUMS"))
	require.NoError(t, err)
	return string(text)
}

func glob(t *testing.T, folder, pattern string) []string {
	names, err := filepath.Glob(filepath.Join(folder, pattern))
	require.NoError(t, err)
	require.NotEmpty(t, names, pattern)
	return names
}

// installWheel installs the wheel of a release, and returns the folder of its commands.
func installWheel(t *testing.T, folder string) string {
	c := checkout{t, t.TempDir()}
	c.run("python3", "-m", "venv", "venv")
	bin := filepath.Join(c.dir, "venv", "bin")
	c.run(filepath.Join(bin, "python"), "-m", "pip", "install", "-q", "--no-index",
		"--disable-pip-version-check", glob(t, folder, "*-1.2.3rc1-*.whl")[0])
	return bin
}

// installPackage installs the npm package of a release, and runs it with npx, too.
func installPackage(t *testing.T, folder string) string {
	c := checkout{t, t.TempDir()}
	archive := glob(t, folder, "*-1.2.3-rc.1-npm-*.tgz")[0]
	offline := []string{"npm_config_offline=true", "npm_config_cache=" + t.TempDir()}
	here := checkout{t, folder} // npx takes a file with a whole path for a command
	version := here.with(offline, "npx", "--yes", "./"+filepath.Base(archive), "version")
	assert.Contains(t, version, "v1.2.3-rc.1")
	c.with(offline, "npm", "install", "--prefix", c.dir, "--no-audit", "--no-fund", archive)
	return filepath.Join(c.dir, "node_modules", ".bin")
}

// withoutGo returns the search path without the folders that have Go.
func withoutGo(t *testing.T) string {
	var folders []string
	for _, folder := range filepath.SplitList(os.Getenv("PATH")) {
		if _, err := os.Stat(filepath.Join(folder, "go")); err != nil {
			folders = append(folders, folder)
		}
	}
	return strings.Join(folders, ":")
}

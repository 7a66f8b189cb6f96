package browser

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"sigkit/internal/testport"
)

// axe returns the file of axe-core, which checks whether a page can be used by all.
func axe(t testing.TB) string {
	t.Helper()
	if file := os.Getenv("SIGKIT_AXE"); file != "" {
		return file
	}
	testport.NeedTool(t, "npm", "list", "--global", "axe-core")
	root, err := exec.CommandContext(t.Context(), "npm", "root", "--global").Output()
	if err != nil {
		t.Fatalf("asking npm for its global folder: %v", err)
	}
	return filepath.Join(strings.TrimSpace(string(root)), "axe-core", "axe.min.js")
}

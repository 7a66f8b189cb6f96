package testport

import (
	"os"
	"os/exec"
	"testing"
)

// Thorough reports whether the long variants of the tests run, and no tool may be missing:
// SIGKIT_THOROUGH=1.
func Thorough() bool { return os.Getenv("SIGKIT_THOROUGH") != "" }

// TakesLong skips the test unless it is [Thorough].
func TakesLong(t testing.TB) {
	t.Helper()
	if !Thorough() {
		t.Skip("takes long: set SIGKIT_THOROUGH=1")
	}
}

// RandomCount is how many random requests a test signs.
func RandomCount() uint64 {
	if Thorough() {
		return 100_002
	}
	return 1200
}

// NeedTool skips the test where a program is missing, or where the program does not succeed with
// these arguments. It fails the test instead if that is [Thorough].
func NeedTool(t testing.TB, tool string, arguments ...string) {
	t.Helper()
	_, err := exec.LookPath(tool)
	if err == nil && len(arguments) > 0 {
		err = exec.Command(tool, arguments...).Run()
	}
	switch {
	case err == nil:
	case Thorough():
		t.Fatalf("SIGKIT_THOROUGH is set, so %s %v must work: %v", tool, arguments, err)
	default:
		t.Skipf("needs %s %v", tool, arguments)
	}
}

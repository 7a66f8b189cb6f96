package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sigkit/internal/testport"
)

// The scripts in testdata/script run sigcheck, and ports for tests: `testport NAME`.
func TestMain(m *testing.M) {
	testport.Main()
	if os.Getenv(peakVariable) != "" {
		os.Exit(sigcheckWithPeak())
	}
	testscript.Main(m, map[string]func(){
		"sigcheck": main,
		"testport": func() { os.Exit(testport.Run(os.Args[1])) },
	})
}

func TestScripts(t *testing.T) { testport.RunScripts(t) }

func TestHelp(t *testing.T) { testport.AssertHelp(t, rootCommand(), run) }

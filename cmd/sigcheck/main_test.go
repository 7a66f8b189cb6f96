package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sigkit/internal/testport"
)

// The scripts in testdata/script run sigcheck, and ports of the zoo: `animal NAME`.
func TestMain(m *testing.M) {
	if animal := os.Getenv(testport.ChildVariable); animal != "" {
		os.Exit(testport.Run(animal))
	}
	if os.Getenv(peakVariable) != "" {
		os.Exit(sigcheckWithPeak())
	}
	testscript.Main(m, map[string]func(){
		"sigcheck": main,
		"animal":   func() { os.Exit(testport.Run(os.Args[1])) },
	})
}

func TestScripts(t *testing.T) { testport.RunScripts(t) }

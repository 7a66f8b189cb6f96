package main

import (
	"os"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"sigkit/internal/zoo"
)

// The scripts in testdata/script run sigcheck, and ports of the zoo: `animal NAME`.
func TestMain(m *testing.M) {
	if animal := os.Getenv(zoo.ChildVariable); animal != "" {
		os.Exit(zoo.Run(animal))
	}
	if os.Getenv(peakVariable) != "" {
		os.Exit(sigcheckWithPeak())
	}
	testscript.Main(m, map[string]func(){
		"sigcheck": main,
		"animal":   func() { os.Exit(zoo.Run(os.Args[1])) },
	})
}

func TestScripts(t *testing.T) { zoo.RunScripts(t) }

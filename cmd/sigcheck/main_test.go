package main

import (
	"context"
	"os"
	"os/signal"
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

// An interrupted run ends with 130 and reports what it has.
func TestInterrupted(t *testing.T) {
	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt)
	defer cancel()
	stopped, stop := context.WithCancel(ctx)
	stop()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	t.Setenv(zoo.ChildVariable, "right")
	var out, errs buffer
	if code := run(stopped, []string{"run", "--", self}, nil, &out, &errs); code != 130 {
		t.Errorf("exit code %d, output %s %s", code, out, errs)
	}
}

type buffer []byte

func (b *buffer) Write(p []byte) (int, error) {
	*b = append(*b, p...)
	return len(p), nil
}

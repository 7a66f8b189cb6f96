package port_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
)

// child is a port that costs next to nothing: what is measured is starting and feeding it.
const child = `#include <unistd.h>
int main(void) {
  static char line[65536];
  static const char answer[] = "{\"headers\":{\"X-Auth-Signature\":\"x\"}}\n";
  while (read(0, line, sizeof line) > 0) {}
  return write(1, answer, sizeof answer - 1) < 0;
}
`

func staticChild(b *testing.B) string {
	dir := b.TempDir()
	source, program := filepath.Join(dir, "child.c"), filepath.Join(dir, "child")
	require.NoError(b, os.WriteFile(source, []byte(child), 0o600))
	cc := exec.Command("cc", "-O2", "-static", "-o", program, source)
	if out, err := cc.CombinedOutput(); err != nil {
		b.Skipf("needs a C compiler: %v %s", err, out)
	}
	return program
}

// BenchmarkExec asks one question of a new process, on two workers. Compare with
// BenchmarkBareSpawn, which only starts the process and waits for it.
func BenchmarkExec(b *testing.B) {
	program := staticChild(b)
	b.ResetTimer()
	questions := make(chan port.Question)
	go func() {
		defer close(questions)
		for range b.N {
			questions <- port.Question{ID: "a", Line: func(string) []byte { return []byte("{}\n") }}
		}
	}()
	exec := port.Exec{Config: port.Config{Command: []string{program}, Jobs: 2}}
	err := exec.Ask(b.Context(), questions, func(_ port.Question, r port.Reply) {
		if r.Answer == nil {
			b.Error(r.Detail)
		}
	})
	require.NoError(b, err)
}

func BenchmarkBareSpawn(b *testing.B) {
	program := staticChild(b)
	b.ResetTimer()
	var wg sync.WaitGroup
	for range 2 {
		wg.Go(func() {
			for range b.N / 2 {
				if err := exec.Command(program).Run(); err != nil {
					b.Error(err)
				}
			}
		})
	}
	wg.Wait()
}

package main

import (
	"bufio"
	"context"
	"io"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/cli"
	"sigkit/internal/testport"
)

// Without a terminal, one report follows the other until an interrupt. A rule that breaks again is
// told first.
func TestWatch(t *testing.T) {
	dir := t.TempDir()
	mode := filepath.Join(dir, "mode")
	choose := func(name string) { require.NoError(t, os.WriteFile(mode, []byte(name), 0o644)) }
	choose("lower-booleans")
	self, err := os.Executable()
	require.NoError(t, err)
	script := testport.Variable + `="$(cat "$1")" exec "$0"`
	port := []string{"sh", "-c", script, self, mode}
	ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
	out, in := io.Pipe()
	code := make(chan int, 1)
	go func() {
		args := append([]string{"guide", "--level", "core", "--watch", dir, "--"}, port...)
		code <- run(ctx, args, nil, in, io.Discard)
		in.Close()
	}()
	lines := bufio.NewScanner(out)
	until := func(want string) {
		for lines.Scan() {
			if strings.HasPrefix(lines.Text(), want) {
				return
			}
		}
		require.Fail(t, "missing: "+want)
	}
	until("Next: text-boolean ")
	choose("right")
	until("conforms: ")
	choose("lower-booleans")
	until("It held before and does not hold any more: text-boolean ")
	cancel()
	go io.Copy(io.Discard, out)
	assert.Equal(t, cli.Interrupted, <-code)
}

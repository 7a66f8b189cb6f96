package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/testport"
)

func TestMain(m *testing.M) { testscript.Main(m, map[string]func(){"vecgen": main}) }

func TestScripts(t *testing.T) { testport.RunScripts(t) }

func TestHelp(t *testing.T) { testport.AssertHelp(t, rootCommand(), run) }

// An interrupt ends a command that waits for input. It leaves no file.
func TestInterrupted(t *testing.T) {
	dir := t.TempDir()
	for _, args := range [][]string{
		{"sign", "-o", filepath.Join(dir, "out"), "-"},
		{"export", "--format", "json", filepath.Join(dir, "out"), "-"},
		{"random", "--count", "1000000000", "--seed", "1", "-o", filepath.Join(dir, "out")},
	} {
		stdin, w, err := os.Pipe() // nothing is ever written
		require.NoError(t, err)
		ctx, cancel := context.WithCancel(t.Context())
		done := make(chan int)
		var stdout, stderr bytes.Buffer
		go func() { done <- run(ctx, args, stdin, &stdout, &stderr) }()
		cancel()
		assert.Equal(t, 130, <-done, args)
		assert.Empty(t, stdout.String())
		require.NoError(t, w.Close())
	}
	left, err := os.ReadDir(dir)
	require.NoError(t, err)
	assert.Empty(t, left)
}

func TestSummary(t *testing.T) {
	s := signed{vectors: 370, files: 15, changed: []string{"a.json", "b.json"}}
	assert.Equal(t, "signed 370 vectors in 15 files, 2 changed", s.summary(false))
	s = signed{vectors: 3, files: 1}
	assert.Equal(t, "checked 3 vectors in 1 file, 0 changed", s.summary(true))
}

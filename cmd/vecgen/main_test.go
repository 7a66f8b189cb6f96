package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/cli"
	"sigkit/internal/testport"
	"sigkit/vectors"
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

// Output that cannot be written is an error, whatever command writes it.
func TestFullDisk(t *testing.T) {
	full, err := os.OpenFile("/dev/full", os.O_WRONLY, 0)
	if err != nil {
		t.Skip("needs /dev/full:", err)
	}
	defer full.Close()
	input := `{"email":"e","key":"k","method":"GET","resource":"/","data":{}}`
	for _, args := range [][]string{
		{"questions"}, {"random", "--count", "2", "--seed", "1"}, {"sign", "-"}, {"--help"},
	} {
		var errs bytes.Buffer
		assert.Equal(t, cli.Usage, run(t.Context(), args, strings.NewReader(input), full, &errs), args)
		assert.Equal(t, "vecgen: writing to standard output: no space left on device\n",
			errs.String(), args)
	}
	var out, errs bytes.Buffer
	args := []string{"questions", "-o", "/dev/full"}
	assert.Equal(t, cli.Usage, run(t.Context(), args, nil, &out, &errs))
	assert.Equal(t, "vecgen: -o /dev/full: no space left on device\n", errs.String())
}

// A vector is not signed if it would be too long to be read again.
func TestLongAnswer(t *testing.T) {
	t.Parallel()
	input := `{"id":"a","email":"e","key":"k","method":"GET","resource":"/","data":{"a":"` +
		strings.Repeat("x", vectors.MaxLine/2) + `"}}`
	var out, errs bytes.Buffer
	code := run(t.Context(), []string{"sign", "-"}, strings.NewReader(input), &out, &errs)
	assert.Equal(t, cli.Usage, code)
	assert.Empty(t, out.String())
	assert.Equal(t, "vecgen: -:1: vector a is longer than 16 MiB with its answer: "+
		"shorten its input\n", errs.String())
}

func TestSummary(t *testing.T) {
	s := signed{vectors: 370, files: 15, changed: []string{"a.json", "b.json"}}
	assert.Equal(t, "signed 370 vectors in 15 files, 2 changed", s.summary(false))
	s = signed{vectors: 3, files: 1}
	assert.Equal(t, "checked 3 vectors in 1 file, 0 changed", s.summary(true))
}

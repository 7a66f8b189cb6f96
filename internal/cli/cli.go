// Package cli holds what the commands have in common: exit codes, error lines, and files that appear whole or not at all.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"
)

// The exit codes of all commands, whatever the output format.
const (
	Conforms    = 0
	Differs     = 1   // does not conform, or --check found a difference
	Usage       = 2   // usage, unreadable or invalid files, an empty selection
	Untested    = 3   // the port could not be tested at all
	Interrupted = 130 // by a signal
)

// ExitError carries an exit code other than [Usage]. Err may be nil where all has been said already.
type ExitError struct {
	Code int
	Err  error
}

// Error returns the text of the cause.
func (e *ExitError) Error() string {
	if e.Err == nil {
		return fmt.Sprintf("exit code %d", e.Code)
	}
	return e.Err.Error()
}

// Unwrap returns the cause.
func (e *ExitError) Unwrap() error { return e.Err }

// Run executes a command tree and returns the exit code. Errors go to stderr, one line each, after the name of the tool.
func Run(ctx context.Context, root *cobra.Command, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.CompletionOptions.HiddenDefaultCmd = true
	err := root.ExecuteContext(ctx)
	if err == nil {
		return Conforms
	}
	exit, coded := errors.AsType[*ExitError](err)
	if !coded || exit.Err != nil {
		for line := range strings.Lines(err.Error()) {
			fmt.Fprintf(stderr, "%s: %s\n", root.Name(), strings.TrimSuffix(line, "\n"))
		}
	}
	if coded {
		return exit.Code
	}
	return Usage
}

// WriteFile writes a file through a temporary one beside it, so that it appears whole or not at all. What is no regular file, as a device or a pipe, is written
// to directly.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, errors.Unwrap(err))
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err = errors.Join(write(f), f.Close()); err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	if err = os.Chmod(f.Name(), mode); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
}

// WriteOutput writes to the file path, or to stdout if path is empty or "-".
func WriteOutput(path string, stdout io.Writer, write func(io.Writer) error) error {
	if path == "" || path == "-" {
		return write(stdout)
	}
	return WriteFile(path, write)
}

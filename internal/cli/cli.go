// Package cli is what the commands share: exit codes, error lines, suggestions for unknown names,
// shell completion, the flags that select vectors, and files that are written completely or not at
// all.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

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

// ExitError is an error with an exit code other than [Usage]. Err is nil if nothing is left to
// print.
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

// Run executes a command tree and returns the exit code. Errors go to stderr; each line starts with
// the name of the tool. If ctx ends first, the code is [Interrupted], and the command has a little
// time to end what it has started and to write what it has. Then it is left to the end of the
// process, whatever it waits for: a pipe that nobody writes to, a search, a process.
func Run(
	ctx context.Context, root *cobra.Command, args []string,
	stdin io.Reader, stdout, stderr io.Writer,
) int {
	root.SetArgs(args)
	root.SetIn(stdin)
	root.SetOut(stdout)
	root.SetErr(stderr)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.DisableSuggestions = true // unknownCommand makes its own
	root.SetFlagErrorFunc(FlagError)
	root.SetUsageTemplate(strings.ReplaceAll(
		root.UsageTemplate(), ".FlagUsages ", ".FlagUsagesWrapped 79 "))
	err := execute(ctx, root)
	_, coded := errors.AsType[*ExitError](err)
	switch {
	case err == nil:
		return Conforms
	case ctx.Err() != nil && !coded:
		return Interrupted
	}
	return report(root, unknownCommand(root, err))
}

// graceTime is how long a command may go on after it was interrupted.
const graceTime = 800 * time.Millisecond

// execute runs the command as long as it may take.
func execute(ctx context.Context, root *cobra.Command) error {
	ended := make(chan error, 1)
	go func() { ended <- root.ExecuteContext(ctx) }()
	select {
	case err := <-ended:
		return err
	case <-ctx.Done():
	}
	select {
	case err := <-ended:
		return err
	case <-time.After(graceTime):
		removeTemporaries()
		return ctx.Err()
	}
}

// report writes an error, one line after the other, and returns its exit code.
func report(root *cobra.Command, err error) int {
	exit, coded := errors.AsType[*ExitError](err)
	if !coded || exit.Err != nil {
		for line := range strings.Lines(err.Error()) {
			fmt.Fprintf(root.ErrOrStderr(), "%s: %s\n", root.Name(), strings.TrimSuffix(line, "\n"))
		}
	}
	if coded {
		return exit.Code
	}
	return Usage
}

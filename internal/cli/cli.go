// Package cli is what the commands share: exit codes, error lines, suggestions for unknown names,
// shell completion, the flags that select vectors, and files that are written completely or not at
// all.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync/atomic"
	"time"

	"github.com/spf13/cobra"

	"sigkit/internal/report"
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
	out, errs := &output{Writer: stdout}, report.People(stderr)
	defer errs.Flush()
	root.SetOut(out)
	root.SetErr(errs)
	root.SilenceErrors, root.SilenceUsage = true, true
	root.DisableSuggestions = true // unknownCommand makes its own
	root.SetFlagErrorFunc(FlagError)
	root.SetUsageTemplate(strings.ReplaceAll(
		root.UsageTemplate(), ".FlagUsages ", ".FlagUsagesWrapped 79 "))
	err := execute(ctx, root)
	exit, coded := errors.AsType[*ExitError](err)
	unwritten := out.err()
	switch {
	case unwritten != nil && (err == nil || errors.Is(err, unwritten) ||
		coded && exit.Err == nil && exit.Code != Interrupted):
		err = fmt.Errorf("writing to standard output: %w", unwritten)
	case err == nil:
		return Conforms
	case ctx.Err() != nil && !coded:
		return Interrupted
	}
	return tell(root, unknownCommand(root, err))
}

// graceTime is how long a command may go on after it was interrupted. What is left of a second is
// for a busy machine.
const graceTime = 600 * time.Millisecond

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

// output is standard output. It keeps the first error, so that no command needs to look at it.
type output struct {
	io.Writer
	failed atomic.Pointer[error]
}

// Unwrap returns the writer itself.
func (o *output) Unwrap() io.Writer { return o.Writer }

// Write writes.
func (o *output) Write(p []byte) (int, error) {
	n, err := o.Writer.Write(p)
	if err != nil {
		o.failed.CompareAndSwap(nil, &err)
	}
	return n, err
}

// err returns the first error, without the name that the system gives standard output.
func (o *output) err() error {
	first := o.failed.Load()
	if first == nil {
		return nil
	}
	if failed, ok := errors.AsType[*fs.PathError](*first); ok {
		return failed.Err
	}
	return *first
}

// tell writes an error, one line after the other, and returns its exit code.
func tell(root *cobra.Command, err error) int {
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

package main

import (
	"bytes"
	"cmp"
	"context"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"
	"golang.org/x/term"

	"sigkit/internal/cli"
	"sigkit/internal/watch"
)

// watching is the flag of commands that ask the port again whenever a file changes.
type watching struct{ path string }

const watchHelp = `With --watch the port is asked again whenever a file at or below PATH changes,
until q or an interrupt. On a terminal the screen is cleared each time; enter
asks again, a asks again and shows everything. Elsewhere one report follows the
other. Hidden files and folders of build output, such as node_modules,
__pycache__, target, obj, build and dist, are not watched.`

func (o *watching) flags(cmd *cobra.Command) {
	cmd.Flags().StringVar(&o.path, "watch", "",
		"ask again whenever a file at or below this `PATH` changes")
}

// once asks the port and writes what came of it; all of it, or what fits a screen. The error has
// the exit code.
type once func(ctx context.Context, w io.Writer, all bool) error

// loop calls do, once or whenever something changes. It returns the error of the last call, and
// that of an interrupt if it was ended by one. Own are files that the command writes itself.
func (o *watching) loop(cmd *cobra.Command, do once, own ...string) error {
	ctx, stdout := cmd.Context(), cmd.OutOrStdout()
	if o.path == "" {
		return do(ctx, stdout, false)
	}
	changes, err := watch.Path(ctx, o.path, own...)
	if err != nil {
		return cli.FileError("--watch", o.path, err)
	}
	if !o.onScreen(cmd) {
		return plainly(ctx, stdout, changes, do)
	}
	return o.onTerminal(ctx, cmd.InOrStdin().(*os.File), stdout, changes, do)
}

// onScreen reports whether each report takes the place of the one before, on a terminal.
func (o *watching) onScreen(cmd *cobra.Command) bool {
	return o.path != "" && cli.IsTerminal(cmd.OutOrStdout()) && isTerminal(cmd.InOrStdin())
}

func isTerminal(r io.Reader) bool {
	f, ok := r.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// plainly writes one report after the other until ctx ends.
func plainly(ctx context.Context, w io.Writer, changes <-chan error, do once) error {
	for {
		err := do(ctx, w, false)
		if ctx.Err() != nil {
			return &cli.ExitError{Code: cli.Interrupted}
		}
		if err := tell(w, err); err != nil {
			return err
		}
		select {
		case <-ctx.Done():
			return &cli.ExitError{Code: cli.Interrupted}
		case err := <-changes:
			if err != nil {
				return err
			}
			fmt.Fprintln(w)
		}
	}
}

// tell writes an error of one run, as wrong usage of a port that is just being edited ends nothing.
// It returns an error that has no exit code: such an error repeats.
func tell(w io.Writer, err error) error {
	exit, coded := err.(*cli.ExitError)
	switch {
	case err == nil, coded && exit.Err == nil:
		return nil
	case coded:
		_, err = fmt.Fprintf(w, "%v\n", err)
	}
	return err
}

// onTerminal clears the screen before each report, and obeys keys. A terminal in raw mode gives
// each key at once, Ctrl-C too, and needs a carriage return in each line.
func (o *watching) onTerminal(
	ctx context.Context, stdin *os.File, stdout io.Writer, changes <-chan error, do once,
) (last error) {
	before, err := term.MakeRaw(int(stdin.Fd()))
	if err != nil {
		return fmt.Errorf("reading keys: %w", err)
	}
	defer func() { _ = term.Restore(int(stdin.Fd()), before) }()
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	keys := make(chan byte)
	quit := false
	go readKeys(ctx, stdin, keys, cancel)
	all := false
	for {
		var out bytes.Buffer
		last = do(ctx, &out, all)
		if ctx.Err() != nil {
			return &cli.ExitError{Code: cli.Interrupted}
		}
		if err := tell(&out, last); err != nil {
			return err
		}
		fmt.Fprintf(&out, "watching %s: enter asks again, a shows all, q quits", o.path)
		screen := "\x1b[H\x1b[2J\x1b[3J" + strings.ReplaceAll(out.String(), "\n", "\r\n")
		if _, err := io.WriteString(stdout, screen); err != nil {
			return err
		}
		if all, quit, err = next(ctx, keys, changes); quit || err != nil {
			_, _ = io.WriteString(stdout, "\r\n")
			return cmp.Or(err, silent(last))
		}
	}
}

// silent is an error without its text, which has been shown.
func silent(err error) error {
	if exit, ok := err.(*cli.ExitError); ok {
		return &cli.ExitError{Code: exit.Code}
	}
	return err
}

// next waits for a change or for a key that means something.
func next(ctx context.Context, keys <-chan byte, changes <-chan error) (all, quit bool, _ error) {
	for {
		select {
		case <-ctx.Done():
			return false, true, &cli.ExitError{Code: cli.Interrupted}
		case err := <-changes:
			return false, err != nil, err
		case key := <-keys:
			switch key {
			case '\r', '\n':
				return false, false, nil
			case 'a', 'A':
				return true, false, nil
			case 'q', 'Q':
				return false, true, nil
			}
		}
	}
}

// ctrlC is what a terminal in raw mode sends for an interrupt.
const ctrlC = 3

// readKeys sends each key. Ctrl-C interrupts what is being done.
func readKeys(ctx context.Context, stdin io.Reader, keys chan<- byte, interrupt func()) {
	var key [1]byte
	for {
		if _, err := stdin.Read(key[:]); err != nil || key[0] == ctrlC {
			interrupt()
			return
		}
		select {
		case keys <- key[0]:
		case <-ctx.Done():
			return
		}
	}
}

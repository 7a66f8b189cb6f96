package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/internal/export"
	"sigkit/vectors"
)

type exportOptions struct {
	cli.Selection
	format, dir string
	check       bool
}

func exportCommand() *cobra.Command {
	var o exportOptions
	cmd := &cobra.Command{
		Use:   "export --format FORMAT -o DIR [flags] [PATH...]",
		Short: "Write vectors with a test for a test framework",
		Long: `export writes vectors into DIR, with a manifest and a test in the idiom of a
test framework, which needs nothing else of sigkit. There is one file to plug
your signer in, which is written once and never overwritten. The formats csv
and json are the vectors and the manifest alone.

PATH is a vector file, an .ndjson file or a folder, or "-" for NDJSON from
standard input; the default is the vectors that are built in. What a port may
call unsupported is skipped above level core, and fails there.

With --check nothing is written: files that an export would change are named,
and the exit code is 1. The version of sigkit in the manifest does not count.

Exit codes: 0 written, or nothing to change; 1 --check found a difference;
2 wrong usage, unreadable or invalid files, no vector selected, or DIR has
files that no export wrote; 130 interrupted.`,
		Example: `  vecgen export --format pytest -o tests/signature
  vecgen export --format go --level core --profile vigiles --check -o signature
  vecgen sign mine.ndjson | vecgen export --format csv -o fixtures -`,
		RunE: o.run,
	}
	o.Flags(cmd, vectors.Extended)
	cmd.Flags().StringVar(&o.format, "format", "",
		"write the `FORMAT`: "+strings.Join(formatNames(), ", "))
	cmd.Flags().StringVarP(&o.dir, "output", "o", "", "write into the folder `DIR`")
	cmd.Flags().BoolVar(&o.check, "check", false,
		"write nothing; exit 1 if anything would change")
	cli.Complete(cmd, "format", formatNames())
	return cmd
}

func formatNames() (names []string) {
	for _, f := range export.Formats() {
		names = append(names, f.Name)
	}
	return names
}

func (o *exportOptions) run(cmd *cobra.Command, paths []string) error {
	if _, err := cli.OneOf("--format", o.format, formatNames()); err != nil {
		return err
	}
	if o.dir == "" {
		return errors.New("-o is missing: name the folder for the test, as in -o tests/signature")
	}
	at := slices.Index(formatNames(), o.format)
	folder := export.Folder{Format: export.Formats()[at], Path: o.dir}
	o.Stdin = func() io.Reader { return interruptible(cmd.Context(), cmd.InOrStdin()) }
	chosen, err := o.Chosen(paths...)
	if err != nil {
		return err
	}
	var all []vectors.Vector
	for v, err := range chosen {
		if err != nil {
			return err
		}
		all = append(all, v)
	}
	if o.check {
		return checkExport(folder, all)
	}
	if err := folder.Write(all, cli.Version(), writeText); err != nil {
		return exportError(err)
	}
	if cli.IsTerminal(cmd.ErrOrStderr()) {
		fmt.Fprintf(cmd.ErrOrStderr(), "wrote %d vectors to %s%s\n",
			len(all), o.dir, nextStep(folder.Format))
	}
	return nil
}

func writeText(path string, text []byte) error { return cli.WriteText("", path, text) }

// exportError names the file of the export that could not be read or written.
func exportError(err error) error {
	if failed, ok := errors.AsType[*fs.PathError](err); ok {
		return cli.FileError("", failed.Path, err)
	}
	return err
}

// nextStep says what to do with an export, unless it is data alone.
func nextStep(f export.Format) string {
	if f.Signer == "" {
		return ""
	}
	return fmt.Sprintf("; next: call your client in %s, and there run: %s", f.Signer, f.Run)
}

func checkExport(folder export.Folder, all []vectors.Vector) error {
	differing, err := folder.Differences(all, cli.Version())
	switch {
	case err != nil:
		return exportError(err)
	case len(differing) == 0:
		return nil
	}
	text := "not up to date, run vecgen export: " + strings.Join(differing, ", ")
	return &cli.ExitError{Code: cli.Differs, Err: errors.New(text)}
}

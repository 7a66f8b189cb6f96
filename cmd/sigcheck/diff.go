package main

import (
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/internal/report"
)

func diffCommand() *cobra.Command {
	var reports []string
	cmd := &cobra.Command{
		Use:   "diff [flags] OLD.json NEW.json",
		Short: "Compare two saved results",
		Long: `diff compares two results that "sigcheck run --report json=FILE" saved, vector
by vector: what is broken, fixed, fails otherwise, is newly unsupported or
newly supported, and which vectors are new, gone or changed. A vector that
asks or expects something else now has changed, and is not compared.

Exit codes: 0 nothing is worse; 1 something is broken or newly unsupported;
2 wrong usage, unreadable or invalid files; 3 one of the results is of a port
that could not be tested.`,
		Example: `  sigcheck diff last-release.json result.json
  sigcheck diff old.json new.json --report markdown=diff.md`,
		Args: diffArgs,
		RunE: func(cmd *cobra.Command, args []string) error {
			return diff(reports, args, cmd.OutOrStdout())
		},
	}
	cmd.Flags().StringArrayVar(&reports, "report", []string{"text"}, "write as "+
		"`FORMAT[=PATH]`: text, markdown or json, to standard output or to a file (repeatable)")
	cli.Complete(cmd, "report", report.DiffNames())
	return cmd
}

func diffArgs(_ *cobra.Command, args []string) error {
	if len(args) != 2 {
		return fmt.Errorf("diff compares two results, not %d: name the old one, then the new one",
			len(args))
	}
	return nil
}

func diff(reports, paths []string, stdout io.Writer) error {
	o := views{reports: reports, color: "never"}
	destinations, err := o.destinations(report.DiffNames())
	if err != nil {
		return err
	}
	var runs []*check.Run
	for _, path := range paths {
		run, err := loadRun("", path)
		if err != nil {
			return err
		}
		if run.Verdict == check.Untested {
			err := errors.New(path + " is the result of a port that could not be tested")
			return &cli.ExitError{Code: cli.Untested, Err: err}
		}
		runs = append(runs, run)
	}
	d := check.NewDiff(runs[0], runs[1])
	err = o.writeEach(destinations, stdout,
		func(format string, w io.Writer, _ report.Options) error {
			return report.FindDiff(format)(w, d)
		})
	if err == nil && d.Worse {
		return differs()
	}
	return err
}

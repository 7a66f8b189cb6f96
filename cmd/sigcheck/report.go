package main

import (
	"errors"
	"fmt"
	"io"
	"os"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/internal/report"
)

type reportOptions struct{ views }

func reportCommand() *cobra.Command {
	var o reportOptions
	cmd := &cobra.Command{
		Use:   "report [flags] RESULT.json...",
		Short: "Write reports of saved results",
		Long: `report writes reports of a result that "sigcheck run --report json=FILE" saved.
They are the same, byte for byte, as those that the run itself would have
written. The results of all shards of one run count as one result.

Exit codes: those of the run that is reported: 0 the port conforms; 1 it does
not; 3 it could not be tested; 130 interrupted. 2 wrong usage, unreadable or
invalid files.`,
		Example: `  sigcheck run --report json=result.json -- ./port
  sigcheck report result.json --report markdown=comment.md
  sigcheck report shard-*.json`,
		Args: reportArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd, args) },
	}
	o.views.flags(cmd)
	return cmd
}

func reportArgs(_ *cobra.Command, args []string) error {
	if len(args) == 0 {
		return errors.New("there is no result to report: save one with " +
			"sigcheck run --report json=result.json, and name it")
	}
	return nil
}

func (o *reportOptions) run(cmd *cobra.Command, paths []string) error {
	var runs []*check.Run
	for _, path := range paths {
		run, err := loadRun("", path)
		if err != nil {
			return err
		}
		runs = append(runs, run)
	}
	runs, err := check.JoinShards(runs)
	if err != nil {
		return err
	}
	if len(runs) > 1 {
		return o.matrix(cmd, runs)
	}
	destinations, err := o.destinations(report.Names())
	if err != nil {
		return err
	}
	return o.write(runs[0], destinations, cmd.OutOrStdout())
}

// matrix writes reports of several runs.
func (o *reportOptions) matrix(cmd *cobra.Command, runs []*check.Run) error {
	if len(report.MatrixNames()) == 0 {
		return errors.New("several results cannot be shown yet: name one")
	}
	destinations, err := o.destinations(report.MatrixNames())
	if err != nil {
		return fmt.Errorf("for several results, %w", err)
	}
	if o.reproducible {
		for _, run := range runs {
			run.WithoutTimes()
		}
	}
	err = o.writeEach(destinations, cmd.OutOrStdout(),
		func(format string, w io.Writer, options report.Options) error {
			return report.FindMatrix(format)(w, runs, options)
		})
	if err != nil {
		return err
	}
	return exitErrorOfAll(runs)
}

// exitErrorOfAll returns the error with the exit code of several runs: all conform, or none could
// be tested, or else some do not conform.
func exitErrorOfAll(runs []*check.Run) error {
	count := map[check.Verdict]int{}
	for _, run := range runs {
		count[run.Verdict]++
	}
	switch len(runs) {
	case count[check.Conforms]:
		return nil
	case count[check.Untested]:
		return exitError(runs[0])
	}
	return differs()
}

// loadRun reads a saved run. Flag is the one that names it, empty for an argument.
func loadRun(flag, path string) (*check.Run, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, cli.FileError(flag, path, err)
	}
	defer file.Close()
	return check.LoadRun(path, file)
}

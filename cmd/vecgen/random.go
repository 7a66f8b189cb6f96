package main

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/internal/random"
	"sigkit/vectors"
)

type randomOptions struct {
	count, seed uint64
	level, out  string
	jobs        int
}

func randomCommand() *cobra.Command {
	var o randomOptions
	cmd := &cobra.Command{
		Use:   "random --count N --seed S [--level L] [-o OUT]",
		Short: "Make random vectors",
		Long: `random writes random vectors, signed, one a line. The same seed and level give
the same vectors, byte for byte, whatever the count and the number of workers.

Exit codes: 0 written; 2 wrong usage; 130 interrupted.`,
		Example: `  vecgen random --count 1000 --seed 7 -o random.ndjson
  sigcheck run --vectors random.ndjson -- ./port`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			level, err := cli.OneOf("--level", o.level, vectors.Levels())
			if err != nil {
				return err
			}
			if o.jobs < 1 {
				return fmt.Errorf("--jobs %d is too few: write 1 or more", o.jobs)
			}
			err = cli.WriteOutput(o.out, cmd.OutOrStdout(), func(w io.Writer) error {
				return random.Write(cmd.Context(), w, random.New(o.seed, level), o.count, o.jobs)
			})
			return cli.FileError("-o", o.out, err)
		},
	}
	f := cmd.Flags()
	f.Uint64Var(&o.count, "count", 0, "write `N` vectors")
	f.Uint64Var(&o.seed, "seed", 0, "`NUMBER` that determines the vectors")
	f.StringVar(&o.level, "level", string(vectors.Extended),
		"make vectors up to this `LEVEL`: core, extended or quirk")
	f.StringVarP(&o.out, "output", "o", "", "write to this `FILE` instead of standard output")
	f.IntVar(&o.jobs, "jobs", runtime.GOMAXPROCS(0), "use `N` workers")
	cli.Complete(cmd, "level", vectors.Levels())
	cmd.MarkFlagRequired("count")
	cmd.MarkFlagRequired("seed")
	return cmd
}

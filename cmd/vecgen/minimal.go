package main

import (
	"bufio"
	"fmt"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/vectors"
)

type minimalOptions struct {
	cli.Selection
	out string
}

func minimalCommand() *cobra.Command {
	var o minimalOptions
	cmd := &cobra.Command{
		Use:   "minimal [flags]",
		Short: "Write few vectors that still catch every known mistake",
		Long: `minimal writes the smallest set of vectors that it finds which catches every
known mistake that the selected vectors catch. It is for slow devices. The
vectors come as NDJSON, for "sigcheck run --vectors". How many there are, and
a number that no set can go below, goes to standard error.

Fewer vectors tell mistakes from each other less well: where there is time, use
them all.

Exit codes: 0 written; 2 wrong usage, unreadable or invalid files, or no vector
selected.`,
		Example: `  vecgen minimal -o minimal.ndjson
  vecgen minimal --level core -o minimal.ndjson`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd) },
	}
	o.Flags(cmd, vectors.Quirk)
	cmd.Flags().StringVarP(&o.out, "output", "o", "",
		"write to this `FILE` (.ndjson) instead of standard output")
	return cmd
}

func (o *minimalOptions) run(cmd *cobra.Command) error {
	chosen, err := o.Chosen()
	if err != nil {
		return err
	}
	score, err := check.NewScore(chosen)
	if err != nil {
		return err
	}
	ids, atLeast := score.Smallest()
	err = cli.WriteOutput(o.out, cmd.OutOrStdout(), func(w io.Writer) error {
		out := bufio.NewWriter(w)
		for v, err := range chosen {
			if err != nil {
				return err
			}
			if !slices.Contains(ids, v.ID) {
				continue
			}
			if _, err := out.Write(v.AppendNDJSON(nil)); err != nil {
				return err
			}
		}
		return out.Flush()
	})
	if err != nil {
		return cli.FileError("-o", o.out, err)
	}
	_, err = fmt.Fprintf(cmd.ErrOrStderr(),
		"vecgen: %d of %d vectors catch %d of %d known mistakes, as all of them do; "+
			"no set has fewer than %d\n",
		len(ids), score.Vectors, score.Caught, len(score.Mistakes), atLeast)
	return err
}

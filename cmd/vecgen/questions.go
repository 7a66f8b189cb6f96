package main

import (
	"bufio"
	"io"
	"iter"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/vectors"
)

type questionsOptions struct {
	cli.Selection
	out string
}

func questionsCommand() *cobra.Command {
	var o questionsOptions
	cmd := &cobra.Command{
		Use:   "questions [flags] [PATH...]",
		Short: "Write the questions alone, one a line",
		Long: `questions writes what a port is asked, one JSON object a line. It is for ports
that run elsewhere: on a device, in a browser. "sigcheck compare" judges the
answers; give it the same flags. PATH is a vector file, an .ndjson file or a
folder; the default is the vectors that are built in.

Exit codes: 0 written; 2 wrong usage, unreadable or invalid files, or no vector
selected.`,
		Example: `  vecgen questions -o questions.ndjson
  vecgen questions --profile vigiles --level core -o questions.ndjson`,
		RunE: func(cmd *cobra.Command, paths []string) error {
			chosen, err := o.Chosen(paths...)
			if err != nil {
				return err
			}
			err = cli.WriteOutput(o.out, cmd.OutOrStdout(), func(w io.Writer) error {
				return writeQuestions(w, chosen)
			})
			return cli.FileError("-o", o.out, err)
		},
	}
	o.Flags(cmd, vectors.Quirk)
	cmd.Flags().StringVarP(&o.out, "output", "o", "",
		"write to this `FILE` instead of standard output")
	return cmd
}

func writeQuestions(w io.Writer, chosen iter.Seq2[vectors.Vector, error]) error {
	out := bufio.NewWriter(w)
	var line []byte
	for v, err := range chosen {
		if err != nil {
			return err
		}
		line = v.AppendQuestion(line[:0])
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

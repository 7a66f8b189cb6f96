package main

import (
	"bufio"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/vectors"
)

func questionsCommand() *cobra.Command {
	var out string
	cmd := &cobra.Command{
		Use:   "questions [-o OUT] [PATH...]",
		Short: "Write the questions alone, one a line",
		Long: `questions writes what a port is asked, one JSON object a line, for ports that
run elsewhere: on a device, in a browser. Judge the answers with
"sigcheck compare". PATH is a vector file, an .ndjson file or a folder; the
default is the vectors built in.`,
		Example: "  vecgen questions -o questions.ndjson",
		RunE: func(cmd *cobra.Command, paths []string) error {
			all, err := loadAll(paths)
			if err != nil {
				return err
			}
			return cli.WriteOutput(out, cmd.OutOrStdout(), func(w io.Writer) error { return writeQuestions(w, all) })
		},
	}
	cmd.Flags().StringVarP(&out, "output", "o", "", "write to this file instead of standard output")
	return cmd
}

func loadAll(paths []string) ([]vectors.Vector, error) {
	if len(paths) == 0 {
		return vectors.All(), nil
	}
	var all []vectors.Vector
	file := map[string]string{}
	for _, path := range paths {
		some, err := vectors.Load(path)
		if err != nil {
			return nil, err
		}
		for _, v := range some {
			if other := file[v.ID]; other != "" {
				return nil, fmt.Errorf("id %s is in %s and in %s: rename one", v.ID, other, path)
			}
			file[v.ID] = path
		}
		all = append(all, some...)
	}
	return all, nil
}

func writeQuestions(w io.Writer, all []vectors.Vector) error {
	out := bufio.NewWriter(w)
	var line []byte
	for i := range all {
		line = all[i].AppendQuestion(line[:0])
		if _, err := out.Write(line); err != nil {
			return err
		}
	}
	return out.Flush()
}

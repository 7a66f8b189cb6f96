package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/vectors"
)

type compareOptions struct {
	selection
	output
	gate
}

func compareCommand() *cobra.Command {
	var o compareOptions
	cmd := &cobra.Command{
		Use:   "compare [flags] ANSWERS.ndjson",
		Short: "Judge answers that were collected elsewhere",
		Long: `compare judges answers from a file, or "-" for standard input: one JSON
object with an id a line, as a port would give them. Get the questions with
"vecgen questions", put them to the port wherever it runs, and bring the
answers back.`,
		Example: `  vecgen questions -o questions.ndjson
  ./port < questions.ndjson > answers.ndjson
  sigcheck compare answers.ndjson`,
		Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd, args[0]) },
	}
	o.selection.flags(cmd, vectors.Extended)
	o.output.flags(cmd)
	o.gate.flags(cmd)
	return cmd
}

func (o *compareOptions) run(cmd *cobra.Command, path string) error {
	destinations, err := o.destinations()
	if err != nil {
		return err
	}
	if err := o.gate.read(&o.Selection); err != nil {
		return err
	}
	chosen, err := o.chosen()
	if err != nil {
		return err
	}
	answers, err := readAnswers(path, cmd.InOrStdin())
	if err != nil {
		return err
	}
	if o.name == "" {
		o.name = path
	}
	run, err := check.Config{Asker: answers, Vectors: chosen, Level: o.Level, Name: o.name, Gate: o.Gate}.Do(cmd.Context())
	if err != nil {
		return err
	}
	if ids := answers.Unasked(); len(ids) > 0 {
		run.Notes = append(run.Notes, fmt.Sprintf("%d answers belong to no selected vector: %s", len(ids), some(ids)))
	}
	if err := o.gate.update(run); err != nil {
		return err
	}
	return o.output.write(run, destinations, cmd.OutOrStdout(), nil)
}

func readAnswers(path string, stdin io.Reader) (*port.Answers, error) {
	if path == "-" {
		return port.ReadAnswers("standard input", stdin)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return port.ReadAnswers(path, f)
}

// some names the first few.
func some(ids []string) string {
	const few = 5
	if len(ids) > few {
		return strings.Join(ids[:few], ", ") + ", \u2026"
	}
	return strings.Join(ids, ", ")
}

package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strconv"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/internal/port"
	"sigkit/internal/report"
	"sigkit/internal/shell"
	"sigkit/vectors"
)

type compareOptions struct {
	cli.Selection
	output
	gate
}

func compareCommand() *cobra.Command {
	var o compareOptions
	cmd := &cobra.Command{
		Use:   "compare [flags] ANSWERS.ndjson",
		Short: "Judge answers that were collected elsewhere",
		Long: `compare judges answers from a file, or from standard input if the file is "-".
Each line is a JSON object, as a port answers it, and has the id of its
question. "vecgen questions" writes the questions; ask the port wherever it
runs, and bring the answers back.

Exit codes: 0 the port conforms; 1 it does not; 2 wrong usage, unreadable or
invalid files, or no vector selected; 3 no answer belongs to a vector.`,
		Example: `  vecgen questions -o questions.ndjson
  ./port < questions.ndjson > answers.ndjson
  sigcheck compare answers.ndjson`,
		Args: compareArgs,
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd, args[0]) },
	}
	o.Selection.Flags(cmd, vectors.Extended)
	o.output.flags(cmd)
	o.gate.flags(cmd)
	return cmd
}

func compareArgs(_ *cobra.Command, args []string) error {
	switch len(args) {
	case 0:
		return errors.New("there is no file of answers: name it, or write - for standard input; " +
			"to collect answers, write the questions with vecgen questions " +
			"and give them to the port")
	case 1:
		return nil
	}
	return fmt.Errorf("compare takes one file of answers, not %d: "+
		"join them first, as in cat %s | sigcheck compare -", len(args), shell.Line(args))
}

func (o *compareOptions) run(cmd *cobra.Command, path string) error {
	destinations, err := o.destinations(report.Names())
	if err != nil {
		return err
	}
	if err := o.gate.read(&o.Selection.Selection); err != nil {
		return err
	}
	chosen, err := o.Chosen()
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
	run, err := check.Config{
		Asker:         answers,
		Vectors:       chosen,
		Version:       cli.Version(),
		Selected:      o.Selection.Selected(),
		Level:         o.Level,
		Profile:       o.Profile,
		Name:          o.name,
		Gate:          o.Gate,
		SkipDiagnosis: !o.diagnose,
	}.Do(cmd.Context())
	if err != nil {
		return err
	}
	run.Notes = append(run.Notes, unusedAnswers(answers)...)
	if err := o.gate.update(run); err != nil {
		return err
	}
	return o.output.write(run, destinations, cmd.OutOrStdout())
}

func readAnswers(path string, stdin io.Reader) (*port.Answers, error) {
	if path == "-" {
		return port.ReadAnswers("standard input", stdin)
	}
	f, err := os.Open(path)
	if err != nil {
		return nil, cli.FileError("", path, err)
	}
	defer f.Close()
	return port.ReadAnswers(path, f)
}

// shownAnswers is how many of the answers that belong to no vector are named.
const shownAnswers = 5

// unusedAnswers are the notes on answers that belong to no vector.
func unusedAnswers(answers *port.Answers) (notes []string) {
	if lines := answers.WithoutID(); len(lines) == 1 {
		notes = append(notes, fmt.Sprintf(
			"1 answer has no id (line %d), so it belongs to no vector", lines[0]))
	} else if len(lines) > 1 {
		numbers := make([]string, len(lines))
		for i, line := range lines {
			numbers[i] = strconv.Itoa(line)
		}
		notes = append(notes, fmt.Sprintf("%d answers have no id (lines %s), "+
			"so they belong to no vector", len(lines), firstOf(numbers, shownAnswers)))
	}
	if ids := answers.Unasked(); len(ids) > 0 {
		notes = append(notes, fmt.Sprintf("%s to no selected vector: %s",
			counted(len(ids), "answer belongs", "answers belong"), firstOf(ids, shownAnswers)))
	}
	return notes
}

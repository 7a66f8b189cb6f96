package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/internal/report"
	"sigkit/vectors"
)

type mistakesOptions struct {
	cli.Selection
	json bool
}

func mistakesCommand() *cobra.Command {
	var o mistakesOptions
	cmd := &cobra.Command{
		Use:   "mistakes [flags]",
		Short: "List the known mistakes and the vectors that catch each",
		Long: `mistakes lists the catalogue of known mistakes: what goes wrong, the rule that
is broken, how many vectors catch the mistake, and the first of them.

With --vectors it does the same for your own vectors: it says which known
mistakes they catch and which they miss.

Exit codes: 0 the selected vectors catch every known mistake; 1 they miss some;
2 wrong usage, unreadable or invalid files, or no vector selected.`,
		Example: `  sigcheck mistakes
  sigcheck mistakes --level core
  sigcheck mistakes --vectors my-vectors/ --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.OutOrStdout()) },
	}
	o.Flags(cmd, vectors.Quirk)
	cmd.Flags().BoolVar(&o.json, "json", false, "write JSON, one object")
	return cmd
}

func (o *mistakesOptions) run(w io.Writer) error {
	chosen, err := o.Chosen()
	if err != nil {
		return err
	}
	s, err := check.NewScore(chosen)
	if err != nil {
		return err
	}
	if o.json {
		err = report.WriteJSON(w, s)
	} else {
		people := report.People(w)
		writeScore(people, s)
		err = people.Flush()
	}
	if err == nil && s.Caught < len(s.Mistakes) {
		return differs()
	}
	return err
}

func writeScore(w io.Writer, s *check.Score) {
	rule := ""
	for _, m := range s.Mistakes {
		if m.Rule != rule {
			rule = m.Rule
			fmt.Fprintf(w, "%s\n", rule)
		}
		fmt.Fprintf(w, "  %-32s %s\n  %-32s   %s\n", m.ID, m.What, "", catching(m.Vectors))
	}
	fmt.Fprintf(w, "\n%s %d of %d known mistakes",
		counted(s.Vectors, "vector catches", "vectors catch"), s.Caught, len(s.Mistakes))
	if s.Caught == len(s.Mistakes) {
		fmt.Fprintln(w, ".")
		return
	}
	fmt.Fprintln(w, ". These are missed:")
	for _, m := range s.Mistakes {
		if !m.Caught {
			fmt.Fprintf(w, "  %s\n", m.ID)
		}
	}
}

// catching names the first vectors that catch a mistake.
func catching(ids []string) string {
	if len(ids) == 0 {
		return "not caught"
	}
	return fmt.Sprintf("caught by %d: %s", len(ids), firstOf(ids, 2))
}

// firstOf names the first of many.
func firstOf(names []string, count int) string {
	if len(names) > count {
		return strings.Join(names[:count], ", ") + ", …"
	}
	return strings.Join(names, ", ")
}

// counted writes a number with the words for one, or for another number.
func counted(n int, one, many string) string {
	if n == 1 {
		return "1 " + one
	}
	return fmt.Sprintf("%d %s", n, many)
}

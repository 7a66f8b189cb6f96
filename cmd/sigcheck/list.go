package main

import (
	"errors"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/internal/report"
	"sigkit/vectors"
)

type listOptions struct {
	cli.Selection
	json bool
}

func listCommand() *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:   "list [flags]",
		Short: "List the vectors that a selection holds",
		Long: `list shows id, level and rule of each selected vector, and why it exists.

Exit codes: 0 listed; 2 wrong usage, unreadable or invalid files, or no vector
selected.`,
		Example: `  sigcheck list --rule list-order
  sigcheck list --profile vigiles --level core --json`,
		Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error { return o.run(cmd.OutOrStdout()) },
	}
	o.Flags(cmd, vectors.Quirk)
	cmd.Flags().BoolVar(&o.json, "json", false, "write JSON, one array")
	return cmd
}

func (o *listOptions) run(w io.Writer) error {
	chosen, err := o.Chosen()
	if err != nil {
		return err
	}
	all, err := check.List(chosen)
	if err != nil {
		return err
	}
	if o.json {
		return report.WriteJSON(w, all)
	}
	people := report.People(w)
	table := tabwriter.NewWriter(people, 0, 0, 2, ' ', 0)
	for _, v := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", v.ID, v.Level, v.Rule, v.Why)
	}
	return errors.Join(table.Flush(), people.Flush())
}

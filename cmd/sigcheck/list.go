package main

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"

	"github.com/spf13/cobra"

	"sigkit/vectors"
)

type listOptions struct {
	selection
	json bool
}

func listCommand() *cobra.Command {
	var o listOptions
	cmd := &cobra.Command{
		Use:     "list [flags]",
		Short:   "List the vectors that a selection holds",
		Long:    "list shows id, level, rule and reason of every selected vector.",
		Example: "  sigcheck list --rule list-order\n  sigcheck list --level core --json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.OutOrStdout()) },
	}
	o.selection.flags(cmd, vectors.Quirk)
	cmd.Flags().BoolVar(&o.json, "json", false, "write JSON, one array")
	return cmd
}

// listed is one vector in the JSON form.
type listed struct {
	ID    string        `json:"id"`
	Level vectors.Level `json:"level"`
	Rule  string        `json:"rule"`
	Tags  []string      `json:"tags"`
	Why   string        `json:"why"`
}

func (o *listOptions) run(w io.Writer) error {
	chosen, err := o.chosen()
	if err != nil {
		return err
	}
	all := []listed{}
	for v, err := range chosen {
		if err != nil {
			return err
		}
		all = append(all, listed{v.ID, v.Level, v.Rule, v.Tags, v.Why})
	}
	if o.json {
		encoder := json.NewEncoder(w)
		encoder.SetEscapeHTML(false)
		encoder.SetIndent("", "  ")
		return encoder.Encode(all)
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	for _, v := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\n", v.ID, v.Level, v.Rule, v.Why)
	}
	return table.Flush()
}

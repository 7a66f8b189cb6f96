package main

import (
	"encoding/json"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/internal/mistake"
	"sigkit/vectors"
)

type mistakesOptions struct {
	selection
	json bool
}

func mistakesCommand() *cobra.Command {
	var o mistakesOptions
	cmd := &cobra.Command{
		Use:   "mistakes [flags]",
		Short: "List the known mistakes and the vectors that catch each",
		Long: `mistakes lists the catalogue of known mistakes: what goes wrong, the rule that
it breaks, and how many vectors catch it, with the first of them.

With --vectors it scores your own vectors the same way: which known mistakes
they catch, and which slip through; it exits with 1 if one does.`,
		Example: "  sigcheck mistakes\n  sigcheck mistakes --level core\n  sigcheck mistakes --vectors my-vectors/ --json",
		Args:    cobra.NoArgs,
		RunE:    func(cmd *cobra.Command, _ []string) error { return o.run(cmd.OutOrStdout()) },
	}
	o.selection.flags(cmd, vectors.Quirk)
	cmd.Flags().BoolVar(&o.json, "json", false, "write JSON, one object")
	return cmd
}

// scored is a mistake with the vectors that catch it.
type scored struct {
	ID      string            `json:"id"`
	Rule    string            `json:"rule"`
	What    string            `json:"what"`
	Fix     string            `json:"fix"`
	Idioms  map[string]string `json:"idioms,omitempty"`
	Caught  bool              `json:"caught"`
	Vectors []string          `json:"vectors"`
}

func (o *mistakesOptions) run(w io.Writer) error {
	chosen, err := o.chosen()
	if err != nil {
		return err
	}
	var all []*vectors.Vector
	for v, err := range chosen {
		if err != nil {
			return err
		}
		all = append(all, &v)
	}
	var found []scored
	caught := 0
	lab := mistake.NewLab(all)
	for _, m := range mistake.Catalogue() {
		ids := append([]string{}, lab.Catches(m)...)
		found = append(found, scored{m.ID, m.Rule, m.What, m.Fix, m.Idioms(), len(ids) > 0, ids})
		if len(ids) > 0 {
			caught++
		}
	}
	if o.json {
		err = writeScoreJSON(w, len(all), caught, found)
	} else {
		writeScore(w, len(all), caught, found)
	}
	if err == nil && caught < len(found) {
		return differs()
	}
	return err
}

func writeScoreJSON(w io.Writer, count, caught int, found []scored) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(struct {
		Vectors  int      `json:"vectors"`
		Caught   int      `json:"caught"`
		Mistakes []scored `json:"mistakes"`
	}{count, caught, found})
}

func writeScore(w io.Writer, count, caught int, found []scored) {
	rule := ""
	for _, m := range found {
		if m.Rule != rule {
			rule = m.Rule
			fmt.Fprintf(w, "%s\n", rule)
		}
		fmt.Fprintf(w, "  %-32s %s\n", m.ID, m.What)
		switch n := len(m.Vectors); {
		case n == 0:
			fmt.Fprintf(w, "  %-32s   SLIPS THROUGH\n", "")
		case n > 2:
			fmt.Fprintf(w, "  %-32s   caught by %d: %s, …\n", "", n, strings.Join(m.Vectors[:2], ", "))
		default:
			fmt.Fprintf(w, "  %-32s   caught by %d: %s\n", "", n, strings.Join(m.Vectors, ", "))
		}
	}
	fmt.Fprintf(w, "\n%d vectors catch %d of %d known mistakes", count, caught, len(found))
	if caught == len(found) {
		fmt.Fprintln(w, ".")
		return
	}
	fmt.Fprintln(w, "; these slip through:")
	for _, m := range found {
		if !m.Caught {
			fmt.Fprintf(w, "  %s\n", m.ID)
		}
	}
}

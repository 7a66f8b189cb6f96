package main

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/internal/mistake"
	"sigkit/vectors"
)

type explainOptions struct {
	request
	vectors string
	token   string
	message string
	seen    bool // one of the two was given
}

func explainCommand() *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use:   "explain (ID | --key-file FILE --method M --resource R [--data JSON]) [--token T | --hmac-msg M]",
		Short: "Sign a vector or a request of your own, step by step",
		Long: `explain walks through the signing of a vector, or of a request of your own,
step by step. The key is never shown.

With a token or a message that was seen in the wild, it names the mistake that
makes it of this request.`,
		Example: `  sigcheck explain list-order/numbers-by-value
  sigcheck explain --key-file key.json --method GET --resource /api/v1/x --data '{"n": [10, 9]}'
  sigcheck explain api-calls/heartbeat --token "$(./port | cut -d' ' -f2)"`,
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.seen = cmd.Flags().Changed("token") || cmd.Flags().Changed("hmac-msg")
			return o.run(cmd, args)
		},
	}
	o.request.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.vectors, "vectors", "", "look for ID in these vectors (default: those built in)")
	f.StringVar(&o.token, "token", "", "a token that was seen: which mistake made it")
	f.StringVar(&o.message, "hmac-msg", "", "a message that was seen: which mistake made it")
	return cmd
}

func (o *explainOptions) run(cmd *cobra.Command, args []string) error {
	in, title, err := o.input(cmd, args)
	if err != nil {
		return err
	}
	w := cmd.OutOrStdout()
	fmt.Fprintf(w, "%s\n\n", title)
	for _, step := range mistake.Walk(in) {
		fmt.Fprintf(w, "%s", step.Title)
		if step.Rules != "" {
			fmt.Fprintf(w, "  (%s)", step.Rules)
		}
		fmt.Fprintln(w)
		for _, line := range step.Lines {
			fmt.Fprintf(w, "   %s\n", line)
		}
	}
	if !o.seen {
		return nil
	}
	return o.made(w, in, cmd.Flags().Changed("token"), cmd.Flags().Changed("hmac-msg"))
}

// input is the vector with an id, or the request of the flags.
func (o *explainOptions) input(cmd *cobra.Command, args []string) (*vectors.Input, string, error) {
	if len(args) == 0 && !o.request.given() {
		return nil, "", errors.New("give the id of a vector, or a request of your own with --key-file, --method and --resource")
	}
	if len(args) == 0 {
		in, err := o.request.input(cmd.InOrStdin())
		return in, "your request", err
	}
	if o.request.given() {
		return nil, "", errors.New("give the id of a vector or a request of your own, not both")
	}
	all := vectors.All()
	if o.vectors != "" {
		var err error
		if all, err = vectors.Load(o.vectors); err != nil {
			return nil, "", err
		}
	}
	for i := range all {
		if v := &all[i]; v.ID == args[0] {
			return &v.Input, strings.TrimSpace(v.ID + "\n" + v.Why), nil
		}
	}
	return nil, "", fmt.Errorf("no vector has the id %q: see sigcheck list", args[0])
}

// made names the mistake that makes what was seen.
func (o *explainOptions) made(w io.Writer, in *vectors.Input, token, message bool) error {
	var t, m *string
	if token {
		t = &o.token
	}
	if message {
		m = &o.message
	}
	fits, right := mistake.Made(in, t, m)
	fmt.Fprintln(w)
	switch {
	case right:
		fmt.Fprintln(w, "What you saw is right.")
		return nil
	case len(fits) == 0:
		fmt.Fprintln(w, "No known mistakes, up to two at once, make what you saw of this request.")
	case len(fits) == 1:
		fmt.Fprintln(w, "What you saw is made by this:")
	default:
		fmt.Fprintf(w, "What you saw is made by any of these %d; one request does not tell them apart:\n", len(fits))
	}
	const shown = 8
	told := map[string]bool{}
	for i, set := range fits[:min(shown, len(fits))] {
		if len(fits) > 1 {
			fmt.Fprintf(w, "  %d. %s\n", i+1, set)
		}
	}
	if len(fits) > shown {
		fmt.Fprintf(w, "  … and %d more\n", len(fits)-shown)
	}
	for _, set := range fits[:min(shown, len(fits))] {
		for _, found := range set {
			if !told[found.ID] {
				fmt.Fprintf(w, "  %s: %s %s\n", found.ID, found.What, found.Fix)
			}
			told[found.ID] = true
		}
	}
	return differs()
}

package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/internal/diagnose"
	"sigkit/internal/explain"
	"sigkit/internal/mistake"
	"sigkit/internal/report"
	"sigkit/vectors"
)

type explainOptions struct {
	request
	vectors string
	token   string
	message string
	compare bool // one of the two was given
}

func explainCommand() *cobra.Command {
	var o explainOptions
	cmd := &cobra.Command{
		Use: `explain ID|RULE|MISTAKE [flags]
  sigcheck explain --key-file FILE --method METHOD --resource PATH [flags]`,
		Short: "Sign a vector or a request step by step; show a rule or a mistake",
		Long: `explain signs a vector, or a request of your own, and shows each step. The key
is never shown. Given the name of a rule or of a known mistake, it shows that:
the text of the rule, or what goes wrong and the fix in each language.

With --token or --hmac-msg it also names the mistake that produces this token
or message for the request, for example one that a client sent.

Exit codes: 0 explained, and --token and --hmac-msg are right; 1 they are
wrong; 2 wrong usage, or unreadable or invalid files.`,
		Example: `  sigcheck explain list-order/numbers-by-value
  sigcheck explain list-order
  sigcheck explain boolean-lower-case
  sigcheck explain --key-file key.json --method GET --resource /api/v1/x \
    --data '{"n": [10, 9]}'
  sigcheck explain api-calls/heartbeat --token "$(./port | cut -d' ' -f2)"`,
		ValidArgsFunction: cli.Completion(func() []string {
			return cli.Names(o.vectors, func(v *vectors.Vector) []string { return []string{v.ID} })
		}),
		Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.compare = cmd.Flags().Changed("token") || cmd.Flags().Changed("hmac-msg")
			return o.run(cmd, args)
		},
	}
	o.request.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.vectors, "vectors", "",
		"look for ID in the vectors at this `PATH` (default: those built in)")
	f.StringVar(&o.token, "token", "", "name the mistake that produces this `TOKEN`")
	f.StringVar(&o.message, "hmac-msg", "", "name the mistake that produces this `MESSAGE`")
	return cmd
}

func (o *explainOptions) run(cmd *cobra.Command, args []string) error {
	alone := len(args) == 1 && !o.compare && !o.request.given()
	if alone && about(cmd.OutOrStdout(), args[0]) {
		return nil
	}
	in, title, err := o.input(cmd, args)
	if err != nil {
		return err
	}
	w := report.People(cmd.OutOrStdout())
	fmt.Fprintf(w, "%s\n\n", title)
	for _, step := range explain.Steps(in) {
		fmt.Fprintf(w, "%s", step.Title)
		if step.Rules != "" {
			fmt.Fprintf(w, "  (%s)", step.Rules)
		}
		fmt.Fprintln(w)
		for _, line := range step.Lines {
			fmt.Fprintf(w, "   %s\n", line)
		}
	}
	if err := w.Flush(); err != nil {
		return err
	}
	if !o.compare {
		return nil
	}
	return o.identify(cmd, in)
}

// input is the vector with an id, or the request of the flags.
func (o *explainOptions) input(cmd *cobra.Command, args []string) (*vectors.Input, string, error) {
	if len(args) == 0 && !o.request.given() {
		return nil, "", errors.New("give the id of a vector, or a request of your own " +
			"with --key-file, --method and --resource")
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
			return nil, "", cli.FileError("--vectors", o.vectors, err)
		}
	}
	ids := make([]string, len(all))
	for i := range all {
		v := &all[i]
		if v.ID == args[0] {
			return &v.Input, strings.TrimSpace(v.ID + "\n" + v.Why), nil
		}
		ids[i] = v.ID
	}
	return nil, "", unknownName(args[0], ids)
}

// identify names the mistakes that produce what was given. The exit code is 1 if it is wrong.
func (o *explainOptions) identify(cmd *cobra.Command, in *vectors.Input) error {
	ctx, cancel := context.WithTimeout(cmd.Context(), identifyLimit)
	defer cancel()
	s := diagnose.Sighting{Input: in}
	if cmd.Flags().Changed("token") {
		s.Token = &o.token
	}
	if cmd.Flags().Changed("hmac-msg") {
		s.Message = &o.message
	}
	sets, right := s.Identify(ctx)
	if err := cmd.Context().Err(); err != nil {
		return err // what was found by then says nothing
	}
	w := cmd.OutOrStdout()
	fmt.Fprintln(w)
	switch {
	case right:
		fmt.Fprintln(w, "What you gave is right.")
		return nil
	case len(sets) == 0 && ctx.Err() != nil:
		fmt.Fprintf(w, "No known mistake was found within %v.\n", identifyLimit)
	case len(sets) == 0:
		fmt.Fprintln(w, "It is wrong, but no known mistake, nor two together, produces it.")
	case len(sets) == 1 && len(sets[0]) == 1:
		fmt.Fprintln(w, "This mistake produces it:")
	case len(sets) == 1:
		fmt.Fprintln(w, "These mistakes together produce it:")
	default:
		fmt.Fprintf(w, "Each of these %d produces it; one request does not distinguish them. "+
			"The plainest first:\n", len(sets))
	}
	writeSets(w, sets)
	return differs()
}

// identifyLimit bounds the time to identify a token or message.
const identifyLimit = 5 * time.Second

// writeSets writes sets of mistakes, the first few.
func writeSets(w io.Writer, sets []mistake.Set) {
	const shown = 8
	described := map[string]bool{}
	for i, set := range sets[:min(shown, len(sets))] {
		if len(sets) > 1 {
			fmt.Fprintf(w, "  %d. %s\n", i+1, set)
		}
		for _, m := range set {
			if !described[m.ID] {
				fmt.Fprintf(w, "  %s: %s %s\n", m.ID, m.What, m.Fix)
			}
			described[m.ID] = true
		}
	}
	if len(sets) > shown {
		fmt.Fprintf(w, "  … and %d more\n", len(sets)-shown)
	}
}

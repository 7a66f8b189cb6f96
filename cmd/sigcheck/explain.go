package main

import (
	"errors"
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/internal/mistake"
	"sigkit/signer"
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
	in, title, err := o.input(args)
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
func (o *explainOptions) input(args []string) (*vectors.Input, string, error) {
	if len(args) == 0 {
		in, err := o.request.input()
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

// request are the flags that describe a request of one's own.
type request struct {
	keyFile, profile, dashboard, baseURL string
	method, resource, data               string
}

func (r *request) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&r.keyFile, "key-file", "", "key file, as downloaded")
	f.StringVar(&r.profile, "profile", "linuxlink", "generation of the client: linuxlink or vigiles")
	f.StringVar(&r.dashboard, "dashboard-config", "", "dashboard config, whose tokens join the data")
	f.StringVar(&r.baseURL, "base-url", "", "send there, instead of to the key file's or the profile's server")
	f.StringVar(&r.method, "method", "", "GET, POST, PUT, PATCH or DELETE")
	f.StringVar(&r.resource, "resource", "", "path of the request, as /api/v1/heartbeat")
	f.StringVar(&r.data, "data", "{}", "parameters, as JSON, or @FILE")
}

func (r *request) given() bool {
	return r.keyFile != "" || r.method != "" || r.resource != "" || r.dashboard != "" || r.baseURL != "" || r.data != "{}"
}

func (r *request) input() (*vectors.Input, error) {
	if r.keyFile == "" || r.method == "" || r.resource == "" {
		return nil, errors.New("a request of your own needs --key-file, --method and --resource; or give the id of a vector")
	}
	if p := signer.Profile(r.profile); p != signer.LinuxLink && p != signer.Vigiles {
		return nil, fmt.Errorf("--profile %q is unknown: choose linuxlink or vigiles", r.profile)
	}
	in := &vectors.Input{Profile: r.profile, Method: r.method, Resource: r.resource}
	key, err := os.ReadFile(r.keyFile)
	if err != nil {
		return nil, err
	}
	in.KeyFile = new(string(key))
	if r.dashboard != "" {
		text, err := os.ReadFile(r.dashboard)
		if err != nil {
			return nil, err
		}
		in.DashboardConfig = new(string(text))
	}
	if r.baseURL != "" {
		in.BaseURL = &r.baseURL
	}
	in.Data = []byte(r.data)
	if file, ok := strings.CutPrefix(r.data, "@"); ok {
		if in.Data, err = os.ReadFile(file); err != nil {
			return nil, err
		}
	}
	if _, err := in.Signer(); err != nil {
		return nil, fmt.Errorf("%s: %w", r.keyFile, err)
	}
	if _, err := signer.ParseData(in.Data); err != nil {
		return nil, fmt.Errorf("--data: %w", err)
	}
	return in, nil
}

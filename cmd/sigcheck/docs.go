package main

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/docs"
	"sigkit/internal/cli"
)

func docsCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "docs [porting|protocol|signature]",
		Short: "Print a document: the tutorial, the protocol, the rules",
		Long: `docs prints a document that is built into this binary, as Markdown: the
tutorial for a first port, how a port is asked and answers, or the rules of
the signature. Without a name it lists them.

Exit codes: 0 printed; 2 wrong usage.`,
		Example: `  sigcheck docs porting
  sigcheck docs signature | less`,
		ValidArgs: docs.Names(),
		Args:      cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			w := cmd.OutOrStdout()
			if len(args) == 0 {
				for _, name := range docs.Names() {
					title, _, _ := strings.Cut(docs.Page(name), "\n")
					fmt.Fprintf(w, "%-10s %s\n", name, strings.TrimPrefix(title, "# "))
				}
				return nil
			}
			text := docs.Page(args[0])
			if text == "" {
				return cli.Unknown("document", args[0], docs.Names())
			}
			_, err := fmt.Fprint(w, text)
			return err
		},
	}
}

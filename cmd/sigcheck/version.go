package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"sigkit/vectors"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version and what is built in",
		Long: `version prints the version of sigcheck and of the vector format, and how many
vectors are built in.

Exit code: 0.`,
		Example: "  sigcheck version",
		Args:    cobra.NoArgs,
		Run: func(cmd *cobra.Command, _ []string) {
			version := "(unknown)"
			if info, ok := debug.ReadBuildInfo(); ok {
				version = info.Main.Version
			}
			fmt.Fprintf(cmd.OutOrStdout(), "sigcheck %s, %s, %d vectors\n",
				version, vectors.Format, len(vectors.All()))
		},
	}
}

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
			fmt.Fprintf(cmd.OutOrStdout(), "sigcheck %s, %s, %d vectors\n",
				version(), vectors.Format, len(vectors.All()))
		},
	}
}

// version returns the version of this build. The Go command sets it: the tag of a checkout that has
// one, or a pseudo-version with the commit, or (devel) if the build does not look at Git.
func version() string {
	if info, ok := debug.ReadBuildInfo(); ok && info.Main.Version != "" {
		return info.Main.Version
	}
	return "(unknown)"
}

package main

import (
	"fmt"
	"runtime/debug"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/vectors"
)

func versionCommand() *cobra.Command {
	return &cobra.Command{
		Use:   "version",
		Short: "Print the version and what is built in",
		Long: `version prints the version of sigcheck and the commit that it was built of, the
vector format, how many vectors are built in, and their digest. This is the
"digest" of a result of all of them.

Exit code: 0.`,
		Example: "  sigcheck version",
		Args:    cobra.NoArgs,
		Run: func(cmd *cobra.Command, _ []string) {
			fmt.Fprintf(cmd.OutOrStdout(), "sigcheck %s, commit %s, %s, %d vectors, digest %s\n",
				cli.Version(), commit(), vectors.Format, len(vectors.All()), check.DigestOf(vectors.All()))
		},
	}
}

// commit returns the commit of this build, with a + if files were changed, or (unknown) if the
// build did not look at Git.
func commit() string {
	found, changed := "(unknown)", ""
	info, _ := debug.ReadBuildInfo()
	if info == nil {
		return found
	}
	for _, s := range info.Settings {
		switch {
		case s.Key == "vcs.revision":
			found = s.Value
		case s.Key == "vcs.modified" && s.Value == "true":
			changed = "+"
		}
	}
	return found + changed
}

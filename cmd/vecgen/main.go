// Command vecgen makes test vectors: it fills the expected answers into vector files, signs inputs line by line, and makes random ones.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	root := &cobra.Command{
		Use:   "vecgen",
		Short: "Make test vectors for the LinuxLink / Vigiles request signature",
		Long: `vecgen turns inputs into test vectors: the input, the message that is
signed, the token and the request that the reference client sends.`,
	}
	root.AddCommand(signCommand(), randomCommand(), questionsCommand())
	return cli.Run(ctx, root, args, stdin, stdout, stderr)
}

// Command vecgen makes test vectors: it fills in the expected answers of vector files, signs inputs
// line by line, and makes random vectors.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
)

func main() {
	ctx, stop := signal.NotifyContext(
		context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr))
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return cli.Run(ctx, rootCommand(), args, stdin, stdout, stderr)
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "vecgen",
		Short: "Make test vectors for the LinuxLink / Vigiles request signature",
		Long: `vecgen turns inputs into test vectors: the input, the message that is
signed, the token and the request that the reference client sends.

Exit codes of all commands: 0 done; 1 --check found a difference; 2 wrong
usage, unreadable or invalid files, or no vector selected; 130 interrupted.`,
		Example: `  vecgen sign --check vectors/
  vecgen questions -o questions.ndjson`,
	}
	root.AddCommand(signCommand(), randomCommand(), questionsCommand(), minimalCommand(),
		exportCommand())
	return root
}

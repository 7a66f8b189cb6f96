// Command sigcheck runs an implementation of the LinuxLink / Vigiles request signature through test
// vectors and says what is wrong with it.
package main

import (
	"context"
	"io"
	"os"
	"os/signal"
	"syscall"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/internal/port"
)

func main() {
	ctx, stop := signal.NotifyContext(
		context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	port.AdoptOrphans()
	code := run(ctx, os.Args[1:], os.Stdin, os.Stdout, os.Stderr)
	port.EndAll()
	os.Exit(code)
}

func run(ctx context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int {
	return cli.Run(ctx, rootCommand(), args, stdin, stdout, stderr)
}

func rootCommand() *cobra.Command {
	root := &cobra.Command{
		Use:   "sigcheck",
		Short: "Check an implementation of the LinuxLink / Vigiles request signature",
		Long: `sigcheck asks a port, a program in any language, to sign test vectors and
compares its answers with those of the vendor's own client. The vectors are
built in. Nothing is downloaded, and only heartbeat sends anything to the
vendor's server.

Exit codes of all commands: 0 the port conforms; 1 it does not; 2 wrong usage,
unreadable or invalid files, or no vector selected; 3 the port could not be
tested; 130 interrupted.`,
		Example: `  sigcheck run -- python3 port.py
  sigcheck explain list-order/numbers-by-value`,
		PersistentPreRunE: func(cmd *cobra.Command, _ []string) error {
			_, err := logger(cmd) // also of commands that log nothing
			return err
		},
	}
	new(logging).flags(root)
	root.AddCommand(
		runCommand(), guideCommand(),
		compareCommand(), fuzzCommand(),
		reportCommand(), diffCommand(), verifyCommand(),
		listCommand(),
		initCommand(),
		explainCommand(),
		docsCommand(),
		mistakesCommand(),
		signCommand(),
		heartbeatCommand(),
		serveCommand(),
		versionCommand(),
	)
	return root
}

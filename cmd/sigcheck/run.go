package main

import (
	"errors"
	"fmt"
	"log/slog"
	"runtime"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/target"
	"sigkit/vectors"
)

type runOptions struct {
	selection
	output
	mode    string
	verbose bool
	target  target.Config
}

func runCommand() *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run [flags] -- COMMAND [ARG...]",
		Short: "Run a port through the vectors",
		Long: `run starts a port and asks it to sign vectors: one question a line on its
standard input, one answer a line on its standard output, both JSON. See
docs/PROTOCOL.md for what they hold.

With --mode exec each vector gets a new process: one question, then end of
file. With --mode stream one process answers many; it must flush its output
after each answer.`,
		Example: `  sigcheck run -- python3 port.py
  sigcheck run --mode stream --level quirk -- node port.mjs
  sigcheck run --run list-order -- ./port
  sigcheck run --report text --report json=result.json -- ./port`,
		Args: func(cmd *cobra.Command, args []string) error {
			if len(args) == 0 {
				return errors.New("there is no port to run: write its command after --, as in sigcheck run -- python3 port.py")
			}
			if cmd.ArgsLenAtDash() != 0 {
				return fmt.Errorf("put -- before the port's command, as in sigcheck run -- %s", strings.Join(args, " "))
			}
			return nil
		},
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd, args) },
	}
	o.selection.flags(cmd, vectors.Extended)
	o.output.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.mode, "mode", "exec", "how to run the port: exec or stream")
	f.IntVar(&o.target.Jobs, "jobs", 0, "processes at a time (default: one per processor for exec, 1 for stream)")
	f.DurationVar(&o.target.Timeout, "timeout", 0, "time for one answer (default 10s)")
	f.DurationVar(&o.target.StartTimeout, "start-timeout", 0, "time for the first answer of a process (default 30s, or --timeout if longer)")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "log what happens to the port's processes, on standard error")
	return cmd
}

func (o *runOptions) run(cmd *cobra.Command, command []string) error {
	destinations, err := o.destinations()
	if err != nil {
		return err
	}
	asker, err := o.asker(cmd, command)
	if err != nil {
		return err
	}
	chosen, err := o.chosen()
	if err != nil {
		return err
	}
	if o.name == "" {
		o.name = strings.Join(command, " ")
	}
	step, done := progress(cmd.ErrOrStderr())
	run, err := check.Config{
		Asker: asker, Vectors: chosen, Level: o.Level, Name: o.name, Command: command, Mode: o.mode, Progress: step,
	}.Do(cmd.Context())
	done()
	if err != nil {
		return err
	}
	return o.write(run, destinations, cmd.OutOrStdout(), func(id string) string { return o.replay(id, command) })
}

func (o *runOptions) asker(cmd *cobra.Command, command []string) (check.Asker, error) {
	if o.target.Jobs < 0 || o.target.Timeout < 0 || o.target.StartTimeout < 0 {
		return nil, errors.New("--jobs, --timeout and --start-timeout cannot be negative")
	}
	o.target.Command = command
	if o.verbose {
		o.target.Log = slog.New(slog.NewTextHandler(cmd.ErrOrStderr(), &slog.HandlerOptions{Level: slog.LevelDebug}))
	}
	switch o.mode {
	case "exec":
		if o.target.Jobs == 0 {
			o.target.Jobs = runtime.GOMAXPROCS(0)
		}
		return target.Exec{Config: o.target}, nil
	case "stream":
		leaveProcessors(max(1, o.target.Jobs))
		return target.Stream{Config: o.target}, nil
	}
	return nil, fmt.Errorf("--mode %q is unknown: choose exec or stream", o.mode)
}

// leaveProcessors keeps sigcheck off the processors that the ports need: with one port on two processors a run takes a tenth less.
func leaveProcessors(ports int) { runtime.GOMAXPROCS(max(1, runtime.NumCPU()-ports)) }

// replay is the command that asks one vector again.
func (o *runOptions) replay(id string, command []string) string {
	words := []string{"sigcheck", "run", "--mode", o.mode, "--level", o.level}
	if o.path != "" {
		words = append(words, "--vectors", o.path)
	}
	words = append(append(words, "--run", id, "--"), command...)
	for i, w := range words {
		words[i] = quoted(w)
	}
	return strings.Join(words, " ")
}

// quoted quotes a word for a POSIX shell where it needs it.
func quoted(word string) string {
	if word != "" && strings.Trim(word, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_./=:,+@%") == "" {
		return word
	}
	return "'" + strings.ReplaceAll(word, "'", `'\''`) + "'"
}

package main

import (
	"cmp"
	"errors"
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/vectors"
)

type runOptions struct {
	selection
	output
	gate
	mode     string
	attach   string
	verbose  bool
	failFast bool
	port     port.Config
}

func runCommand() *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run [flags] (-- COMMAND [ARG...] | --attach URL)",
		Short: "Run a port through the vectors",
		Long: `run starts a port and asks it to sign vectors: one question a line on its
standard input, one answer a line on its standard output, both JSON. See
docs/PROTOCOL.md for what they hold.

With --mode stream one process answers many questions; it must flush its
output after each answer. With --mode exec each vector gets a new process: one
question, then end of file. --mode auto, the default, asks a first question
and finds out which of the two the port is made for.

--attach asks a port that runs already, in an IDE, on a device or in a
container: each question is POSTed to the URL, the answer is the response body.

--capture judges what the port really sends: the base_url of each question is
the address of a stand-in server on this machine, the port sends its request
there with its own HTTP client, and its headers, URL and body are judged.`,
		Example: `  sigcheck run -- python3 port.py
  sigcheck run --level quirk -- node port.mjs
  sigcheck run --run list-order -- ./port
  sigcheck run --capture -- ./client-that-sends
  sigcheck run --attach http://127.0.0.1:8080/sign
  sigcheck run --baseline known-failures.txt -- ./port
  sigcheck run --report text --report json=result.json -- ./port`,
		Args: func(cmd *cobra.Command, args []string) error { return o.args(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd, args) },
	}
	cmd.SetFlagErrorFunc(func(_ *cobra.Command, err error) error {
		return fmt.Errorf("%w; flags of the port's command go behind --", err)
	})
	o.selection.flags(cmd, vectors.Extended)
	o.output.flags(cmd)
	o.gate.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.mode, "mode", "auto", "how to run the port: auto, exec or stream")
	f.StringVar(&o.attach, "attach", "", "ask the port that runs at this URL, instead of a command")
	f.BoolVar(&o.port.Capture, "capture", false, "judge the requests that the port sends to base_url")
	f.IntVar(&o.port.Jobs, "jobs", 0, "processes at a time (default: one per processor for exec, else 1)")
	f.DurationVar(&o.port.Timeout, "timeout", 0, "time for one answer (default 10s)")
	f.DurationVar(&o.port.StartTimeout, "start-timeout", 0, "time for the first answer of a process (default 30s, or --timeout if longer)")
	f.BoolVar(&o.failFast, "fail-fast", false, "stop at the first failure")
	f.BoolVarP(&o.verbose, "verbose", "v", false, "log what happens to the port's processes: --log-level debug")
	return cmd
}

func (o *runOptions) args(cmd *cobra.Command, args []string) error {
	switch {
	case o.attach != "" && len(args) > 0:
		return errors.New("--attach asks a port that runs already, so there is no command to give: leave one of the two out")
	case o.attach != "" && cmd.Flags().Changed("mode"):
		return errors.New("--attach has no --mode: leave one of the two out")
	case o.attach != "":
		return nil
	case len(args) == 0:
		return errors.New("there is no port to run: write its command after --, as in sigcheck run -- python3 port.py")
	case cmd.ArgsLenAtDash() != 0:
		return fmt.Errorf("put -- before the port's command, as in sigcheck run -- %s", strings.Join(args, " "))
	}
	return nil
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
	if o.failFast && o.gate.write != "" {
		return errors.New("--write-baseline needs a whole run: leave --fail-fast out")
	}
	if err := o.gate.read(&o.Selection); err != nil {
		return err
	}
	chosen, err := o.chosen()
	if err != nil {
		return err
	}
	if o.name == "" {
		o.name = cmp.Or(strings.Join(command, " "), o.attach)
	}
	step, done := progress(cmd.ErrOrStderr())
	run, err := check.Config{
		Asker: asker, Vectors: chosen, Level: o.Level, Name: o.name, Command: command, Capture: o.port.Capture, Gate: o.Gate, FailFast: o.failFast, Progress: step,
	}.Do(cmd.Context())
	done()
	if err != nil {
		return err
	}
	if err := o.gate.update(run); err != nil {
		return err
	}
	return o.output.write(run, destinations, cmd.OutOrStdout(), func(id string) string { return o.replay(id, run.Mode, command) })
}

func (o *runOptions) asker(cmd *cobra.Command, command []string) (check.Asker, error) {
	if o.port.Jobs < 0 || o.port.Timeout < 0 || o.port.StartTimeout < 0 {
		return nil, errors.New("--jobs, --timeout and --start-timeout cannot be negative")
	}
	o.port.Command = command
	if o.verbose {
		if err := cmd.Flags().Set("log-level", "debug"); err != nil {
			return nil, err
		}
	}
	log, err := logger(cmd)
	if err != nil {
		return nil, err
	}
	o.port.Log = log
	if o.attach != "" {
		u, err := port.ParseURL(o.attach)
		return port.Attach{Config: o.port, URL: u}, err
	}
	switch o.mode {
	case "auto":
		return &port.Auto{Config: o.port}, nil
	case "exec":
		return port.Exec{Config: o.port}, nil
	case "stream":
		return port.Stream{Config: o.port}, nil
	}
	return nil, fmt.Errorf("--mode %q is unknown: choose auto, exec or stream", o.mode)
}

// replay is the command that asks one vector again.
func (o *runOptions) replay(id, mode string, command []string) string {
	words := []string{"sigcheck", "run", "--mode", mode, "--level", o.level}
	if o.attach != "" {
		words = []string{"sigcheck", "run", "--attach", o.attach, "--level", o.level}
	}
	if o.path != "" {
		words = append(words, "--vectors", o.path)
	}
	if o.port.Capture {
		words = append(words, "--capture")
	}
	words = append(words, "--run", id)
	if len(command) > 0 {
		words = append(append(words, "--"), command...)
	}
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

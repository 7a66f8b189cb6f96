package main

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/internal/port"
)

// portFlags are the flags that say how a port is asked.
type portFlags struct {
	mode    string
	attach  string
	url     *url.URL // of --attach
	verbose bool
	shrink  bool
	port    port.Config
}

var runModes = []string{"auto", "exec", "stream"}

func (o *portFlags) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&o.mode, "mode", "auto", "how to run the port, as `MODE`: auto, exec or stream")
	f.StringVar(&o.attach, "attach", "", "ask the port that runs at this `URL`, not a command")
	f.BoolVar(&o.port.Capture, "capture", false, "judge the requests that the port sends to base_url")
	f.IntVar(&o.port.Jobs, "jobs", 0, "run `N` processes or connections at a time "+
		"(default: one per processor for exec, 8 for --attach, else 1)")
	f.DurationVar(&o.port.Timeout, "timeout", 0, "allow this `TIME` for one answer (default 10s)")
	f.DurationVar(&o.port.StartTimeout, "start-timeout", 0,
		"allow this `TIME` for the first answer of a process (default 30s, or --timeout if longer)")
	f.BoolVar(&o.shrink, "shrink", true,
		"ask the port for the smallest request of failures that stay unexplained")
	f.BoolVarP(&o.verbose, "verbose", "v", false,
		"log what happens to the port's processes, as --log-level debug does")
	cli.Complete(cmd, "mode", runModes)
	cmd.SetFlagErrorFunc(runFlagError)
}

// portName is the name of the port in reports.
func (o *portFlags) portName(command []string) string {
	if o.url != nil {
		return port.Redacted(o.url)
	}
	return strings.Join(command, " ")
}

// runFlagError adds where the flags of the port belong.
func runFlagError(cmd *cobra.Command, err error) error {
	explained := cli.FlagError(cmd, err)
	if _, ok := errors.AsType[*pflag.NotExistError](err); ok {
		return fmt.Errorf("%w; flags of the port's command go behind --", explained)
	}
	return explained
}

// check checks that there is one port to ask.
func (o *portFlags) check(cmd *cobra.Command, args []string) error {
	switch {
	case o.attach != "" && len(args) > 0:
		return errors.New("--attach asks a port that runs already, so there is no command to " +
			"give: leave one of the two out")
	case o.attach != "" && cmd.Flags().Changed("mode"):
		return errors.New("--attach has no --mode: leave one of the two out")
	case o.attach != "":
		return nil
	case len(args) == 0:
		return errors.New("there is no port to run: write its command after --, " +
			"as in sigcheck run -- python3 port.py")
	case cmd.ArgsLenAtDash() != 0:
		return fmt.Errorf("put -- before the port's command, as in sigcheck run -- %s",
			strings.Join(args, " "))
	}
	return nil
}

// inParallel returns the asker that asks again: a port that runs already is asked over several
// connections, since state that is shared between requests shows only there.
func inParallel(asker check.Asker) check.Asker {
	if attached, ok := asker.(port.Attach); ok {
		attached.Jobs = max(attached.Jobs, port.AttachJobs)
		return attached
	}
	return asker
}

func (o *portFlags) asker(cmd *cobra.Command, command []string) (check.Asker, error) {
	if err := o.limits(); err != nil {
		return nil, err
	}
	if o.verbose {
		if err := cmd.Flags().Set("log-level", "debug"); err != nil {
			return nil, err
		}
	}
	log, err := logger(cmd)
	if err != nil {
		return nil, err
	}
	o.port.Command, o.port.Log = command, log
	if o.attach != "" {
		u, err := port.ParseURL(o.attach)
		if err != nil {
			return nil, fmt.Errorf("--attach %w", err)
		}
		o.url = u
		return port.Attach{Config: o.port, URL: u}, nil
	}
	mode, err := cli.OneOf("--mode", o.mode, runModes)
	switch mode {
	case "auto":
		return &port.Auto{Config: o.port}, nil
	case "exec":
		return port.Exec{Config: o.port}, nil
	case "stream":
		return port.Stream{Config: o.port}, nil
	}
	return nil, err
}

// with returns what asks the port's command in a mode, with more environment variables.
func (o *portFlags) with(mode string, environment []string) check.Asker {
	c := o.port
	c.Env = environment
	if mode == "exec" {
		return port.Exec{Config: c}
	}
	return port.Stream{Config: c}
}

// limits checks the flags that are numbers and times.
func (o *portFlags) limits() error {
	switch c := o.port; {
	case c.Jobs < 0:
		return fmt.Errorf("--jobs %d is negative: write 1 or more", c.Jobs)
	case c.Timeout < 0:
		return fmt.Errorf("--timeout %v is negative: write a time, for example 10s", c.Timeout)
	case c.StartTimeout < 0:
		return fmt.Errorf("--start-timeout %v is negative: write a time, for example 30s",
			c.StartTimeout)
	}
	return nil
}

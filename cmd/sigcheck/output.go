package main

import (
	"fmt"
	"io"
	"os"
	"strings"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"
	"golang.org/x/term"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/internal/report"
)

// output are the flags that say how a run is shown.
type output struct {
	reports []string
	color   string
	name    string
}

func (o *output) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&o.reports, "report", []string{"text"}, "write this format, text or json, to standard output or to =PATH (repeatable)")
	f.StringVar(&o.color, "color", "auto", "use colour: auto, always or never")
	f.StringVar(&o.name, "name", "", "name of the port in reports (default: the command)")
}

// destination is one report to write.
type destination struct {
	format report.Format
	path   string
}

// destinations checks the flags, before anything is run.
func (o *output) destinations() ([]destination, error) {
	if o.color != "auto" && o.color != "always" && o.color != "never" {
		return nil, fmt.Errorf("--color %q is unknown: choose auto, always or never", o.color)
	}
	var all []destination
	taken := map[string]string{}
	for _, r := range o.reports {
		name, path, given := strings.Cut(r, "=")
		if given && path == "" {
			return nil, fmt.Errorf("--report %s has an empty path: write --report %s for standard output", r, name)
		}
		format, err := report.Find(name)
		if err != nil {
			return nil, err
		}
		if other, ok := taken[path]; ok {
			return nil, fmt.Errorf("--report %s and --report %s write to one place: give one of them a path, as in --report json=result.json", other, r)
		}
		taken[path] = r
		all = append(all, destination{format, path})
	}
	return all, nil
}

// write writes all reports and returns the exit code's error.
func (o *output) write(run *check.Run, to []destination, stdout io.Writer, replay func(string) string) error {
	for _, d := range to {
		options := report.Options{Color: d.path == "" && o.colored(stdout), Replay: replay}
		err := cli.WriteOutput(d.path, stdout, func(w io.Writer) error { return d.format(w, run, options) })
		if err != nil {
			return err
		}
	}
	switch run.Verdict {
	case check.Conforms:
		return nil
	case check.Untested:
		return &cli.ExitError{Code: cli.Untested, Err: fmt.Errorf("the port could not be tested: %s", run.Notes[0])}
	case check.Cancelled:
		return &cli.ExitError{Code: cli.Interrupted}
	}
	return differs()
}

// differs ends a command with exit code 1 where all has been said.
func differs() error { return &cli.ExitError{Code: cli.Differs} }

func (o *output) colored(w io.Writer) bool {
	return o.color == "always" || o.color == "auto" && isTerminal(w) && os.Getenv("NO_COLOR") == ""
}

func isTerminal(w io.Writer) bool {
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// progress returns a function that draws a progress line, and one that removes it; on anything but a terminal they do nothing.
func progress(stderr io.Writer) (step func(check.Result), done func()) {
	if !isTerminal(stderr) {
		return nil, func() {}
	}
	bar := progressbar.NewOptions(-1, progressbar.OptionSetWriter(stderr), progressbar.OptionSetDescription("checking"),
		progressbar.OptionShowCount(), progressbar.OptionClearOnFinish(), progressbar.OptionThrottle(100*1000*1000))
	return func(check.Result) { _ = bar.Add(1) }, func() { _ = bar.Finish() }
}

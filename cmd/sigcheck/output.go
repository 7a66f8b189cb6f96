package main

import (
	"fmt"
	"io"
	"os"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/internal/mistake"
	"sigkit/internal/report"
)

// output are the flags that say how a run is shown.
type output struct {
	reports  []string
	color    string
	name     string
	diagnose bool
	lang     string
}

var colors = []string{"auto", "always", "never"}

func (o *output) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&o.reports, "report", []string{"text"}, "write a report as "+
		"`FORMAT[=PATH]`, text or json, to standard output or to a file (repeatable)")
	f.StringVar(&o.color, "color", "auto", "`WHEN` to use colors: auto, always or never")
	f.StringVar(&o.lang, "lang", "", "show how to fix mistakes in this `LANGUAGE`; \"all\" "+
		"shows every one (default: that of the command)")
	f.StringVar(&o.name, "name", "", "`NAME` of the port in reports (default: the command)")
	f.BoolVar(&o.diagnose, "diagnose", true, "name the mistakes that explain the failures")
	cli.Complete(cmd, "report", report.Names())
	cli.Complete(cmd, "color", colors)
	cli.CompleteFunc(cmd, "lang", languages)
}

// languages are the values of --lang.
func languages() []string { return append(mistake.Languages(), "all") }

// language returns the known spelling of --lang, which is matched whatever its case.
func (o *output) language() (string, error) {
	if o.lang == "" {
		return "", nil
	}
	for _, known := range languages() {
		if strings.EqualFold(known, o.lang) {
			return known, nil
		}
	}
	return "", cli.Unknown("--lang", o.lang, languages())
}

// destination is one report to write.
type destination struct {
	flag   string // the value of --report
	format report.Format
	path   string // empty for standard output
}

// destinations checks the flags, before anything is run.
func (o *output) destinations() (all []destination, err error) {
	if _, err := cli.OneOf("--color", o.color, colors); err != nil {
		return nil, err
	}
	if o.lang, err = o.language(); err != nil {
		return nil, err
	}
	earlier := map[string]string{}
	for _, r := range o.reports {
		d, err := parseDestination(r)
		if err != nil {
			return nil, err
		}
		if other, ok := earlier[d.path]; ok {
			return nil, fmt.Errorf("--report %s and --report %s write to one place: "+
				"give one of them a path, as in --report json=result.json", other, r)
		}
		earlier[d.path] = r
		all = append(all, d)
	}
	return all, nil
}

func parseDestination(text string) (destination, error) {
	name, path, given := strings.Cut(text, "=")
	if given && path == "" {
		return destination{}, fmt.Errorf("--report %s has an empty path: "+
			"write --report %s for standard output", text, name)
	}
	name, err := cli.OneOf("--report format", name, report.Names())
	if err != nil {
		return destination{}, err
	}
	if err := cli.CheckFolder(path); err != nil {
		return destination{}, cli.FileError("--report", text, err)
	}
	return destination{text, report.Find(name), path}, nil
}

// write writes all reports and returns the error of the exit code.
func (o *output) write(
	run *check.Run, to []destination, stdout io.Writer, again func(id string) string,
) error {
	for _, d := range to {
		options := report.Options{
			Color:    d.path == "" && o.colored(stdout),
			Replay:   again,
			Language: o.lang,
		}
		write := func(w io.Writer) error { return d.format(w, run, options) }
		if err := cli.WriteOutput(d.path, stdout, write); err != nil {
			return cli.FileError("--report", d.flag, err)
		}
	}
	return exitError(run)
}

// exitError returns the error with the exit code of a run, or nil for a port that conforms.
func exitError(run *check.Run) error {
	switch run.Verdict {
	case check.Conforms:
		return nil
	case check.Untested:
		return &cli.ExitError{
			Code: cli.Untested,
			Err:  fmt.Errorf("the port could not be tested: %s", run.Notes[0]),
		}
	case check.Cancelled:
		return &cli.ExitError{Code: cli.Interrupted}
	}
	return differs()
}

// differs ends a command with exit code 1 where all has been said.
func differs() error { return &cli.ExitError{Code: cli.Differs} }

func (o *output) colored(w io.Writer) bool {
	auto := o.color == "auto" && cli.IsTerminal(w) && os.Getenv("NO_COLOR") == ""
	return auto || o.color == "always"
}

// progress returns functions that draw a progress line, say in it what is done now, and remove it.
// They do nothing if stderr is not a terminal.
func progress(stderr io.Writer) (step func(check.Result), doing func(string), done func()) {
	if !cli.IsTerminal(stderr) {
		return nil, nil, func() {}
	}
	bar := progressbar.NewOptions(-1,
		progressbar.OptionSetWriter(stderr),
		progressbar.OptionSetDescription("checking"),
		progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond))
	return func(check.Result) { _ = bar.Add(1) }, bar.Describe, func() { _ = bar.Finish() }
}

package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/schollz/progressbar/v3"
	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/internal/mistake"
	"sigkit/internal/report"
)

// views are the flags that say how a run is shown.
type views struct {
	reports      []string
	color        string
	lang         string
	reproducible bool
	brief        bool
}

// output are the flags that say what a run finds out, and how it is shown.
type output struct {
	views
	name     string
	diagnose bool
}

var colors = []string{"auto", "always", "never"}

func (o *views) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringArrayVar(&o.reports, "report", []string{"text"}, "write a report as "+
		"`FORMAT[=PATH]`, to standard output or to a file (repeatable); formats: "+
		strings.Join(report.Names(), ", "))
	f.StringVar(&o.color, "color", "auto", "`WHEN` to use colors: auto, always or never")
	f.StringVar(&o.lang, "lang", "", "show how to fix mistakes in this `LANGUAGE`; \"all\" "+
		"shows every one (default: that of the command)")
	f.BoolVar(&o.reproducible, "reproducible", false,
		"leave all times out, so that reports of the same results are the same")
	f.BoolVar(&o.brief, "brief", false,
		"make the text report short: causes, one failure of each, 40 lines at most")
	cli.Complete(cmd, "report", report.Names())
	cli.Complete(cmd, "color", colors)
	cli.CompleteFunc(cmd, "lang", languages)
}

func (o *output) flags(cmd *cobra.Command) {
	o.views.flags(cmd)
	f := cmd.Flags()
	f.StringVar(&o.name, "name", "", "`NAME` of the port in reports (default: the command)")
	f.BoolVar(&o.diagnose, "diagnose", true, "name the mistakes that explain the failures")
}

// languages are the values of --lang.
func languages() []string { return append(mistake.Languages(), "all") }

// language returns the known spelling of --lang, which is matched whatever its case.
func (o *views) language() (string, error) {
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
	format string
	path   string // empty for standard output
}

// destinations checks the flags, before anything is run. Formats are those that may be chosen.
func (o *views) destinations(formats []string) (all []destination, err error) {
	if _, err := cli.OneOf("--color", o.color, colors); err != nil {
		return nil, err
	}
	if o.lang, err = o.language(); err != nil {
		return nil, err
	}
	earlier := map[string]string{}
	for _, r := range o.reports {
		d, err := parseDestination(r, formats)
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

func parseDestination(text string, formats []string) (destination, error) {
	name, path, given := strings.Cut(text, "=")
	if given && path == "" {
		return destination{}, fmt.Errorf("--report %s has an empty path: "+
			"write --report %s for standard output", text, name)
	}
	name, err := cli.OneOf("--report format", name, formats)
	if err != nil {
		return destination{}, err
	}
	if err := cli.CheckFolder(path); err != nil {
		return destination{}, cli.FileError("--report", text, err)
	}
	return destination{text, name, path}, nil
}

// paths are the files that are written.
func paths(to []destination) (all []string) {
	for _, d := range to {
		if d.path != "" {
			all = append(all, d.path)
		}
	}
	return all
}

// write writes all reports of a run and returns the error of the exit code. A run and what was
// saved of it have the same reports.
func (o *views) write(run *check.Run, to []destination, stdout io.Writer) error {
	run, err := run.Saved()
	if err != nil {
		return err
	}
	if o.reproducible {
		run.WithoutTimes()
	}
	err = o.writeEach(to, stdout, func(format string, w io.Writer, options report.Options) error {
		return report.Find(format)(w, run, options)
	})
	if err == nil {
		err = o.writeSummary(run, to)
	}
	return cmp.Or(err, exitError(run))
}

// summaryVariable names the file to which a step of GitHub Actions appends its summary.
const summaryVariable = "GITHUB_STEP_SUMMARY"

// writeSummary appends the summary of a run in GitHub Actions, if --report github asks for it. All
// runs of one step share the file.
func (o *views) writeSummary(run *check.Run, to []destination) error {
	path := os.Getenv(summaryVariable)
	isGitHub := func(d destination) bool { return d.format == "github" }
	if path == "" || !slices.ContainsFunc(to, isGitHub) {
		return nil
	}
	file, err := os.OpenFile(path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o644)
	if err != nil {
		return cli.FileError(summaryVariable, path, err)
	}
	info, err := file.Stat()
	if err == nil && info.Size() < report.MaxSummary {
		room := report.MaxSummary - int(info.Size())
		err = report.Summary(file, run, room, report.Options{Language: o.lang})
	}
	return cli.FileError(summaryVariable, path, errors.Join(err, file.Close()))
}

// writeEach writes each report to its place.
func (o *views) writeEach(
	to []destination, stdout io.Writer,
	write func(format string, w io.Writer, options report.Options) error,
) error {
	for _, d := range to {
		options := report.Options{
			Color:    d.path == "" && o.colored(stdout),
			Language: o.lang,
			Brief:    o.brief,
		}
		write := func(w io.Writer) error { return write(d.format, w, options) }
		if err := cli.WriteOutput(d.path, stdout, write); err != nil {
			return cli.FileError("--report", d.flag, err)
		}
	}
	return nil
}

// exitError returns the error with the exit code of a run, or nil for a port that conforms.
func exitError(run *check.Run) error {
	switch run.Verdict {
	case check.Conforms:
		return nil
	case check.Untested:
		return &cli.ExitError{
			Code: cli.Untested,
			Err:  fmt.Errorf("the port could not be tested: %s", report.Line(run.Notes[0])),
		}
	case check.Cancelled:
		return &cli.ExitError{Code: cli.Interrupted}
	}
	return differs()
}

// differs ends a command with exit code 1 where all has been said.
func differs() error { return &cli.ExitError{Code: cli.Differs} }

func (o *views) colored(w io.Writer) bool {
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
		progressbar.OptionSetWriter(cli.Unwrap(stderr)),
		progressbar.OptionSetDescription("checking"),
		progressbar.OptionShowCount(),
		progressbar.OptionClearOnFinish(),
		progressbar.OptionThrottle(100*time.Millisecond))
	return func(check.Result) { _ = bar.Add(1) }, bar.Describe, func() { _ = bar.Finish() }
}

package main

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
)

// gate are the flags that say what keeps a port from conforming.
type gate struct {
	check.Gate
	baseline string
	write    string
}

func (g *gate) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.BoolVar(&g.Strict, "strict", false, "count what is unsupported as a failure, at every level")
	f.StringVar(&g.baseline, "baseline", "", "allow the failures listed in this file, each with its fault code")
	f.StringVar(&g.write, "write-baseline", "", "write what fails to this file, keeping the reasons that stand there")
}

// read reads the baselines and makes them part of the selection, whose patterns must match something.
func (g *gate) read(s *check.Selection) (err error) {
	if g.baseline != "" {
		if g.Baseline, err = readBaseline(g.baseline); err != nil {
			return err
		}
	}
	if g.write != "" {
		old, err := readBaseline(g.write)
		switch {
		case err == nil && g.baseline == "":
			g.Baseline = old
		case err == nil && g.baseline != g.write:
			return fmt.Errorf("--write-baseline %s exists and is not the --baseline: name the same file twice, or leave --baseline out", g.write)
		case err != nil && !errors.Is(err, fs.ErrNotExist):
			return err
		}
	}
	s.Baseline, s.Prune = g.Baseline, g.write != ""
	return nil
}

func readBaseline(path string) (*check.Baseline, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return check.ParseBaseline(path, text)
}

// update writes the baseline anew, if that is asked for and the run has come to its end, and settles the verdict by it.
func (g *gate) update(run *check.Run) error {
	if g.write == "" {
		return nil
	}
	if run.Verdict == check.Untested || run.Verdict == check.Cancelled {
		run.Notes = append(run.Notes, g.write+" was not written, since the run did not come to its end")
		return nil
	}
	next := g.Baseline.Updated(g.write, run)
	text := next.Encode()
	err := cli.WriteFile(g.write, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
	if err != nil {
		return err
	}
	before, fresh := 0, 0
	for _, e := range next.Entries {
		if e.Line == 0 {
			fresh++
		}
	}
	if g.Baseline != nil {
		before = len(g.Baseline.Entries)
	}
	run.Notes = append(run.Notes, fmt.Sprintf("wrote %s: %d entries (%d before, %d new)", g.write, len(next.Entries), before, fresh))
	if next, err = check.ParseBaseline(g.write, text); err != nil { // it knows the lines
		return err
	}
	check.Gate{Strict: g.Strict, Baseline: next}.Apply(run)
	return nil
}

package main

import (
	"errors"
	"fmt"
	"io/fs"

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
	f.StringVar(&g.baseline, "baseline", "",
		"allow the failures that this `FILE` lists, each with its fault code")
	f.StringVar(&g.write, "write-baseline", "",
		"write what fails to this `FILE`, and keep the reasons that it gives already")
}

// read reads the baselines and makes them part of the selection, since their patterns must match
// something.
func (g *gate) read(s *check.Selection) (err error) {
	if g.baseline != "" {
		if g.Baseline, err = readBaseline("--baseline", g.baseline); err != nil {
			return err
		}
	}
	if g.write != "" {
		old, err := readBaseline("--write-baseline", g.write)
		switch {
		case errors.Is(err, fs.ErrNotExist):
			if err := cli.CheckFolder(g.write); err != nil {
				return cli.FileError("--write-baseline", g.write, err)
			}
		case err != nil:
			return err
		case g.baseline == "":
			g.Baseline = old
		case g.baseline != g.write:
			return fmt.Errorf("--write-baseline %s exists and is not the --baseline: "+
				"name the same file twice, or leave --baseline out", g.write)
		}
	}
	s.Baseline, s.Prune = g.Baseline, g.write != ""
	return nil
}

func readBaseline(flag, path string) (*check.Baseline, error) {
	text, err := cli.ReadFile(flag, path)
	if err != nil {
		return nil, err
	}
	return check.ParseBaseline(path, text)
}

// update writes the new baseline, if that is asked for.
func (g *gate) update(run *check.Run) error {
	if g.write == "" {
		return nil
	}
	text, err := g.Rewrite(g.write, run)
	if err != nil || text == nil {
		return err
	}
	return cli.WriteText("--write-baseline", g.write, text)
}

package main

import (
	"errors"
	"fmt"
	"iter"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/internal/report"
	"sigkit/vectors"
)

// earlier are the flags of a run that starts from the saved result of an earlier one.
type earlier struct {
	failed string
	merge  bool
	result *check.Run               // of --failed
	kept   map[string]*check.Result // what --merge does not ask again
}

func (e *earlier) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.StringVar(&e.failed, "failed", "", "ask only what failed in this saved `RESULT`, with its "+
		"selection")
	f.BoolVar(&e.merge, "merge", false, "with --failed: keep what passed there, and write the "+
		"result of both back into the file")
}

// read reads the saved result, and selects what it selected.
func (e *earlier) read(cmd *cobra.Command, s *cli.Selection) (err error) {
	switch {
	case e.failed == "" && e.merge:
		return errors.New("--merge needs a result to merge with: add --failed RESULT.json")
	case e.failed == "":
		return nil
	}
	if e.result, err = loadRun("--failed", e.failed); err != nil {
		return err
	}
	if e.merge {
		e.kept = e.result.Settled()
	}
	return s.Repeat(cmd, "--failed", e.result)
}

// sameAs returns an error if the result that --merge keeps a part of is not one of this port, asked
// in this way: a result must not speak for a port that was not asked.
func (e *earlier) sameAs(name string, capture bool) error {
	switch {
	case !e.merge:
		return nil
	case e.result.Name != name:
		return fmt.Errorf("--merge: %s is the result of %s, not of %s: if it is one port, give it "+
			"its name with --name", e.failed, report.Line(e.result.Name), report.Line(name))
	case e.result.Capture && !capture:
		return fmt.Errorf("--merge: %s is the result of a run with --capture: add it", e.failed)
	case !e.result.Capture && capture:
		return fmt.Errorf("--merge: %s is the result of a run without --capture: leave it out",
			e.failed)
	}
	return nil
}

// left returns the vectors that the run is about, and whether none of them has to be asked.
func (e *earlier) left(
	chosen iter.Seq2[vectors.Vector, error],
) (left iter.Seq2[vectors.Vector, error], nothing bool, err error) {
	if e.result == nil {
		return chosen, false, nil
	}
	left = chosen
	if !e.merge {
		left = e.result.OnlyFailed(chosen)
	}
	for v, err := range left {
		if err != nil {
			return nil, false, err
		}
		if kept := e.kept[v.ID]; kept == nil || kept.Digest != check.Digest(&v) {
			return left, false, nil
		}
	}
	return left, true, e.nothingFailed()
}

// nothingFailed returns an error if there is nothing to ask, although the result is not one of a
// whole run in which nothing failed.
func (e *earlier) nothingFailed() error {
	failed := e.result.FailedThere()
	switch {
	case len(failed) > 0:
		return fmt.Errorf("--failed %s: %s failed there, and is not among the vectors that its "+
			"selection holds now: run them all, without --failed", e.failed, failed[0])
	case e.result.Verdict == check.Untested || e.result.Verdict == check.Cancelled:
		return fmt.Errorf("--failed %s: that run did not come to its end: run all vectors, "+
			"without --failed", e.failed)
	}
	return nil
}

// writeBack writes the merged result. A run that did not come to its end is not written.
func (e *earlier) writeBack(run *check.Run) error {
	if !e.merge {
		return nil
	}
	if run.Verdict == check.Untested || run.Verdict == check.Cancelled {
		run.Notes = append(run.Notes, fmt.Sprintf(
			"%s was not written, since the run did not come to its end", e.failed))
		return nil
	}
	text, err := run.Encode()
	if err != nil {
		return err
	}
	return cli.WriteText("--failed", e.failed, text)
}

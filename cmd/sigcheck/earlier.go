package main

import (
	"errors"
	"fmt"
	"iter"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
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
	return left, true, nil
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

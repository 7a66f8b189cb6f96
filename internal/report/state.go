package report

import (
	"fmt"
	"strings"

	"sigkit/internal/check"
	"sigkit/vectors"
)

// state is what a format for test results calls a vector. Those that are neither pass nor fail nor
// error are skipped tests.
type state string

const (
	statePass        state = "pass"
	stateFail        state = "fail"
	stateError       state = "error"
	stateKnown       state = "known"       // it fails as the baseline allows
	stateUnsupported state = "unsupported" // and may be
	stateUntested    state = "untested"    // the run as a whole is the error
)

// stateOf returns the state of a vector. A vector that does not fail any more as the baseline lists
// it passes: the entry is what is wrong.
func stateOf(run *check.Run, r *check.Result) state {
	switch {
	case run.Verdict == check.Untested && r.Outcome == check.Error:
		return stateUntested
	case r.Known == check.Known:
		return stateKnown
	case r.Outcome == check.Unsupported && (!r.Breaks || r.Known == check.Fixed):
		return stateUnsupported
	case r.Outcome == check.Pass:
		return statePass
	case r.Outcome == check.Error:
		return stateError
	}
	return stateFail
}

// excuse says why a vector is skipped.
func excuse(r *check.Result, s state) string {
	text := shorten(r.Detail)
	if s != stateKnown {
		return text
	}
	if r.Reason != "" {
		return shorten(r.Reason)
	}
	return "listed: " + shorten(r.Listed)
}

// unfinished says why a run did not come to its end, or returns false.
func unfinished(run *check.Run) (text string, ok bool) {
	first := ""
	if len(run.Notes) > 0 {
		first = clip(run.Notes[0], lineWidth)
	}
	switch run.Verdict {
	case check.Untested:
		return "the port could not be tested: " + first, true
	case check.Cancelled:
		return first, true
	}
	return "", false
}

// visibleNotes are the notes on a run.
func visibleNotes(run *check.Run) (lines []string) {
	for _, note := range run.Notes {
		lines = append(lines, harmless("note: "+clip(note, noteLines*noteWidth)))
	}
	return lines
}

// about says what a run is about: names and values, without those that are empty.
func about(run *check.Run) (pairs [][2]string) {
	add := func(name, value string) {
		if value != "" {
			pairs = append(pairs, [2]string{name, value})
		}
	}
	yes := map[bool]string{true: "yes"}
	s := run.Selection
	add("sigcheck", run.Version)
	add("platform", run.Platform)
	add("command", strings.Join(run.Command, " "))
	add("attach", run.Attach)
	add("mode", run.Mode)
	add("capture", yes[run.Capture])
	add("level", string(run.Level))
	if run.Profile != vectors.AllProfiles {
		add("profile", string(run.Profile))
	}
	add("vectors", s.Vectors)
	add("run", strings.Join(s.Run, " "))
	add("skip", strings.Join(s.Skip, " "))
	add("rules", strings.Join(s.Rules, " "))
	add("tags", strings.Join(s.Tags, " "))
	add("shard", s.Shard)
	add("failed", s.Failed)
	if s.Random != nil {
		add("random", fmt.Sprintf("seed %d, count %d", s.Random.Seed, s.Random.Count))
	}
	add("digest", run.Digest)
	add("strict", yes[run.Strict])
	add("baseline", run.Baseline)
	return pairs
}

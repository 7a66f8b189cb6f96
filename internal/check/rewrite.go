package check

import "fmt"

// Rewrite returns the text of the smallest baseline with which the run conforms, see
// [Baseline.Updated], for the file with that name. It judges the run by the new baseline and adds a
// note. It returns nil, and a note that says so, if the run did not come to its end.
func (g Gate) Rewrite(name string, run *Run) ([]byte, error) {
	if run.Verdict == Untested || run.Verdict == Cancelled {
		run.note(name + " was not written, since the run did not come to its end")
		return nil, nil
	}
	next := g.Baseline.Updated(name, run)
	before, added := 0, 0
	if g.Baseline != nil {
		before = len(g.Baseline.Entries)
	}
	for _, e := range next.Entries {
		if e.Line == 0 {
			added++
		}
	}
	run.note(fmt.Sprintf("wrote %s: %d entries (%d before, %d new)",
		name, len(next.Entries), before, added))
	text := next.Encode()
	parsed, err := ParseBaseline(name, text) // which knows the lines of the entries
	if err != nil {
		return nil, err
	}
	Gate{Strict: g.Strict, Baseline: parsed}.Apply(run)
	return text, nil
}

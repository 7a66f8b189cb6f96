package check

import "sigkit/vectors"

// Gate says which results keep a port from conforming. The zero value allows a port to lack what is
// above level core, and knows no failures.
type Gate struct {
	Strict   bool // what is unsupported is a failure at every level
	Baseline *Baseline
}

// apply settles what a result means for the verdict.
func (g Gate) apply(r *Result) {
	fine := r.Outcome == Pass || r.Outcome == Unsupported && r.Level != vectors.Core && !g.Strict
	r.Known, r.Listed, r.Line, r.Reason, r.Breaks = "", "", 0, "", !fine
	if entries := g.Baseline.matching(r.ID); len(entries) > 0 {
		g.Baseline.apply(r, entries)
	}
}

// describe says in the run by what it is judged.
func (g Gate) describe(run *Run) {
	run.Strict, run.Baseline = g.Strict, ""
	if g.Baseline != nil {
		run.Baseline = g.Baseline.Name
	}
}

// Apply settles all results and the verdict anew, for a run that has ended by itself.
func (g Gate) Apply(run *Run) {
	g.describe(run)
	for i := range run.Vectors {
		g.apply(&run.Vectors[i])
	}
	run.count()
	switch {
	case run.Verdict != Conforms && run.Verdict != Fails:
	case run.Broken() > 0:
		run.Verdict = Fails
	default:
		run.Verdict = Conforms
	}
}

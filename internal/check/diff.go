package check

// Change says how the result of a vector differs between two runs.
type Change string

// The changes. Only Worsened and NewlyUnsupported are for the worse.
const (
	Worsened         Change = "broken"            // it passed, or was unsupported, and fails
	NewlyUnsupported Change = "newly-unsupported" // it was answered
	FailsOtherwise   Change = "fails-otherwise"   // with another fault
	Repaired         Change = "fixed"             // it failed and passes
	NewlySupported   Change = "newly-supported"   // it was unsupported and passes
	VectorChanged    Change = "changed"           // it is another question now, so nothing is compared
	VectorNew        Change = "new"               // only the new run asked it
	VectorGone       Change = "gone"              // only the old run asked it
)

// Changes returns all changes, the worst first.
func Changes() []Change {
	return []Change{
		Worsened, NewlyUnsupported, FailsOtherwise, Repaired, NewlySupported, VectorChanged,
		VectorNew, VectorGone,
	}
}

// Diff is what differs between two runs: what `sigcheck diff --report json` writes.
type Diff struct {
	Old     Compared       `json:"old"`
	New     Compared       `json:"new"`
	Worse   bool           `json:"worse"` // something is broken or newly unsupported
	Same    int            `json:"same"`  // vectors with one outcome in both
	Counts  map[Change]int `json:"counts"`
	Vectors []VectorDiff   `json:"vectors"` // by change, the worst first, then as they were asked
}

// Compared names one of two runs.
type Compared struct {
	Name    string  `json:"name"`
	Version string  `json:"version"` // of the tool
	Verdict Verdict `json:"verdict"`
	Counts  Counts  `json:"counts"`
	Digest  string  `json:"digest"`
}

// VectorDiff is a vector whose result differs. Old and New are what it came to, as a fault or an
// outcome, and empty where it was not asked.
type VectorDiff struct {
	ID     string `json:"id"`
	Rule   string `json:"rule,omitempty"`
	Change Change `json:"change"`
	Old    string `json:"old,omitempty"`
	New    string `json:"new,omitempty"`
	Detail string `json:"detail,omitempty"` // of the new failure
}

// NewDiff compares two runs by the ids of their vectors. A vector whose digest differs has changed,
// whatever it came to.
func NewDiff(old, now *Run) *Diff {
	d := &Diff{
		Old:     comparedOf(old),
		New:     comparedOf(now),
		Counts:  map[Change]int{},
		Vectors: []VectorDiff{},
	}
	before := map[string]*Result{}
	for i := range old.Vectors {
		before[old.Vectors[i].ID] = &old.Vectors[i]
	}
	byChange := map[Change][]VectorDiff{}
	add := func(c VectorDiff) { byChange[c.Change] = append(byChange[c.Change], c) }
	for i := range now.Vectors {
		r := &now.Vectors[i]
		if change, ok := changeOf(before[r.ID], r); ok {
			add(VectorDiff{r.ID, r.Rule, change, before[r.ID].state(), r.state(), r.Detail})
		} else {
			d.Same++
		}
		delete(before, r.ID)
	}
	for i := range old.Vectors {
		if r := &old.Vectors[i]; before[r.ID] != nil {
			add(VectorDiff{ID: r.ID, Rule: r.Rule, Change: VectorGone, Old: r.state()})
		}
	}
	for _, change := range Changes() {
		d.Counts[change] = len(byChange[change])
		d.Vectors = append(d.Vectors, byChange[change]...)
	}
	d.Worse = d.Counts[Worsened]+d.Counts[NewlyUnsupported] > 0
	return d
}

func comparedOf(r *Run) Compared {
	return Compared{r.Name, r.Version, r.Verdict, r.Counts, r.Digest}
}

// state is what a result is called in a comparison; empty for nil.
func (r *Result) state() string {
	switch {
	case r == nil:
		return ""
	case r.Code() != "":
		return r.Code()
	}
	return string(r.Outcome)
}

// changeOf compares the results of one vector. Old is nil for a new vector.
func changeOf(old, now *Result) (Change, bool) {
	fails := func(r *Result) bool { return r.Outcome == Fail || r.Outcome == Error }
	switch {
	case old == nil:
		return VectorNew, true
	case old.Digest != now.Digest:
		return VectorChanged, true
	case old.state() == now.state():
		return "", false
	case now.Outcome == Unsupported:
		return NewlyUnsupported, true
	case fails(now) && fails(old):
		return FailsOtherwise, true
	case fails(now):
		return Worsened, true
	case old.Outcome == Unsupported:
		return NewlySupported, true
	}
	return Repaired, true
}

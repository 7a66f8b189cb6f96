package check

import (
	"fmt"
	"slices"

	"sigkit/internal/shell"
)

// Verification says whether a saved result is true of a port: what `sigcheck verify --report json`
// writes.
type Verification struct {
	Result  string   `json:"result"` // file of the saved result
	Holds   bool     `json:"holds"`
	Reasons []string `json:"reasons"` // why it does not hold
	Notes   []string `json:"notes"`
	Differs Differs  `json:"differs"`
	Diff    *Diff    `json:"diff"` // from the saved result to the same selection now
	Fresh   *Fresh   `json:"fresh"`

	whole bool // the result says that the port conforms, without known failures
}

// Differs says what is not as it was when the result was saved.
type Differs struct {
	Tool    bool `json:"tool"`    // its version
	Vectors bool `json:"vectors"` // some ask or expect something else, are new, or are gone
	Port    bool `json:"port"`    // it answers otherwise, or fails fresh requests
	Edited  bool `json:"edited"`  // the result was not written so by sigcheck
}

// Fresh says what random requests came to that no port can have learned.
type Fresh struct {
	Random
	Run     *Run `json:"run"`     // of these requests; Vectors are only those that fail
	Refutes bool `json:"refutes"` // the result says that the port conforms, and it fails them
}

// unversioned is the version of a tool that was built from changed sources.
const unversioned = "(devel)"

// NewVerification compares a saved result with a run of the same selection. Name is that of the
// file.
func NewVerification(name string, claimed, again *Run) *Verification {
	v := &Verification{
		Result:  name,
		Reasons: []string{},
		Notes:   []string{},
		Diff:    NewDiff(claimed, again),
		whole:   claimed.Verdict == Conforms && claimed.Known == 0,
	}
	v.compareTool(claimed, again)
	v.compareVectors(claimed)
	v.comparePort()
	v.compareLevels(claimed, again)
	v.Holds = len(v.Reasons) == 0
	return v
}

func (v *Verification) reason(format string, args ...any) {
	v.Reasons = append(v.Reasons, fmt.Sprintf(format, args...))
	v.Holds = false
}

func (v *Verification) note(format string, args ...any) {
	v.Notes = append(v.Notes, fmt.Sprintf(format, args...))
}

// compareTool notes in what other circumstances the result was saved. None of them speaks against
// it.
func (v *Verification) compareTool(claimed, again *Run) {
	v.Differs.Tool = claimed.Version != again.Version
	for _, c := range []struct{ what, then, now string }{
		{"tool", claimed.Version, again.Version},
		{"platform", claimed.Platform, again.Platform},
		{"command", claimed.asked(), again.asked()},
		{"mode", claimed.Mode, again.Mode},
	} {
		if c.then != c.now {
			v.note("the %s differs: %s then, %s now", c.what, c.then, c.now)
		}
	}
	if claimed.Known > 0 {
		v.note("the result allows %d known failures of %s, which is not read here",
			claimed.Known, claimed.Baseline)
	}
}

// asked is the command or the URL of the port.
func (r *Run) asked() string { return shell.Line(append([]string{}, r.Command...)) + r.Attach }

// compareVectors says whether the vectors are those of the result.
func (v *Verification) compareVectors(claimed *Run) {
	counts := v.Diff.Counts
	changed, added, gone := counts[VectorChanged], counts[VectorNew], counts[VectorGone]
	if changed+added+gone == 0 {
		return
	}
	v.Differs.Vectors = true
	builtIn := claimed.Selection.Vectors == ""
	v.Differs.Edited = builtIn && !v.Differs.Tool && claimed.Version != unversioned
	why := "they have changed since, or the result was edited"
	if v.Differs.Edited {
		why = "they are built into the tool, which is the same, so the result was edited"
	}
	v.reason("the vectors differ: %d ask or expect something else, %d are not in the result, and "+
		"%d are only there: %s", changed, added, gone, why)
}

// comparePort says whether the port answers as the result says.
func (v *Verification) comparePort() {
	counts := v.Diff.Counts
	fails := counts[Worsened] + counts[NewlyUnsupported]
	other := counts[FailsOtherwise] + counts[Repaired] + counts[NewlySupported]
	if fails+other == 0 {
		return
	}
	v.Differs.Port = true
	v.reason("the port answers otherwise than the result says: %d vectors are worse, %d differ "+
		"in another way: the port has changed since, or the result was edited", fails, other)
}

// compareLevels finds levels that are not those of the vectors with these digests.
func (v *Verification) compareLevels(claimed, again *Run) {
	now := map[string]*Result{}
	for i := range again.Vectors {
		now[again.Vectors[i].ID] = &again.Vectors[i]
	}
	for i := range claimed.Vectors {
		then := &claimed.Vectors[i]
		if r := now[then.ID]; r != nil && r.Digest == then.Digest && r.Level != then.Level {
			v.Differs.Edited = true
			v.reason("the result was edited: it gives %s the level %q, its digest has %q",
				then.ID, then.Level, r.Level)
			return
		}
	}
}

// Refuted reports whether what fresh random requests came to refutes the result: it says that the
// port conforms without known failures. Another result says nothing of other requests.
func (v *Verification) Refuted(fresh *Run) bool { return v.whole && fresh.Broken() > 0 }

// AddFresh adds what fresh random requests came to.
func (v *Verification) AddFresh(fresh *Run) {
	v.Fresh = &Fresh{
		Random:  *fresh.Selection.Random,
		Run:     fresh,
		Refutes: v.Refuted(fresh),
	}
	switch broken := fresh.Broken(); {
	case v.Fresh.Refutes:
		v.Differs.Port = true
		v.reason("%d of %d fresh random requests fail, which no conforming port does",
			broken, fresh.Counts.Total())
	case broken > 0:
		v.note("%d of %d fresh random requests fail, which does not refute the result: it has "+
			"failures itself", broken, fresh.Counts.Total())
	}
}

// OnlyBroken leaves out the results of fresh requests that pass, which are of no interest.
func (f *Fresh) OnlyBroken() *Fresh {
	short, run := *f, *f.Run
	run.Vectors = slices.DeleteFunc(slices.Clone(run.Vectors), func(r Result) bool {
		return !r.Breaks
	})
	short.Run = &run
	return &short
}

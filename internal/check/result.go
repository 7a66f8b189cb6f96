package check

import (
	"cmp"
	"slices"
	"time"

	"sigkit/vectors"
)

// Result is what one vector came to.
type Result struct {
	ID      string        `json:"id"`
	Level   vectors.Level `json:"level,omitempty"`
	Rule    string        `json:"rule,omitempty"`
	Outcome Outcome       `json:"outcome"`
	Fault   Fault         `json:"fault,omitempty"`
	Why     string        `json:"why,omitempty"`
	Detail  string        `json:"detail,omitempty"` // what happened, in one sentence
	Got     Side          `json:"got,omitzero"`
	Want    Side          `json:"want,omitzero"`
	Stderr  string        `json:"stderr,omitempty"`
	Seconds float64       `json:"seconds"`
}

// Format is the value of the member `format` of a saved run.
const Format = "sigkit-result/1"

// Verdict says what a whole run came to.
type Verdict string

// The verdicts.
const (
	Conforms  Verdict = "conforms"
	Fails     Verdict = "fails"
	Untested  Verdict = "untested"    // the port could not be tested at all
	Cancelled Verdict = "interrupted" // by the user
)

// Run is what a whole run came to: what `--report json` writes.
type Run struct {
	Format  string        `json:"format"`
	Name    string        `json:"name"` // of the port
	Command []string      `json:"command,omitempty"`
	Mode    string        `json:"mode"`
	Level   vectors.Level `json:"level"`
	Verdict Verdict       `json:"verdict"`
	Note    string        `json:"note,omitempty"` // what is to be said of the run as a whole
	Started time.Time     `json:"started,omitzero"`
	Seconds float64       `json:"seconds"`
	Counts  Counts        `json:"counts"`
	Rules   []RuleCounts  `json:"rules"`
	Vectors []Result      `json:"vectors"`
}

// Counts are numbers of vectors by outcome.
type Counts struct {
	Pass        int `json:"pass"`
	Fail        int `json:"fail"`
	Error       int `json:"error"`
	Unsupported int `json:"unsupported"`
}

// RuleCounts are the counts of one rule.
type RuleCounts struct {
	Rule   string `json:"rule"`
	Counts Counts `json:"counts"`
}

// Add counts one more outcome.
func (c *Counts) Add(o Outcome) {
	switch o {
	case Pass:
		c.Pass++
	case Fail:
		c.Fail++
	case Error:
		c.Error++
	case Unsupported:
		c.Unsupported++
	}
}

// Total is the number of vectors.
func (c Counts) Total() int { return c.Pass + c.Fail + c.Error + c.Unsupported }

// conforms reports whether a result is good enough: a pass, or something unsupported above level core.
func (r *Result) conforms() bool {
	return r.Outcome == Pass || r.Outcome == Unsupported && r.Level != vectors.Core
}

// finish sorts the results, counts them and gives the verdict. Rules come in alphabetical order, results in that of the vectors.
func (r *Run) finish(order map[string]int) {
	slices.SortFunc(r.Vectors, func(a, b Result) int { return cmp.Compare(order[a.ID], order[b.ID]) })
	byRule := map[string]*Counts{}
	verdict := Conforms
	for i := range r.Vectors {
		v := &r.Vectors[i]
		r.Counts.Add(v.Outcome)
		if byRule[v.Rule] == nil {
			byRule[v.Rule] = &Counts{}
		}
		byRule[v.Rule].Add(v.Outcome)
		if !v.conforms() {
			verdict = Fails
		}
	}
	for rule, counts := range byRule {
		r.Rules = append(r.Rules, RuleCounts{rule, *counts})
	}
	slices.SortFunc(r.Rules, func(a, b RuleCounts) int { return cmp.Compare(a.Rule, b.Rule) })
	if r.Verdict == "" {
		r.Verdict = verdict
	}
}

// Failed returns the results that keep the port from conforming.
func (r *Run) Failed() []*Result {
	var failed []*Result
	for i := range r.Vectors {
		if !r.Vectors[i].conforms() {
			failed = append(failed, &r.Vectors[i])
		}
	}
	return failed
}

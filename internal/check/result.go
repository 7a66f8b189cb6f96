package check

import (
	"cmp"
	"slices"
	"time"

	"sigkit/internal/diagnose"
	"sigkit/internal/port"
	"sigkit/internal/wire"
	"sigkit/vectors"
)

// Result is what one vector came to.
type Result struct {
	ID      string        `json:"id"`
	Digest  string        `json:"digest,omitempty"` // of the vector, see [Digest]
	Level   vectors.Level `json:"level,omitempty"`
	Rule    string        `json:"rule,omitempty"`
	Outcome Outcome       `json:"outcome"`
	Fault   port.Fault    `json:"fault,omitempty"`
	Breaks  bool          `json:"breaks,omitempty"` // it keeps the port from conforming
	Known   Knowledge     `json:"known,omitempty"`  // what a baseline had to say
	Listed  string        `json:"listed,omitempty"` // where and how the baseline lists it
	Line    int           `json:"line,omitempty"`   // of that entry in the file of the baseline
	Reason  string        `json:"reason,omitempty"` // given there
	Why     string        `json:"why,omitempty"`
	Detail  string        `json:"detail,omitempty"` // what happened, in one sentence
	Got     Side          `json:"got,omitzero"`
	Want    Side          `json:"want,omitzero"`
	Stderr  string        `json:"stderr,omitempty"`
	Seconds float64       `json:"seconds,omitempty"`
}

// Side is one side of a comparison.
type Side = wire.Texts

// Knowledge says how a result compares with a baseline that lists it.
type Knowledge string

// What a baseline may have to say of a vector that it lists.
const (
	Known   Knowledge = "known"   // it fails as listed
	Fixed   Knowledge = "fixed"   // it does not fail any more: the entry must go
	Changed Knowledge = "changed" // it fails otherwise
)

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
	Format    string          `json:"format"`
	Version   string          `json:"version"`  // of the tool
	Platform  string          `json:"platform"` // operating system and architecture
	Name      string          `json:"name"`     // of the port
	Command   []string        `json:"command,omitempty"`
	Attach    string          `json:"attach,omitempty"` // URL of the port, without a password
	Mode      string          `json:"mode"`
	Capture   bool            `json:"capture,omitempty"`
	Level     vectors.Level   `json:"level"`
	Profile   vectors.Profile `json:"profile"`
	Selection Selected        `json:"selection"`
	Digest    string          `json:"digest"`             // of the vectors that were asked
	Strict    bool            `json:"strict,omitempty"`   // as in [Gate]
	Baseline  string          `json:"baseline,omitempty"` // its file
	Verdict   Verdict         `json:"verdict"`
	Notes     []string        `json:"notes"` // on the whole run, the reason of the verdict first
	Started   time.Time       `json:"started,omitzero"`
	Seconds   float64         `json:"seconds,omitempty"`
	Counts    Counts          `json:"counts"`
	Known     int             `json:"known,omitempty"` // failures that the baseline lists
	// Surroundings is what became of answers in other surroundings; nil if the port was not asked.
	Surroundings *Surroundings       `json:"surroundings,omitempty"`
	Diagnosis    *diagnose.Diagnosis `json:"diagnosis,omitempty"`
	Rules        []RuleCounts        `json:"rules"`
	Vectors      []Result            `json:"vectors"`
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

// Plus returns the sums of two counts.
func (c Counts) Plus(o Counts) Counts {
	return Counts{
		Pass:        c.Pass + o.Pass,
		Fail:        c.Fail + o.Fail,
		Error:       c.Error + o.Error,
		Unsupported: c.Unsupported + o.Unsupported,
	}
}

// Broken is how many vectors failed or could not be judged.
func (c Counts) Broken() int { return c.Fail + c.Error }

// Total is the number of vectors.
func (c Counts) Total() int { return c.Pass + c.Fail + c.Error + c.Unsupported }

// finish sorts the results, which come in the order of the vectors then, and counts them.
func (r *Run) finish(order map[string]int) {
	slices.SortFunc(r.Vectors, func(a, b Result) int {
		return cmp.Compare(order[a.ID], order[b.ID])
	})
	r.Digest = r.digest()
	r.count()
}

// count counts the results. Rules come in alphabetical order.
func (r *Run) count() {
	byRule := map[string]*Counts{}
	r.Counts, r.Known, r.Rules = Counts{}, 0, []RuleCounts{}
	for i := range r.Vectors {
		v := &r.Vectors[i]
		r.Counts.Add(v.Outcome)
		if byRule[v.Rule] == nil {
			byRule[v.Rule] = &Counts{}
		}
		byRule[v.Rule].Add(v.Outcome)
		if v.Known == Known {
			r.Known++
		}
	}
	for rule, counts := range byRule {
		r.Rules = append(r.Rules, RuleCounts{rule, *counts})
	}
	slices.SortFunc(r.Rules, func(a, b RuleCounts) int { return cmp.Compare(a.Rule, b.Rule) })
}

// note adds what is to be said of the run, if it is anything.
func (r *Run) note(text string) {
	if text != "" {
		r.Notes = append(r.Notes, text)
	}
}

// Broken is how many results keep the port from conforming.
func (r *Run) Broken() int { return len(r.filter(func(v *Result) bool { return v.Breaks })) }

// Failed returns the failures that keep the port from conforming.
func (r *Run) Failed() []*Result {
	return r.filter(func(v *Result) bool { return v.Breaks && v.Known != Fixed })
}

// With returns the results of which the baseline had that to say.
func (r *Run) With(k Knowledge) []*Result {
	return r.filter(func(v *Result) bool { return v.Known == k })
}

func (r *Run) filter(wanted func(*Result) bool) (some []*Result) {
	for i := range r.Vectors {
		if wanted(&r.Vectors[i]) {
			some = append(some, &r.Vectors[i])
		}
	}
	return some
}

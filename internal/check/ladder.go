package check

import (
	"cmp"
	"slices"

	"sigkit/internal/diagnose"
	"sigkit/vectors"
)

// ruleOrder is the order in which one would implement the rules of the signature: the rungs of a
// [Ladder].
var ruleOrder = []string{
	"message-layout", "header-name", "token-hmac", "token-base64", "key-bytes",
	"email-joins", "pairs-join", "pair-order", "list-pairs", "list-order",
	"text-boolean", "text-string", "no-escaping", "message-utf8",
	"method-case", "resource-verbatim", "key-file-json", "key-file-members", "key-file-strip",
	"organization-key", "base-url", "wire-form", "wire-query", "dashboard-config",
	"text-integer", "unorderable-list", "text-null", "text-float", "object-keys", "nested-repr",
}

// RuleOrder returns the rules in the order in which one would implement them.
func RuleOrder() []string { return slices.Clone(ruleOrder) }

// Ladder is what a run says of each rule that was asked, in the order of [RuleOrder].
type Ladder []Rung

// Rung is one rule of a ladder.
type Rung struct {
	Rule    string
	Vectors int // that were asked
	// Level is the lowest one at which the rule does not hold. It is empty if the rule holds.
	Level vectors.Level
	// Failures are those that are blamed on the rule, that which shows it best first.
	Failures []*Result
	// Mistake is the finding of the diagnosis that is about the rule, or nil.
	Mistake *diagnose.Finding
}

// Holds reports whether nothing is blamed on the rule.
func (r *Rung) Holds() bool { return len(r.Failures) == 0 }

// First returns the rung to climb next: the first that does not hold, at the lowest level. It
// returns nil if all hold.
func (l Ladder) First() (first *Rung) {
	for i := range l {
		r := &l[i]
		if r.Holds() || first != nil && levelPlace(r.Level) >= levelPlace(first.Level) {
			continue
		}
		first = r
	}
	return first
}

// Holding counts the rules that hold.
func (l Ladder) Holding() (count int) {
	for i := range l {
		if l[i].Holds() {
			count++
		}
	}
	return count
}

// Ladder blames each failure of the run on rules: on those of the mistakes that explain it. If no
// mistake does, it is blamed on the rule that it shows, see [Result.apparent]. Size says how large
// the request of a vector is; of failures that show a rule as well, the smallest comes first.
func (r *Run) Ladder(size func(id string) int) Ladder {
	b := blame{rungs: map[string]*Rung{}, explained: map[string][]*diagnose.Finding{}}
	for i := range r.Vectors {
		b.rung(r.Vectors[i].Rule).Vectors++
	}
	if len(r.Vectors) > 0 {
		b.rung("token-hmac") // every vector asks for it, so it counts even if none is about it
	}
	if r.Diagnosis != nil {
		for i := range r.Diagnosis.Findings {
			f := &r.Diagnosis.Findings[i]
			for _, id := range f.Explains {
				b.explained[id] = append(b.explained[id], f)
			}
		}
	}
	for _, failed := range r.Failed() {
		b.add(failed)
	}
	return b.ladder(size)
}

// blame collects the failures of each rule.
type blame struct {
	rungs     map[string]*Rung
	explained map[string][]*diagnose.Finding // by id of the vector
}

func (b *blame) rung(rule string) *Rung {
	if b.rungs[rule] == nil {
		b.rungs[rule] = &Rung{Rule: rule}
	}
	return b.rungs[rule]
}

func (b *blame) add(failed *Result) {
	findings := b.explained[failed.ID]
	if len(findings) == 0 {
		b.unexplained(failed)
	}
	for _, f := range findings {
		rung := b.rung(f.Mistakes[0].Rule)
		rung.fails(failed)
		if rung.Mistake == nil {
			rung.Mistake = f
		}
	}
}

// unexplained blames a failure without a known mistake on the rule that it shows. The rule of the
// vector does not hold either if it comes later: nothing has been seen of it.
func (b *blame) unexplained(failed *Result) {
	apparent := failed.apparent()
	b.rung(apparent).fails(failed)
	if rulePlace(failed.Rule) > rulePlace(apparent) {
		b.rung(failed.Rule).fails(failed)
	}
}

func (r *Rung) fails(failed *Result) {
	if slices.Contains(r.Failures, failed) {
		return
	}
	if r.Level == "" || levelPlace(failed.Level) < levelPlace(r.Level) {
		r.Level = failed.Level
	}
	r.Failures = append(r.Failures, failed)
}

// ladder sorts the rungs, and the failures of each: the lowest level first, then those with the
// fewest mistakes at once, then the smallest. A request of a vector of another rule counts as twice
// as large, as it may show the rule by chance.
func (b *blame) ladder(size func(id string) int) (l Ladder) {
	for _, rung := range b.rungs {
		weight := func(failed *Result) int {
			if failed.Rule != rung.Rule {
				return 2 * size(failed.ID)
			}
			return size(failed.ID)
		}
		slices.SortStableFunc(rung.Failures, func(x, y *Result) int {
			return cmp.Or(
				cmp.Compare(levelPlace(x.Level), levelPlace(y.Level)),
				cmp.Compare(b.mistakes(x, rung), b.mistakes(y, rung)),
				cmp.Compare(weight(x), weight(y)))
		})
		l = append(l, *rung)
	}
	slices.SortFunc(l, func(x, y Rung) int {
		return cmp.Or(
			cmp.Compare(rulePlace(x.Rule), rulePlace(y.Rule)), cmp.Compare(x.Rule, y.Rule))
	})
	return l
}

// mistakes counts those that explain a failure. Where the signature is to blame, those of what is
// sent do not count: they show in no message.
func (b *blame) mistakes(failed *Result, rung *Rung) (count int) {
	for _, f := range b.explained[failed.ID] {
		if rung.Mistake == nil || f.Side == rung.Mistake.Side {
			count++
		}
	}
	return count
}

func levelPlace(l vectors.Level) int { return slices.Index(vectors.Levels(), l) }

// rulePlace is the place of a rule in the order. Rules of others come last.
func rulePlace(rule string) int {
	if at := slices.Index(ruleOrder, rule); at >= 0 {
		return at
	}
	return len(ruleOrder)
}

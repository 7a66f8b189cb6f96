package report

import (
	"cmp"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"sigkit/internal/check"
)

// HTML writes the run as a page of its own: one file that needs nothing else, and that can be read
// without its script.
func HTML(w io.Writer, run *check.Run, o Options) error {
	return writePage(w, "run", newRunPage(run, o))
}

// runPage is what the page of a run shows. Its texts are in visible form, but for those in spans.
type runPage struct {
	layout
	Verdict    string
	Good       bool
	Name       string
	Conditions string
	Numbers    []pageNumber
	Bar        bar
	Notes      []string
	Headline   string
	Causes     []pageCause
	MoreCauses string
	Stale      []pageList
	Filter     filter
	Rows       []ruleRows
	About      [][2]string
}

type pageNumber struct {
	Count int
	What  string
}

type pageList struct {
	Title string
	Lines []string
}

// ruleRows are the vectors of one rule, those that fail first.
type ruleRows struct {
	Rule  string
	Tally string
	Rows  []pageRow

	counts map[state]int
}

// failing is how many of the vectors keep the port from conforming.
func (r *ruleRows) failing() int {
	return r.counts[stateFail] + r.counts[stateError] + r.counts[stateUntested]
}

func newRunPage(run *check.Run, o Options) *runPage {
	failed := run.Failed()
	t := text{}
	p := &runPage{
		Verdict:    t.verdict(run, failed),
		Good:       run.Verdict == check.Conforms,
		Name:       clip(run.Name, nameWidth),
		Conditions: pageConditions(run),
		Notes:      pageNotes(run),
	}
	p.layout = newLayout(p.Verdict + ": " + p.Name)
	if run.Diagnosis != nil && len(failed) > 0 {
		p.Headline = strings.ToUpper(headline(run.Diagnosis)[:1]) + headline(run.Diagnosis)[1:]
	}
	all, more := causes(run, o)
	p.causes(run, all, more, o.language(run))
	p.stale(run)
	p.rows(run, all)
	p.numbers(run, failed)
	for _, pair := range about(run) {
		p.About = append(p.About, [2]string{pair[0], clip(pair[1], aboutWidth)})
	}
	return p
}

// aboutWidth is how many columns of a value that the run is about are shown.
const aboutWidth = 1000

// pageConditions says how, with what, and when the port was asked.
func pageConditions(run *check.Run) string {
	what := conditions(run)
	if run.Capture {
		what = strings.Replace(what, " with capture", ", with capture", 1)
	}
	what += " · sigcheck " + clip(run.Version, idWidth) + " · " + clip(run.Platform, idWidth)
	if !run.Started.IsZero() {
		what += " · " + run.Started.UTC().Format("2006-01-02 15:04 MST")
	}
	if run.Seconds > 0 {
		what += fmt.Sprintf(" · %.2f s", run.Seconds)
	}
	return what
}

// pageNotes are the notes on a run, as far as there is room for them.
func pageNotes(run *check.Run) (lines []string) {
	for i, note := range run.Notes {
		if i == maxNotes {
			return append(lines, fmt.Sprintf("and %s", counted(len(run.Notes)-i, "more note")))
		}
		lines = append(lines, clip(note, noteLines*noteWidth))
	}
	return lines
}

const maxNotes = 20

// numbers counts the vectors by state.
func (p *runPage) numbers(run *check.Run, failed []*check.Result) {
	counts := map[state]int{}
	for _, rule := range p.Rows {
		for s, n := range rule.counts {
			counts[s] += n
		}
	}
	p.Bar = newBar(counts)
	total := run.Counts.Total()
	p.Numbers = []pageNumber{{counts[statePass], fmt.Sprintf("of %d vectors pass", total)}}
	for _, n := range []pageNumber{
		{counts[stateFail], fmt.Sprintf("fail (%d core)", coreOf(failed))},
		{counts[stateError], verb(counts[stateError], "error", "errors")},
		{counts[stateKnown], "fail as listed"},
		{counts[stateUnsupported], "unsupported"},
		{counts[stateUntested], "not tested"},
	} {
		if n.Count > 0 {
			p.Numbers = append(p.Numbers, n)
		}
	}
	for _, s := range barStates {
		if counts[s] > 0 {
			label := fmt.Sprintf("%s (%d)", s, counts[s])
			p.Filter.States = append(p.Filter.States, choice{string(s), label})
		}
	}
	if counts[stateFail] > 0 && counts[stateError] > 0 {
		both := counts[stateFail] + counts[stateError]
		p.Filter.States = append([]choice{{"broken", fmt.Sprintf("fail or error (%d)", both)}},
			p.Filter.States...)
	}
}

// stale lists the entries of the baseline that are out of date.
func (p *runPage) stale(run *check.Run) {
	for _, kind := range []struct {
		known check.Knowledge
		title string
	}{
		{check.Changed, "Known failures that fail otherwise than listed"},
		{check.Fixed, "Known failures that do not fail any more: remove the entries"},
	} {
		list := pageList{Title: kind.title}
		for _, e := range staleEntries(run, kind.known) {
			if len(list.Lines) == shownRules {
				list.Lines = append(list.Lines, "and more")
				break
			}
			list.Lines = append(list.Lines, fmt.Sprintf("%s: %s", e.listed, few(e.vectors)))
		}
		if len(list.Lines) > 0 {
			p.Stale = append(p.Stale, list)
		}
	}
}

// rows groups the vectors by rule: rules with more failures first.
func (p *runPage) rows(run *check.Run, all []cause) {
	groups := map[string]*ruleRows{}
	d := newDetailer(run, all)
	for _, r := range inOrder(run) {
		rule := clip(r.Rule, ruleWidth)
		if groups[rule] == nil {
			groups[rule] = &ruleRows{Rule: rule, counts: map[state]int{}}
		}
		row := d.row(r)
		groups[rule].counts[row.State]++
		groups[rule].Rows = append(groups[rule].Rows, row)
	}
	names := slices.SortedFunc(maps.Keys(groups), func(a, b string) int {
		return cmp.Or(cmp.Compare(groups[b].failing(), groups[a].failing()), cmp.Compare(a, b))
	})
	for _, name := range names {
		g := groups[name]
		g.Tally = newBar(g.counts).Label()
		p.Rows = append(p.Rows, *g)
	}
	slices.Sort(names)
	for _, name := range names[:min(len(names), maxChoices)] {
		label := fmt.Sprintf("%s (%d)", name, len(groups[name].Rows))
		if n := groups[name].failing(); n > 0 {
			label = fmt.Sprintf("%s (%d of %d fail)", name, n, len(groups[name].Rows))
		}
		p.Filter.Rules = append(p.Filter.Rules, choice{name, label})
	}
}

// maxChoices is how many entries a list to choose from has.
const maxChoices = 500

// inOrder returns the results of a run: those that fail first, then those that need a look.
func inOrder(run *check.Run) (all []*check.Result) {
	for i := range run.Vectors {
		all = append(all, &run.Vectors[i])
	}
	order := []state{
		stateFail, stateError, stateUntested, stateKnown, stateUnsupported, statePass,
	}
	slices.SortStableFunc(all, func(a, b *check.Result) int {
		return cmp.Compare(slices.Index(order, stateOf(run, a)), slices.Index(order, stateOf(run, b)))
	})
	return all
}

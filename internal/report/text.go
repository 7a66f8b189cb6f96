package report

import (
	"bufio"
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/fatih/color"
	"github.com/mattn/go-runewidth"

	"sigkit/internal/check"
	"sigkit/vectors"
)

// Text writes the run for people: the diagnosis, examples of what fails and why, a table of the
// rules, one closing line.
func Text(w io.Writer, run *check.Run, o Options) error {
	if o.Brief {
		return brief(w, run, o)
	}
	var out bytes.Buffer
	t := text{Writer: bufio.NewWriter(&out), Options: o, replay: run.Replay}
	failed := run.Failed()
	t.diagnosis(run)
	t.surroundings(run)
	t.examples(run, failed)
	t.baseline(run)
	t.table(run)
	t.closing(run, failed)
	_ = t.Flush() // a buffer takes everything
	_, err := io.WriteString(w, harmless(out.String()))
	return err
}

type text struct {
	*bufio.Writer
	Options
	replay     func(id string) string
	lastStderr string
	narrow     bool // for 80 columns
}

func (t *text) printf(format string, args ...any) { fmt.Fprintf(t, format, args...) }

func (t *text) paint(attribute color.Attribute, format string, args ...any) string {
	c := color.New(attribute)
	if t.Color {
		c.EnableColor()
	} else {
		c.DisableColor()
	}
	return c.Sprintf(format, args...)
}

func (t *text) red(format string, args ...any) string {
	return t.paint(color.FgRed, format, args...)
}

func (t *text) green(format string, args ...any) string {
	return t.paint(color.FgGreen, format, args...)
}

func (t *text) bold(format string, args ...any) string {
	return t.paint(color.Bold, format, args...)
}

func (t *text) dim(format string, args ...any) string {
	return t.paint(color.Faint, format, args...)
}

// allLanguages stands for the idioms of every language.
const allLanguages = "all"

// Bounds of the entries of a baseline.
const (
	shownEntries = 8   // of each kind
	listedWidth  = 60  // columns of the id of a vector
	entryWidth   = 100 // columns of the text of an entry
)

// baseline names the entries of a baseline that are out of date.
func (t *text) baseline(run *check.Run) {
	t.entries(run.With(check.Changed), "Known failures that fail otherwise than listed: %d")
	t.entries(run.With(check.Fixed), "Known failures that do not fail any more: %d; "+
		"remove them from the baseline, or let --write-baseline do it")
}

func (t *text) entries(some []*check.Result, title string) {
	if len(some) == 0 {
		return
	}
	t.printf("%s\n", t.red(title, len(some)))
	for _, r := range some[:min(shownEntries, len(some))] {
		t.printf("  %s  %s\n", clip(r.ID, listedWidth), t.dim("%s", entry(r)))
	}
	if more := len(some) - shownEntries; more > 0 {
		t.printf("  and %d more: see --report json\n", more)
	}
	t.printf("\n")
}

// entry says how a vector fails now, and what the baseline says of it and where.
func entry(r *check.Result) string {
	text := r.Listed
	if r.Known == check.Changed {
		text = "now " + r.Code() + ", but " + text
	}
	if r.Reason != "" {
		text += "  # " + r.Reason
	}
	return clip(text, entryWidth)
}

// Bounds of the table of rules. A file of vectors from outside may name any number of rules.
const (
	shownRules = 40
	ruleWidth  = 44 // columns of a rule's name
)

// table counts the outcomes of each rule. If there are too many, those that fail come first.
func (t *text) table(run *check.Run) {
	rules := run.Rules
	if len(rules) == 0 || rules[0].Rule == "" && len(rules) == 1 {
		return
	}
	more := len(rules) - shownRules
	if more > 0 {
		rules = slices.Clone(rules)
		slices.SortStableFunc(rules, func(a, b check.RuleCounts) int {
			return cmp.Compare(min(1, b.Counts.Broken()), min(1, a.Counts.Broken()))
		})
		rules = rules[:shownRules]
	}
	width := len("rule")
	for _, r := range rules {
		width = max(width, runewidth.StringWidth(clip(r.Rule, ruleWidth)))
	}
	t.printf("%-*s  pass  fail  error  unsupported\n", width, "rule")
	for _, r := range rules {
		t.row(r, width)
	}
	if more > 0 {
		t.printf("and %s: see --report json\n", counted(more, "more rule"))
	}
	t.printf("\n")
}

func (t *text) row(r check.RuleCounts, width int) {
	c := r.Counts
	name := runewidth.FillRight(clip(r.Rule, ruleWidth), width)
	line := fmt.Sprintf("%s  %4d  %4s  %5s  %11s",
		name, c.Pass, number(c.Fail), number(c.Error), number(c.Unsupported))
	line = strings.TrimRight(line, " ")
	if c.Broken() > 0 {
		line = t.red("%s", line)
	}
	t.printf("%s\n", line)
}

// number leaves zeros out, so that the others stand out.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

// closing is the notes, and the line that says what the run came to.
func (t *text) closing(run *check.Run, failed []*check.Result) {
	for _, note := range run.Notes {
		t.note(note)
	}
	if run.Verdict == check.Fails && len(failed) > 0 {
		t.printf("hint: sigcheck explain ID shows the signing of a vector step by step\n")
	}
	t.verdictLine(run, failed)
}

// verdictLine says what the run came to, how many vectors pass, and how the port was asked.
func (t *text) verdictLine(run *check.Run, failed []*check.Result) {
	counts := tally(run, failed)
	how := conditions(run)
	if run.Seconds > 0 {
		how += fmt.Sprintf(", %.2f s", run.Seconds)
	}
	separator := "; "
	if len(counts)+len(how) > closingWidth {
		separator = ";\n  "
	}
	name := clip(run.Name, nameWidth)
	t.printf("%s: %s: %s%s%s\n", t.verdict(run, failed), name, counts, separator, how)
}

// Bounds of the closing lines.
const (
	noteWidth    = 176 // columns
	noteLines    = 3
	nameWidth    = 60  // columns of the name of the port
	closingWidth = 110 // columns of what stands behind the name in its line
)

// note shows a note on the run, in a few lines if it is long.
func (t *text) note(note string) {
	title := "note:"
	for range noteLines - 1 {
		shown, end := lead(note, noteWidth)
		t.printf("%s %s\n", title, shown)
		if note = note[end:]; note == "" {
			return
		}
		title = "     "
	}
	t.printf("%s %s\n", title, clip(note, noteWidth))
}

// verdict says what the run came to.
func (t *text) verdict(run *check.Run, failed []*check.Result) string {
	switch {
	case run.Verdict == check.Conforms:
		return t.green("conforms")
	case run.Verdict == check.Untested:
		return t.red("could not be tested")
	case run.Verdict == check.Cancelled:
		return t.red("interrupted")
	case len(failed) == 0:
		return t.red("the baseline is out of date")
	}
	return t.red("does not conform")
}

// tally says how many vectors pass and how many do not.
func tally(run *check.Run, failed []*check.Result) string {
	what := fmt.Sprintf("%d of %d vectors pass", run.Counts.Pass, run.Counts.Total())
	if len(failed) > 0 {
		what += fmt.Sprintf(", %d do not (%d of them core)", len(failed), coreOf(failed))
	}
	if run.Known > 0 {
		what += fmt.Sprintf(", %d fail as listed", run.Known)
	}
	if n := run.Counts.Unsupported; n > 0 {
		what += fmt.Sprintf(", %d unsupported", n)
	}
	return what
}

// conditions says how the port was asked.
func conditions(run *check.Run) string {
	what := "level " + string(run.Level)
	if run.Profile != "" && run.Profile != vectors.AllProfiles {
		what += ", profile " + string(run.Profile)
	}
	what += ", mode " + run.Mode
	if run.Capture {
		what += " with capture"
	}
	if s := run.Surroundings; s != nil {
		what += fmt.Sprintf(", %d surroundings", len(s.Settings))
	}
	return what
}

func coreOf(failed []*check.Result) (count int) {
	for _, r := range failed {
		if r.Level == vectors.Core {
			count++
		}
	}
	return count
}

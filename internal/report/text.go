package report

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode/utf8"

	"github.com/fatih/color"

	"sigkit/internal/check"
	"sigkit/vectors"
)

// shownPerRule is how many failures of one rule are shown in full. The others are named; one is mostly enough to see the mistake.
const shownPerRule = 2

// Text writes the run for people: what fails and why, a table of the rules, one closing line.
func Text(w io.Writer, run *check.Run, o Options) error {
	t := text{Writer: bufio.NewWriter(w), Options: o}
	failed := run.Failed()
	t.diagnosis(run)
	if first := alike(run, failed); first != nil {
		t.printf("%s %s\n\n", t.red("All %d vectors that should be signed fail alike:", signable(run)), sentence(first))
		t.failure(first)
	} else {
		t.failures(failed)
	}
	t.baseline(run)
	t.table(run)
	t.closing(run, failed)
	return t.Flush()
}

type text struct {
	*bufio.Writer
	Options
	lastStderr string
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

func (t *text) red(format string, args ...any) string { return t.paint(color.FgRed, format, args...) }
func (t *text) green(format string, args ...any) string {
	return t.paint(color.FgGreen, format, args...)
}
func (t *text) bold(format string, args ...any) string { return t.paint(color.Bold, format, args...) }
func (t *text) dim(format string, args ...any) string  { return t.paint(color.Faint, format, args...) }

// alike returns the first failure if all vectors that should be signed fail in one way: then it is one thing, and not about any vector.
func alike(run *check.Run, failed []*check.Result) (first *check.Result) {
	count := 0
	for _, r := range failed {
		if r.Want.Error != nil {
			continue
		}
		if count++; first == nil {
			first = r
		}
		if r.Fault != first.Fault || r.Outcome == check.Fail && sentence(r) != sentence(first) {
			return nil
		}
	}
	if count < 3 || count < signable(run) {
		return nil
	}
	return first
}

// signable counts the vectors that should be signed.
func signable(run *check.Run) (count int) {
	for _, r := range run.Vectors {
		if r.Want.Error == nil {
			count++
		}
	}
	return count
}

// sentence says what happened without what is special to the one vector.
func sentence(r *check.Result) string {
	switch r.Fault {
	case check.WrongMessage:
		at := common(*r.Want.HMACMsg, *r.Got.HMACMsg)
		return fmt.Sprintf("the message has %s where %s should be", character((*r.Got.HMACMsg)[at:]), character((*r.Want.HMACMsg)[at:]))
	case check.Refused:
		return "the port refuses them. It says: " + visible(*r.Got.Error)
	}
	if r.Outcome == check.Error {
		return "the outcome is " + string(r.Fault) + " every time. The first: " + visible(r.Detail)
	}
	return visible(r.Detail)
}

// character shows the first character of a text.
func character(s string) string {
	if s == "" {
		return "its end"
	}
	_, size := utf8.DecodeRuneInString(s)
	return `"` + visible(s[:size]) + `"`
}

// failures shows the first failures of each rule, and names the others.
func (t *text) failures(failed []*check.Result) {
	more := map[string][]string{}
	shown := map[string]int{}
	var rules []string
	for _, r := range failed {
		if shown[r.Rule] >= shownPerRule {
			if more[r.Rule] == nil {
				rules = append(rules, r.Rule)
			}
			more[r.Rule] = append(more[r.Rule], r.ID)
			continue
		}
		shown[r.Rule]++
		t.failure(r)
	}
	for _, rule := range rules {
		t.printf("%s of rule %s: %s\n", t.red("%d more", len(more[rule])), rule, strings.Join(more[rule], " "))
	}
	if len(rules) > 0 {
		t.printf("\n")
	}
}

// failure shows one vector: what went wrong, why the vector exists, both sides, and how to run it again.
func (t *text) failure(r *check.Result) {
	code := string(r.Outcome)
	if r.Fault != "" {
		code = string(r.Fault)
	}
	t.printf("%s %s  %s\n", t.red("%s", code), r.ID, t.dim("%s", place(r)))
	t.printf("  %s\n", visible(r.Detail))
	if r.Why != "" {
		t.printf("  %s\n", t.dim("why this vector: %s", r.Why))
	}
	t.sides(r)
	if r.Stderr != "" && r.Outcome != check.Fail {
		t.stderr(r.Stderr)
	}
	if t.Replay != nil {
		t.printf("  again  %s\n", t.Replay(r.ID))
	}
	t.printf("\n")
}

// baseline names the entries of a baseline that are out of date.
func (t *text) baseline(run *check.Run) {
	t.entries(run.With(check.Changed), "Known failures that fail otherwise than listed: %d")
	t.entries(run.With(check.Fixed), "Known failures that do not fail any more: %d; remove them from the baseline, or let --write-baseline do it")
}

func (t *text) entries(some []*check.Result, title string) {
	if len(some) == 0 {
		return
	}
	t.printf("%s\n", t.red(title, len(some)))
	for _, r := range some {
		t.printf("  %s  %s\n", r.ID, t.dim("%s", entry(r)))
	}
	t.printf("\n")
}

// entry is a line of a baseline, with its place.
func entry(r *check.Result) string {
	if r.Reason == "" {
		return visible(r.Listed)
	}
	return visible(r.Listed + "  # " + r.Reason)
}

// stderr shows the last lines of standard error, once.
func (t *text) stderr(lines string) {
	if lines == t.lastStderr {
		t.printf("  stderr | as above\n")
		return
	}
	t.lastStderr = lines
	for line := range strings.Lines(lines) {
		t.printf("  stderr | %s\n", visible(strings.TrimRight(line, "\r\n")))
	}
}

// place says where a vector belongs.
func place(r *check.Result) string {
	if r.Rule == "" {
		return string(r.Level)
	}
	return fmt.Sprintf("%s, rule %s", r.Level, r.Rule)
}

// sides shows what was wanted and what came, as far as they differ.
func (t *text) sides(r *check.Result) {
	switch r.Fault {
	case check.WrongMessage:
		t.compare(r.Want.HMACMsg, r.Got.HMACMsg)
	case check.WrongToken:
		t.compare(r.Want.Token, r.Got.Token)
		if r.Got.HMACMsg == nil && r.Want.HMACMsg != nil {
			t.printf("  msg    %s\n", shorten(*r.Want.HMACMsg))
		}
	case check.WrongRequest:
		if r.Got.URL != nil && r.Want.URL != nil && *r.Got.URL != *r.Want.URL {
			t.compare(r.Want.URL, r.Got.URL)
		}
		if r.Got.Body != nil {
			t.compare(r.Want.Body, r.Got.Body)
		}
	case check.Accepted:
		if r.Got.HMACMsg != nil {
			t.printf("  got    %s\n", shorten(*r.Got.HMACMsg))
		}
	}
}

// compare shows two texts around their first difference, which is marked.
func (t *text) compare(want, got *string) {
	if want == nil || got == nil || *want == *got {
		return
	}
	shownWant, shownGot, column, offset := excerpt(*want, *got)
	t.printf("  want   %s\n  got    %s\n", shownWant, shownGot)
	t.printf("         %s%s\n", strings.Repeat(" ", column), t.red("^ byte %d", offset+1))
}

// shorten shows the start of a text that may be long.
func shorten(s string) string {
	const limit = 160
	if end := len(s); end > limit {
		return fmt.Sprintf("%s\u2026 (%d bytes)", visible(s[:back(s, limit, 1)]), end)
	}
	return visible(s)
}

func (t *text) table(run *check.Run) {
	width := len("rule")
	for _, r := range run.Rules {
		width = max(width, len(r.Rule))
	}
	if len(run.Rules) == 0 || run.Rules[0].Rule == "" && len(run.Rules) == 1 {
		return
	}
	t.printf("%-*s  pass  fail  error  unsupported\n", width, "rule")
	for _, r := range run.Rules {
		c := r.Counts
		line := fmt.Sprintf("%-*s  %4d  %4s  %5s  %11s", width, r.Rule, c.Pass, number(c.Fail), number(c.Error), number(c.Unsupported))
		if c.Fail+c.Error > 0 {
			line = t.red("%s", line)
		}
		t.printf("%s\n", strings.TrimRight(line, " "))
	}
	t.printf("\n")
}

// number leaves zeros out, so that the others stand out.
func number(n int) string {
	if n == 0 {
		return ""
	}
	return fmt.Sprint(n)
}

func (t *text) closing(run *check.Run, failed []*check.Result) {
	for _, note := range run.Notes {
		t.printf("note: %s\n", visible(note))
	}
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
	verdict := map[check.Verdict]string{
		check.Conforms: t.green("conforms"), check.Fails: t.red("does not conform"), check.Untested: t.red("could not be tested"), check.Cancelled: t.red("interrupted"),
	}[run.Verdict]
	t.printf("%s: %s: %s; level %s, mode %s, %.2f s\n", verdict, run.Name, what, run.Level, mode(run), run.Seconds)
}

func mode(run *check.Run) string {
	if run.Capture {
		return run.Mode + " with capture"
	}
	return run.Mode
}

func coreOf(failed []*check.Result) (count int) {
	for _, r := range failed {
		if r.Level == vectors.Core {
			count++
		}
	}
	return count
}

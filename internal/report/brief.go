package report

import (
	"bufio"
	"bytes"
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"

	"sigkit/internal/check"
	"sigkit/internal/diagnose"
)

// Bounds of a brief report.
const (
	briefLines = 40
	briefWidth = 98 // columns of one line
)

// brief writes the verdict, then each cause with one failure, in 40 lines at most. Causes for which
// there is no room are named, or counted.
func brief(w io.Writer, run *check.Run, o Options) error {
	var out bytes.Buffer
	t := text{Writer: bufio.NewWriter(&out), Options: o, replay: run.Replay}
	t.verdictLine(run, run.Failed())
	for _, note := range run.Notes[:min(2, len(run.Notes))] {
		t.printf("note: %s\n", clip(note, briefWidth))
	}
	all, more := causes(run, o)
	showClearest(all)
	byID := map[string]*check.Result{}
	for _, r := range run.Failed() {
		byID[r.ID] = r
	}
	_ = t.Flush() // a buffer takes everything
	for i := range all {
		short := t.taken(func() { t.causeTitle(&all[i]) })
		full := t.taken(func() { t.cause(&all[i], byID) })
		left := briefLines - 1 - lines(out.String())
		switch later := min(len(all)-i-1, 4); {
		case lines(full)+later <= left:
			out.WriteString(full)
		case left > 0:
			out.WriteString(short)
		default:
			more++
		}
	}
	if more > 0 {
		t.printf("%s: run it without --brief\n", counted(more, "more cause"))
	}
	_ = t.Flush()
	_, err := io.WriteString(w, harmless(out.String()))
	return err
}

// taken returns what is printed meanwhile.
func (t *text) taken(print func()) string {
	var out bytes.Buffer
	before := t.Writer
	t.Writer = bufio.NewWriter(&out)
	print()
	_ = t.Flush()
	t.Writer = before
	return out.String()
}

func lines(s string) int { return strings.Count(s, "\n") }

func (t *text) causeTitle(c *cause) {
	t.printf("%s  %s\n", t.red("%s", c.title), t.dim("%s", shortened(c.sure)))
}

// showClearest sorts the failures of each cause by how many causes share each: one alone shows it
// best.
func showClearest(all []cause) {
	count := map[string]int{}
	for _, c := range all {
		for _, id := range c.vectors {
			count[id]++
		}
	}
	for i := range all {
		all[i].vectors = slices.Clone(all[i].vectors) // they are those of the run
		slices.SortStableFunc(all[i].vectors, func(a, b string) int {
			return cmp.Compare(count[a], count[b])
		})
	}
}

// cause shows what goes wrong, the fix, and the first failure.
func (t *text) cause(c *cause, failing map[string]*check.Result) {
	t.causeTitle(c)
	if c.what != "" {
		t.printf("  %s\n", shortened(c.what))
	}
	if c.fix != "" {
		t.printf("  fix: %s\n", t.green("%s", shortened(c.fix)))
	}
	if c.idiom != "" {
		t.printf("  %s\n", shortened(c.idiom))
	}
	if r := c.example(failing); r != nil {
		t.printf("  %s  %s\n", clip(r.ID, idWidth), t.dim("%s", clip(r.Detail, briefWidth-len(r.ID))))
		t.sides(r)
	}
}

// example returns the first failure, of a mistake in what is sent the first with a right signature.
func (c *cause) example(failing map[string]*check.Result) (example *check.Result) {
	for _, id := range c.vectors {
		r := failing[id]
		switch {
		case r == nil:
		case c.finding == nil || c.finding.Side != diagnose.SideSent || r.Fault == check.WrongRequest:
			return r
		case example == nil:
			example = r
		}
	}
	return example
}

// shortened returns a line cut to the width of a brief report. It works on a line that is in
// visible form already.
func shortened(line string) string { return runewidth.Truncate(line, briefWidth, "\u2026") }

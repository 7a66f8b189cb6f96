package report

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/mattn/go-runewidth"

	"sigkit/internal/check"
	"sigkit/internal/mistake"
)

// Guided is one step of the guide: what a run says of the rules, one after the other.
type Guided struct {
	Run    *check.Run
	Ladder check.Ladder
	// Broken names the rules that held in an earlier run and do not hold any more. They come first.
	Broken   []string
	All      bool                   // list all rules
	Rule     func(id string) string // the text of a rule, as Markdown
	Question func(id string) string // what the port is asked for a vector
}

// Bounds of one screen of the guide: 24 lines, of which the last is that of a terminal's prompt.
const (
	guideLines     = 23
	guideWidth     = 78
	guideRuleLines = 5
	guideFixLines  = 4 // of the fix in the port's language
	guideQuestion  = 2 // lines of the question, at least
	guideLongest   = 5 // lines of the question, at most
)

// Guide writes one screen: how many rules hold, and the first that does not, with its text, a small
// failing request, and the fix.
func Guide(w io.Writer, g *Guided, o Options) error {
	var out bytes.Buffer
	t := text{Writer: bufio.NewWriter(&out), Options: o, replay: g.Run.Replay}
	switch next := g.next(); {
	case g.Run.Verdict == check.Untested:
		t.frame(g)
	case next == nil:
		t.progress(g)
		t.verdictLine(g.Run, g.Run.Failed())
	default:
		t.progress(g)
		t.rung(g, next)
	}
	_ = t.Flush()
	shown := strings.SplitAfter(harmless(out.String()), "\n")
	if !g.All {
		shown = shown[:min(len(shown), guideLines)]
	}
	_, err := io.WriteString(w, strings.Join(shown, ""))
	return err
}

// next is the rung to show: the first that broke again, or the first that does not hold.
func (g *Guided) next() *check.Rung {
	for i := range g.Ladder {
		if r := &g.Ladder[i]; !r.Holds() && slices.Contains(g.Broken, r.Rule) {
			return r
		}
	}
	return g.Ladder.First()
}

// progress says how many rules hold, and lists them all if asked to.
func (t *text) progress(g *Guided) {
	count := fmt.Sprintf("%d of %d rules hold", g.Ladder.Holding(), len(g.Ladder))
	t.printf("%s  %s\n", t.bold("%s", count), t.dim("%s, %s", clip(g.Run.Name, 40), conditions(g.Run)))
	if !g.All {
		return
	}
	for i := range g.Ladder {
		if r := &g.Ladder[i]; r.Holds() {
			t.printf("  %s %s\n", t.green("holds"), printable(r.Rule))
		} else {
			t.printf("  %s %s  %s\n", t.red("fails"), printable(r.Rule),
				t.dim("%s, %s", r.Level, counted(len(r.Failures), "failure")))
		}
	}
}

// frame is shown while the port does not answer: before there is an answer, no rule can be judged.
func (t *text) frame(g *Guided) {
	t.printf("%s  %s\n\n", t.bold("the port does not answer yet"), t.dim("%s", clip(g.Run.Name, 40)))
	t.printf("Read standard input line by line. Each line is a question, one JSON object.\n" +
		"Print one line of JSON for each and flush it: the same id, the message that\n" +
		"you sign and the headers. A first answer may be wrong:\n" +
		`  {"id": ID, "hmac_msg": "", "headers": {"X-Auth-Signature": ""}}` + "\n\n")
	for i := range g.Run.Vectors {
		if r := &g.Run.Vectors[i]; r.Outcome != check.Pass {
			t.asked(g, r.ID, 0)
			break
		}
	}
	for _, note := range g.Run.Notes[:min(3, len(g.Run.Notes))] {
		t.paragraph("", note, 3)
	}
	for i := range g.Run.Vectors {
		if r := &g.Run.Vectors[i]; r.Stderr != "" {
			t.stderr(r.Stderr)
			break
		}
	}
	t.printf("\nsigcheck docs protocol has the details\n")
}

// rung shows the rule, one failure and the fix.
func (t *text) rung(g *Guided, r *check.Rung) {
	title := "Next:"
	if slices.Contains(g.Broken, r.Rule) {
		title = "It held before and does not hold any more:"
	}
	t.printf("%s %s  %s\n\n", t.bold("%s", title), t.red("%s", printable(r.Rule)),
		t.dim("%s, %s", r.Level, counted(len(r.Failures), "failure")))
	rest := t.taken(func() { t.unclimbed(g, r) })
	// Beside these stand how many rules hold, which is next, and the titles, with two blank lines.
	const others = 5
	left := guideLines - others - lines(rest)
	rule := t.taken(func() {
		t.ruleText(r.Rule, g.Rule(r.Rule), min(guideRuleLines, left-guideQuestion))
	})
	t.printf("%s", rule)
	t.asked(g, r.Failures[0].ID, left-lines(rule)+1)
	t.printf("%s", rest)
}

// unclimbed shows how a rung fails, and the fix.
func (t *text) unclimbed(g *Guided, r *check.Rung) {
	failed := r.Failures[0]
	token := failed.Fault == check.WrongToken && r.Mistake != nil // the mistake says more
	want, _ := differingTexts(failed)
	if want == nil || !token && failed.Fault != check.WrongMessage {
		t.paragraph("  ", failed.Detail, 2)
	}
	if failed.Outcome == check.Error && failed.Stderr != "" {
		t.stderr(failed.Stderr)
	}
	t.narrow = true
	t.sides(failed)
	t.printf("\n")
	language := t.language(g.Run)
	if f := r.Mistake; f != nil {
		t.paragraph("", f.Mistakes[0].What, 2)
		t.paragraph("fix: ", f.Mistakes[0].Fix, 3)
	}
	if idiom := mistake.Idiom(r.Rule, language); idiom != "" {
		t.paragraph(printable(language)+": ", idiom, guideFixLines)
	}
	t.printf("more: sigcheck explain %s\n", clip(failed.ID, idWidth))
}

// ruleText shows the start of the text of a rule, in lines of the guide, of which there are at most
// some.
func (t *text) ruleText(rule, markdown string, most int) {
	var shown []string
	for _, words := range paragraphs(markdown) {
		shown = append(shown, inLines(words)...)
	}
	if len(shown) > most {
		shown = append(shown[:most-1], "(the rest: sigcheck explain "+printable(rule)+")")
	}
	for _, line := range shown {
		t.printf("%s\n", line)
	}
	t.printf("\n")
}

// paragraphs returns the paragraphs and entries of lists of Markdown up to the first blank line,
// each in one line.
func paragraphs(markdown string) (all []string) {
	for line := range strings.Lines(markdown) {
		line = strings.TrimSpace(line)
		switch {
		case line == "":
			return all
		case len(all) == 0 || strings.HasPrefix(line, "- "):
			all = append(all, line)
		default:
			all[len(all)-1] += " " + line
		}
	}
	return all
}

// asked shows what the port is asked, in a number of lines or the few that are always shown.
func (t *text) asked(g *Guided, id string, most int) {
	most = min(max(guideQuestion, most), guideLongest)
	t.printf("%s\n", t.dim("asked, vector %s:", clip(id, idWidth)))
	shown, cut := visibleJSON(strings.TrimSpace(g.Question(id)), most*(guideWidth-2)-1)
	if cut {
		shown += "\u2026"
	}
	for shown != "" {
		line := runewidth.Truncate(shown, guideWidth-2, "")
		t.printf("  %s\n", line)
		shown = shown[len(line):]
	}
}

// inLines returns a text in lines of the guide. If a word does not fit, as in a long regular
// expression, the lines end at any character.
func inLines(words string) (all []string) {
	all = wrapped(words, textWidth-guideWidth)
	tooLong := func(line string) bool { return runewidth.StringWidth(line) > guideWidth }
	if !slices.ContainsFunc(all, tooLong) {
		return all
	}
	words, all = strings.Join(all, " "), nil
	for words != "" {
		line := runewidth.Truncate(words, guideWidth, "")
		all, words = append(all, line), words[len(line):]
	}
	return all
}

// paragraph shows a text of ours or of others in a few lines. An ellipsis says that there is more.
func (t *text) paragraph(title, words string, most int) {
	all := inLines(title + words)
	if len(all) > most {
		all = all[:most]
		all[most-1] = runewidth.Truncate(all[most-1], guideWidth-1, "") + "\u2026"
	}
	for _, line := range all {
		t.printf("%s\n", line)
	}
}

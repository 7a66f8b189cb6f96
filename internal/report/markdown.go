package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"sigkit/internal/check"
)

// MaxSummary is how many bytes the summary of a job may have. GitHub takes 1 MiB.
const MaxSummary = 900_000

// maxComment is how many bytes a comment may have. GitHub takes 65,536 characters.
const maxComment = 60_000

// Markdown writes the run for a comment on a pull request: the verdict, the causes of the failures
// with their fixes, a table by rule, and the failures, folded.
func Markdown(w io.Writer, run *check.Run, o Options) error {
	return writeMarkdown(w, run, o, maxComment)
}

// Summary writes the same for the summary of a job of GitHub Actions, which has more room: at most
// [MaxSummary] bytes, less what it has already. Failures for which no room is left are counted.
func Summary(w io.Writer, run *check.Run, room int, o Options) error {
	return writeMarkdown(w, run, o, room)
}

func writeMarkdown(w io.Writer, run *check.Run, o Options, limit int) error {
	m := markdown{limit: limit}
	m.head(run)
	m.causes(causes(run, o))
	m.baseline(run)
	m.rules(run)
	m.failures(run)
	_, err := io.WriteString(w, harmless(m.out.String()))
	return err
}

type markdown struct {
	out   strings.Builder
	limit int // of bytes
}

func (m *markdown) printf(format string, args ...any) { fmt.Fprintf(&m.out, format, args...) }

// head is the verdict, the counts and the notes.
func (m *markdown) head(run *check.Run) {
	failed := run.Failed()
	sign := "❌"
	if run.Verdict == check.Conforms {
		sign = "✅"
	}
	t := text{}
	m.printf("### %s %s: %s\n\n", sign, code(clip(run.Name, nameWidth)), t.verdict(run, failed))
	m.printf("%s; %s\n\n", tally(run, failed), escaped(conditions(run)))
	for _, note := range run.Notes {
		m.printf("- %s\n", code(clip(note, noteLines*noteWidth)))
	}
	if len(run.Notes) > 0 {
		m.printf("\n")
	}
	if run.Diagnosis != nil && len(run.Failed()) > 0 {
		m.printf("%s\n\n", escaped(headline(run.Diagnosis)))
	}
}

func (m *markdown) causes(all []cause, more int) {
	for i, c := range all {
		m.printf("%d. **%s** (%s)", i+1, escaped(c.title), code(c.sure))
		if c.what != "" && c.fix == "" { // it may be what the port says
			m.printf("<br>%s", code(c.what))
		} else if c.what != "" {
			m.printf("<br>%s", escaped(c.what))
		}
		if c.fix != "" {
			m.printf("<br>Fix: %s", escaped(c.fix))
		}
		if c.idiom != "" {
			m.printf("<br>%s", code(c.idiom))
		}
		m.printf("\n")
	}
	if more > 0 {
		m.printf("\nand %d more.\n", more)
	}
	if len(all) > 0 {
		m.printf("\n")
	}
}

// baseline lists the entries that are out of date.
func (m *markdown) baseline(run *check.Run) {
	stale := append(run.With(check.Changed), run.With(check.Fixed)...)
	if len(stale) == 0 {
		return
	}
	m.printf("Entries of the baseline that are out of date:\n\n")
	for _, r := range stale[:min(maxCauses, len(stale))] {
		now := cmp.Or(r.Code(), "passes")
		m.printf("- %s: %s, but %s\n", code(clip(r.ID, idWidth)), now, code(clip(r.Listed, entryWidth)))
	}
	if more := len(stale) - maxCauses; more > 0 {
		m.printf("- and %d more\n", more)
	}
	m.printf("\n")
}

// rules is a table of the rules that do not pass as a whole. The others are counted.
func (m *markdown) rules(run *check.Run) {
	if len(run.Rules) == 0 {
		return
	}
	m.printf("| rule | pass | fail | error | unsupported |\n| --- | ---: | ---: | ---: | ---: |\n")
	rest, clean, shown := check.Counts{}, 0, 0
	for _, r := range run.Rules {
		if r.Counts.Pass == r.Counts.Total() || shown == shownRules {
			clean++
			rest = rest.Plus(r.Counts)
			continue
		}
		shown++
		m.row(code(clip(r.Rule, ruleWidth)), r.Counts)
	}
	if clean > 0 && shown == 0 {
		m.row(counted(clean, "rule"), rest)
	} else if clean > 0 {
		m.row(counted(clean, "other rule"), rest)
	}
	m.printf("\n")
}

func (m *markdown) row(name string, c check.Counts) {
	m.printf("| %s | %d | %s | %s | %s |\n", strings.ReplaceAll(name, "|", `\|`), c.Pass,
		number(c.Fail), number(c.Error), number(c.Unsupported))
}

// failures are the failures in full, folded, as far as there is room.
func (m *markdown) failures(run *check.Run) {
	failed := run.Failed()
	const closing = 200 // bytes for what follows
	for i, r := range failed {
		block := folded(run, r)
		if m.out.Len()+len(block)+closing > m.limit {
			m.printf("%s: see the result as JSON.\n\n", counted(len(failed)-i, "more failure"))
			break
		}
		m.out.WriteString(block)
	}
	m.printf("sigcheck %s, %s\n", code(clip(run.Version, idWidth)), code(clip(run.Platform, idWidth)))
}

func folded(run *check.Run, r *check.Result) string {
	text := details(run, r)
	fence := strings.Repeat("`", max(3, longestRun(text, '`')+1))
	summary := fmt.Sprintf("%s <code>%s</code>", r.Code(), htmlText.Replace(clip(r.ID, idWidth)))
	return fmt.Sprintf("<details><summary>%s</summary>\n\n%s\n%s\n%s\n\n</details>\n\n",
		summary, fence, text, fence)
}

// code is a code span of a text in visible form: nothing in it is Markdown.
func code(text string) string {
	text = strings.TrimSpace(text)
	if text == "" {
		return ""
	}
	fence := strings.Repeat("`", longestRun(text, '`')+1)
	if strings.HasPrefix(text, "`") || strings.HasSuffix(text, "`") {
		return fence + " " + text + " " + fence
	}
	return fence + text + fence
}

// longestRun is how often a byte follows itself at most.
func longestRun(text string, b byte) (longest int) {
	run := 0
	for i := range len(text) {
		if text[i] == b {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	return longest
}

var htmlText = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;", `"`, "&quot;")

// escaped is a text in visible form in which nothing is Markdown, no name is called, and nothing
// becomes a link.
func escaped(text string) string { return markdownText.Replace(text) }

// markdownText escapes what GitHub gives a meaning. An empty comment splits what it would make a
// mention or a link of.
var markdownText = strings.NewReplacer(
	"&", "&amp;", "<", "&lt;", ">", "&gt;",
	`\`, `\\`, "`", "\\`", "*", `\*`, "_", `\_`, "[", `\[`, "]", `\]`, "|", `\|`, "~", `\~`,
	"$", `\$`,
	"@", "@<!-- -->", "#", "#<!-- -->", "://", ":<!-- -->//", "www.", "www<!-- -->.",
)

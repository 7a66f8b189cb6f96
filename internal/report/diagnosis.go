package report

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"slices"

	"sigkit/internal/check"
	"sigkit/internal/diagnose"
	"sigkit/internal/mistake"
	"sigkit/vectors"
)

// Bounds of what is shown of a diagnosis.
const (
	shownFindings     = 20  // in full
	shownUnexplained  = 6   // groups of failures
	shownUnstable     = 3   // vectors
	shownAlternatives = 2   // to one finding
	boundedWidth      = 140 // columns of the note on a limit
)

// diagnosis says what the port does wrong, before all details: the headline, what is unstable, the
// findings, then what is unexplained.
func (t *text) diagnosis(run *check.Run) {
	d := run.Diagnosis
	if d == nil {
		return
	}
	t.printf("%s %s\n\n", t.bold("Diagnosis:"), headline(d))
	t.unstable(d.Unstable)
	of, beyond := split(d.Findings)
	of, beyond = merged(of), merged(beyond)
	t.findings(of, t.language(run), 1)
	for _, u := range d.Unexplained[:min(shownUnexplained, len(d.Unexplained))] {
		t.unexplained(&u)
	}
	if more := len(d.Unexplained) - shownUnexplained; more > 0 {
		t.printf("%s: see --report json\n\n", counted(more, "more unexplained group"))
	}
	if len(beyond) > 0 {
		n := ids(beyond)
		t.printf("%s\n\n", t.bold("At level %s, %s %s:", vectors.Extended,
			counted(n, "more mistake"), verb(n, "shows", "show")))
		t.findings(beyond, t.language(run), len(of)+1)
	}
	notes := 0
	if d.Unanswered > 0 {
		notes++
		t.printf("note: the diagnosis knows nothing of the %s without an answer\n",
			counted(d.Unanswered, "vector"))
	}
	if d.Bounded != "" {
		notes++
		t.printf("note: the diagnosis reached a limit: %s\n", clip(d.Bounded, boundedWidth))
	}
	if notes > 0 {
		t.printf("\n")
	}
}

// headline says in one sentence what was found. Its numbers agree with the counts of the run.
func headline(d *diagnose.Diagnosis) string {
	switch d.Constant {
	case diagnose.Refuses:
		return "it refuses everything, even what it must sign."
	case diagnose.OneToken:
		return "it has one token for everything: what it signs does not depend on the question."
	}
	of, _ := split(d.Findings)
	n, failures := ids(of), counted(d.Failures, "failure")
	left := d.Failures - d.Explained
	switch {
	case n == 0 && len(d.Unstable) > 0 && len(d.Unexplained) == 0:
		return "the answers change from one time to the next, so no mistake can be named."
	case n == 0:
		return fmt.Sprintf("no known mistake explains the %s.", failures)
	case d.Explained == 0:
		return fmt.Sprintf("%s %s in the answers, but none of the %s is fully explained.",
			counted(n, "mistake"), verb(n, "shows", "show"), failures)
	}
	head := fmt.Sprintf("%s %s ", counted(n, "mistake"), verb(n, "explains", "explain"))
	if left > 0 {
		head += fmt.Sprintf("%d of %s%s; %d %s unexplained",
			d.Explained, failures, bySide(d), left, verb(left, "is", "are"))
	} else {
		head += allOf(d.Failures) + bySide(d)
	}
	if left == 0 && !d.Complete {
		head += ", but other answers contradict"
	}
	return head + "."
}

func allOf(failures int) string {
	if failures == 1 {
		return "the only failure"
	}
	return fmt.Sprintf("all %d failures", failures)
}

// bySide says how many of the explained failures are of each side, if both have some.
func bySide(d *diagnose.Diagnosis) string {
	if d.Signed == 0 || d.Sent == 0 {
		return ""
	}
	return fmt.Sprintf(" (%d of what is signed, %d of what is sent)", d.Signed, d.Sent)
}

// split separates the findings that the run shows from those that only vectors of the next level
// show, which were asked in addition.
func split(all []diagnose.Finding) (of, beyond []diagnose.Finding) {
	for _, f := range all {
		if f.OfRun() {
			of = append(of, f)
		} else {
			beyond = append(beyond, f)
		}
	}
	return of, beyond
}

// ids counts the mistakes that were found. One that shows in what is signed and in what is sent
// counts once.
func ids(all []diagnose.Finding) int {
	ids := map[string]bool{}
	for _, f := range all {
		ids[f.Mistakes[0].ID] = true
	}
	return len(ids)
}

func (t *text) unstable(all []diagnose.Unstable) {
	if len(all) == 0 {
		return
	}
	t.printf("%s\n", t.red("Asked again, the answer was another one: %s",
		counted(len(all), "vector")))
	for _, u := range all[:min(shownUnstable, len(all))] {
		t.printf("   %s\n     first: %s\n     then:  %s\n", clip(u.Vector, idWidth),
			shorten(u.Seen[0]), shorten(u.Seen[len(u.Seen)-1]))
	}
	if more := len(all) - shownUnstable; more > 0 {
		t.printf("   and %d more: see --report json\n", more)
	}
	t.printf("   fix: %s\n\n", t.green("%s", stableFix))
}

// stableFix is what to do about answers that change.
const stableFix = "Keep nothing between requests: no shared variable for message or key, no clock."

// merged makes one finding of those of one mistake, which shows in what is signed and in what is
// sent.
func merged(all []diagnose.Finding) (shown []diagnose.Finding) {
	for _, f := range all {
		i := slices.IndexFunc(shown, func(g diagnose.Finding) bool {
			return g.Mistakes[0].ID == f.Mistakes[0].ID
		})
		if i < 0 {
			shown = append(shown, f)
			continue
		}
		same := &shown[i]
		same.Side = bothSides
		same.Confidence = min(same.Confidence, f.Confidence)
		same.Explains = union(same.Explains, f.Explains)
		same.Against = union(same.Against, f.Against)
		same.Beyond = union(same.Beyond, f.Beyond)
	}
	return shown
}

// bothSides says that a finding shows in what is signed and in what is sent.
const bothSides diagnose.Side = "both"

func union(a, b []string) []string {
	joined := slices.Clone(a)
	for _, id := range b {
		if !slices.Contains(joined, id) {
			joined = append(joined, id)
		}
	}
	return joined
}

// findings shows mistakes, with numbers from the first one on.
func (t *text) findings(all []diagnose.Finding, language string, first int) {
	for i, f := range all[:min(shownFindings, len(all))] {
		t.finding(first+i, &f, language)
	}
	if len(all) <= shownFindings {
		return
	}
	var ids []string
	for _, f := range all[shownFindings:] {
		ids = append(ids, f.Mistakes[0].ID)
	}
	t.printf("%s: %s\n", counted(len(ids), "more finding"), few(ids))
	t.printf("   fix those above first, or see --report json\n\n")
}

// finding shows one mistake: what goes wrong, the fix, and how sure it is.
func (t *text) finding(number int, f *diagnose.Finding, language string) {
	m := f.Mistakes[0]
	t.printf("%d. %s  %s\n", number, t.red("%s", printable(m.ID)), t.dim("%s", confidence(f)))
	t.describe(m, language)
	t.aside(f)
	t.printf("\n")
}

// aside shows what else is known of a finding: the answers against it, the smallest request and the
// alternatives.
func (t *text) aside(f *diagnose.Finding) {
	if len(f.Against) > 0 {
		t.printf("   against it: %s\n", few(f.Against))
	}
	if f.Smallest != nil {
		t.printf("   the smallest request that shows it:\n     %s\n", question(string(f.Smallest)))
	}
	t.alternatives(f)
}

// describe says what goes wrong, and the fix.
func (t *text) describe(m *mistake.Mistake, language string) {
	for _, line := range wrapped(m.What, 3) {
		t.printf("   %s\n", line)
	}
	for i, line := range wrapped(m.Fix, 8) {
		t.printf("   %s %s\n", verb(i+1, "fix:", "    "), t.green("%s", line))
	}
	t.idioms(m, language)
}

// confidence says how sure a finding is, and what it is about.
func confidence(f *diagnose.Finding) string {
	side := ""
	switch f.Side {
	case diagnose.SideSent:
		side = " of what is sent"
	case bothSides:
		side = ", signed and sent"
	}
	in := counted(len(f.Explains), "failure")
	if !f.OfRun() {
		in = fmt.Sprintf("%s of level %s", counted(len(f.Beyond), "vector"), vectors.Extended)
	}
	return fmt.Sprintf("rule %s, %s, in %s%s", printable(f.Mistakes[0].Rule), f.Confidence, in, side)
}

// idioms shows how the fix is written in one language, or in all if no language is known.
func (t *text) idioms(m *mistake.Mistake, language string) {
	for _, name := range slices.Sorted(maps.Keys(m.Idioms)) {
		if name == language || language == allLanguages {
			t.printf("   %s: %s\n", printable(name), printable(m.Idioms[name]))
		}
	}
}

// alternatives shows the mistakes that nothing asked distinguishes from the first. Variants of the
// first have the same fix, so their names are enough.
func (t *text) alternatives(f *diagnose.Finding) {
	var variants, others []*mistake.Mistake
	for _, m := range f.Mistakes[1:] {
		if m.VariantOf == f.Mistakes[0].ID {
			variants = append(variants, m)
		} else {
			others = append(others, m)
		}
	}
	for _, m := range others[:min(shownAlternatives, len(others))] {
		t.also(m)
	}
	if more := len(others) - shownAlternatives; more > 0 {
		t.printf("   also possible: %d more, see --report json\n", more)
	}
	t.variants(variants)
	if len(f.Mistakes) > 1 && f.Mistakes[1].VariantOf != f.Mistakes[0].ID {
		t.distinguish(f)
	}
}

func (t *text) also(m *mistake.Mistake) {
	for i, line := range wrapped(fmt.Sprintf("%s: %s", m.ID, m.What), 18) {
		t.printf("   %s %s\n", verb(i+1, "also possible:", "              "), line)
	}
}

func (t *text) variants(all []*mistake.Mistake) {
	switch len(all) {
	case 0:
	case 1:
		t.printf("   %s\n", t.dim("also possible: %s: %s", printable(all[0].ID), printable(all[0].What)))
	default:
		t.printf("   %s\n", t.dim("also possible: %s", few(mistake.Set(all).IDs())))
	}
}

// distinguish shows the request that distinguishes the first two mistakes of a finding.
func (t *text) distinguish(f *diagnose.Finding) {
	d := f.Distinguish
	if d == nil {
		return
	}
	if d.Vector != "" {
		t.printf("   The answer to the vector %s decides:\n", clip(d.Vector, idWidth))
	} else {
		t.printf("   The answer to this question decides:\n     %s\n", question(d.Question))
	}
	for i, answer := range d.Answers[:min(len(d.Answers), len(f.Mistakes))] {
		id := printable(f.Mistakes[i].ID)
		t.printf("     %s: %s\n", id, clip(answer, lineWidth-len(id)))
	}
}

// unexplained shows one group of failures that no known mistake explains, by the smallest request
// that still fails.
func (t *text) unexplained(u *diagnose.Unexplained) {
	t.printf("%s %s: %s\n", t.red("Not explained:"),
		counted(len(u.Vectors), "failure"), few(u.Vectors))
	if u.Smallest != nil {
		t.printf("  the smallest request that still fails:\n    %s\n", question(string(u.Smallest)))
	}
	t.texts(u)
	t.printf("\n")
}

// question is a question in one line, which the port can be asked.
func question(line string) string {
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(line)); err != nil {
		return shorten(line)
	}
	shown, cut := visibleJSON(compact.String(), lineWidth)
	if cut {
		shown += fmt.Sprintf("\u2026 (%d bytes, see --report json)", compact.Len())
	}
	return shown
}

// texts compares what was wanted and what came, as far as both are known and differ.
func (t *text) texts(u *diagnose.Unexplained) {
	want, got := u.Want, u.Got
	switch {
	case want == nil || got == nil:
	case got.Error != nil && want.Error == nil:
		t.printf("  it refuses: %s\n", shorten(*got.Error))
	case want.Error != nil && got.Error == nil:
		t.printf("  it must be refused: %s\n", shorten(*want.Error))
	case got.HMACMsg != nil && want.HMACMsg != nil && *got.HMACMsg != *want.HMACMsg:
		t.compare(want.HMACMsg, got.HMACMsg)
	case got.Token == nil:
		t.printf("  got    no single X-Auth-Signature\n")
	case want.Token != nil && *got.Token != *want.Token:
		t.token(want, got)
	default:
		t.compare(requestTexts(want, got))
	}
}

// counted is a number of things.
func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

// verb is the form of a word that goes with a number.
func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// few names the first of many ids.
func few(ids []string) string {
	const most, width = 4, 120
	shown := clip(ids[0], idWidth)
	for i, id := range ids[1:] {
		next := shown + ", " + clip(id, idWidth)
		if i+1 == most || len(next) > width {
			return fmt.Sprintf("%s and %d more", shown, len(ids)-i-1)
		}
		shown = next
	}
	return shown
}

package report

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/runenames"

	"sigkit/internal/check"
	"sigkit/internal/diagnose"
	"sigkit/internal/wire"
)

// shownExamples is how many failures are shown in full, and shownPerRule how many of one rule if no
// diagnosis groups them.
const (
	shownExamples = 8
	shownPerRule  = 2
	shownStderr   = 6 // lines of standard error
)

// examples shows failures in full: one of each cause. Without a diagnosis these are the first of
// each rule; if everything fails in one way, the first of all.
func (t *text) examples(run *check.Run, failed []*check.Result) {
	if len(failed) == 0 {
		return
	}
	var shown []*check.Result
	if first := alike(run, failed); first != nil {
		t.printf("%s %s\n\n",
			t.red("All %d vectors that should be signed fail alike:", signable(run)), sentence(first))
		shown = []*check.Result{first}
	} else {
		shown = chosen(run.Diagnosis, failed)
	}
	for _, r := range shown {
		t.failure(r)
	}
	if more := len(failed) - len(shown); more > 0 {
		t.printf("%s: --rule RULE shows those of one rule, --report json shows all\n\n",
			counted(more, "more failure"))
	}
}

// chosen returns the failures to show: one of each unexplained group, one of each finding, and what
// could not be judged.
func chosen(d *diagnose.Diagnosis, failed []*check.Result) (shown []*check.Result) {
	byID := map[string]*check.Result{}
	for _, r := range failed {
		byID[r.ID] = r
	}
	add := func(ids []string) {
		if len(shown) == shownExamples {
			return
		}
		for _, id := range ids {
			if r := byID[id]; r != nil && !slices.Contains(shown, r) {
				shown = append(shown, r)
				return
			}
		}
	}
	if d == nil || len(d.Findings)+len(d.Unexplained) == 0 {
		return firstOfRules(failed)
	}
	for _, u := range d.Unexplained {
		add(u.Vectors)
	}
	for _, ids := range clearestFirst(d.Findings[:min(shownFindings, len(d.Findings))]) {
		add(ids)
	}
	for _, r := range firstOfRules(failed) {
		if r.Outcome != check.Fail {
			add([]string{r.ID})
		}
	}
	return shown
}

// clearestFirst returns the failures of each finding, sorted by how many findings take part in
// each: one alone shows it best.
func clearestFirst(findings []diagnose.Finding) (sorted [][]string) {
	count := map[string]int{}
	for _, f := range findings {
		for _, id := range f.Explains {
			count[id]++
		}
	}
	for _, f := range findings {
		ids := slices.Clone(f.Explains)
		slices.SortStableFunc(ids, func(a, b string) int { return cmp.Compare(count[a], count[b]) })
		sorted = append(sorted, ids)
	}
	return sorted
}

func firstOfRules(failed []*check.Result) (shown []*check.Result) {
	count := map[string]int{}
	for _, r := range failed {
		if count[r.Rule]++; count[r.Rule] <= shownPerRule && len(shown) < shownExamples {
			shown = append(shown, r)
		}
	}
	return shown
}

// alike returns the first failure if all vectors that should be signed fail in one way: then the
// cause is one thing, and not about any vector.
func alike(run *check.Run, failed []*check.Result) (first *check.Result) {
	if run.Diagnosis != nil && len(run.Diagnosis.Findings) > 0 {
		return nil
	}
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
	switch {
	case r.Fault == check.WrongMessage && r.Want.HMACMsg != nil && r.Got.HMACMsg != nil:
		want, got := differing(*r.Want.HMACMsg, *r.Got.HMACMsg)
		return fmt.Sprintf("the message has %s where %s should be", character(got), character(want))
	case r.Fault == check.Refused && r.Got.Error != nil:
		return "the port refuses them. It says: " + shorten(*r.Got.Error)
	case r.Outcome == check.Error:
		return fmt.Sprintf("the outcome is %s every time. The first: %s", r.Fault, shorten(r.Detail))
	}
	return shorten(r.Detail)
}

// failure shows one vector: what went wrong, why the vector exists, both sides, and how to run it
// again.
func (t *text) failure(r *check.Result) {
	code := string(r.Outcome)
	if r.Fault != "" {
		code = string(r.Fault)
	}
	t.printf("%s %s  %s\n", t.red("%s", code), clip(r.ID, idWidth), t.dim("%s", place(r)))
	if r.Detail != "" {
		t.printf("  %s\n", shorten(r.Detail))
	}
	if r.Why != "" {
		t.printf("  %s\n", t.dim("why this vector: %s", shorten(r.Why)))
	}
	t.sides(r)
	if r.Stderr != "" && r.Outcome != check.Fail {
		t.stderr(r.Stderr)
	}
	if again := t.replay(r.ID); again != "" {
		t.printf("  again  %s\n", printable(again))
	}
	t.printf("\n")
}

// stderr shows the tail of standard error, once.
func (t *text) stderr(lines string) {
	if lines == t.lastStderr {
		t.printf("  stderr | as above\n")
		return
	}
	t.lastStderr = lines
	all := strings.Split(strings.TrimRight(lines, "\r\n"), "\n")
	for _, line := range all[max(0, len(all)-shownStderr):] {
		t.printf("  stderr | %s\n", shorten(strings.TrimRight(line, "\r")))
	}
}

// place says where a vector belongs.
func place(r *check.Result) string {
	if r.Rule == "" {
		return string(r.Level)
	}
	return fmt.Sprintf("%s, rule %s", r.Level, clip(r.Rule, ruleWidth))
}

// sides shows what was wanted and what came, as far as they differ.
func (t *text) sides(r *check.Result) {
	switch want, got := differingTexts(r); {
	case r.Fault == check.WrongToken:
		t.token(&r.Want, &r.Got)
	case want == nil && got != nil:
		t.printf("  got    %s\n", shorten(*got))
	default:
		t.compare(want, got)
	}
}

// token compares two tokens. The message to sign is shown if the port did not tell its own.
func (t *text) token(want, got *check.Side) {
	t.compare(want.Token, got.Token)
	if got.HMACMsg == nil && want.HMACMsg != nil {
		t.printf("  sign   %s\n", shorten(*want.HMACMsg))
	}
}

// differingTexts returns the two texts of a failure that differ, as far as they are known. A want
// of nil beside a got means that nothing was wanted.
func differingTexts(r *check.Result) (want, got *string) {
	switch r.Fault {
	case check.WrongMessage:
		return r.Want.HMACMsg, r.Got.HMACMsg
	case check.WrongToken:
		return r.Want.Token, r.Got.Token
	case check.WrongRequest:
		return requestTexts(&r.Want, &r.Got)
	case check.Accepted:
		return nil, r.Got.HMACMsg
	}
	return nil, nil
}

// requestTexts returns the first difference between two requests that a server can see, decoded.
func requestTexts(want, got *check.Side) (w, g *string) {
	if want.URL != nil && got.URL != nil {
		if d := wire.CompareURL(*want.URL, *got.URL); d != nil {
			return &d.Want, &d.Got
		}
	}
	if got.Body != nil {
		if d := wire.CompareBody(want.Body, got.Body); d != nil {
			return &d.Want, &d.Got
		}
	}
	return nil, nil
}

// compare shows two texts around their first difference, which is marked.
func (t *text) compare(want, got *string) {
	if want == nil || got == nil || *want == *got {
		return
	}
	shownWant, shownGot, column, offset := excerpt(*want, *got, t.narrow)
	t.printf("  want   %s\n  got    %s\n", shownWant, shownGot)
	mark := fmt.Sprintf("^ byte %d", offset+1)
	named := names(*want, *got)
	if t.narrow {
		named = ""
	}
	t.printf("         %s%s%s\n", strings.Repeat(" ", column), t.red("%s", mark), named)
}

// characterWidth is how many columns of a character's name are shown.
const characterWidth = 48

// names names the characters at the first difference, if they are not letters or digits.
func names(want, got string) string {
	w, g := differing(want, got)
	if isPlain(w) && isPlain(g) {
		return ""
	}
	return fmt.Sprintf(": want %s, got %s", character(w), character(g))
}

// character names the first character of a text.
func character(s string) string {
	if s == "" {
		return "the end"
	}
	r, _ := utf8.DecodeRuneInString(s)
	if isPlain(s) {
		return fmt.Sprintf("%q", r)
	}
	return fmt.Sprintf("U+%04X %s", r, clip(runenames.Name(r), characterWidth))
}

// isPlain reports whether a text starts with an ASCII letter or digit.
func isPlain(s string) bool {
	return s != "" && strings.ContainsAny(s[:1],
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
}

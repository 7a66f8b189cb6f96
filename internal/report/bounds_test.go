package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/diagnose"
	"sigkit/internal/mistake"
	"sigkit/internal/port"
	"sigkit/vectors"
)

// assertBounded checks that no line is longer than a terminal shows well, and that there are not
// too many. The command that asks a vector again is whole, however long, for copying.
func assertBounded(t *testing.T, report string) {
	t.Helper()
	const longest, most = 200, 600
	assert.Less(t, strings.Count(report, "\n"), most, "lines")
	for line := range strings.Lines(report) {
		line = strings.TrimRight(line, "\n")
		if !strings.HasPrefix(line, "  again  ") {
			assert.LessOrEqual(t, utf8.RuneCountInString(line), longest, line)
		}
	}
}

// many are long ids.
func many(kind string, n int) (ids []string) {
	for i := range n {
		ids = append(ids, fmt.Sprintf("%s-%s/%d", kind, strings.Repeat("long-", 50), i))
	}
	return ids
}

// huge is a run with 10,000 failures of 10,000 rules, all of whose texts are long, and with a
// diagnosis that has as much to say.
func huge() *check.Run {
	text := strings.Repeat("\u200b\x1b日 a ", 1000)
	var all []check.Result
	rules, stderr := many("rule", 10_000), strings.Repeat(text+"\n", 100)
	for i, id := range many("vector", 10_000) {
		r := failed(id, rules[i], check.WrongMessage, text)
		switch i % 4 {
		case 1:
			r.Outcome, r.Fault, r.Stderr = check.Error, port.Crashed, stderr
		case 2:
			r.Known, r.Listed, r.Reason = check.Changed, text, text
		case 3:
			r.Known, r.Listed, r.Reason = check.Fixed, text, text
		}
		r.Why = text
		all = append(all, sides(r,
			check.Side{HMACMsg: new(text + "\u0301")}, check.Side{HMACMsg: new(text + "\u0300")}))
	}
	run := newRun(all...)
	run.Name, run.Notes = text, []string{text, text}
	run.Profile, run.Capture, run.Known, run.Seconds = vectors.Vigiles, true, 10_000, 12345.678
	run.Counts.Unsupported = 10_000
	run.Diagnosis = hugeDiagnosis(text)
	return run
}

func hugeDiagnosis(text string) *diagnose.Diagnosis {
	ids := many("vector", 10_000)
	d := &diagnose.Diagnosis{
		Failures:   10_000,
		Explained:  5000,
		Signed:     2500,
		Sent:       2500,
		Unanswered: 10_000,
		Bounded:    text,
	}
	longest := mistake.Catalogue()[0]
	for _, m := range mistake.Catalogue() {
		if len(m.What)+len(m.Fix) > len(longest.What)+len(longest.Fix) {
			longest = m
		}
	}
	for _, m := range mistake.Catalogue() {
		f := likely(ids, m)
		f.Mistakes = []*mistake.Mistake{m, longest, longest, longest, longest, longest}
		f.Explains = ids
		f.Distinguish = &diagnose.Distinguish{Question: text, Answers: []string{text, text}}
		d.Findings = append(d.Findings, f)
	}
	for range 10_000 {
		d.Unexplained = append(d.Unexplained, diagnose.Unexplained{
			Vectors:  ids,
			Smallest: []byte(`{"data":{"a":"` + strings.Repeat(`\"\u200b日`, 1000) + `"}}`),
			Want:     &check.Side{HMACMsg: new(text + "a")},
			Got:      &check.Side{HMACMsg: new(text + "b")},
		})
		d.Unstable = append(d.Unstable, diagnose.Unstable{Vector: ids[0], Seen: []string{text, text}})
	}
	return d
}

// Whatever a port answers and whatever a file of vectors says, a report is one that people read:
// it says how many more there are, and how to see them.
func TestReportIsBounded(t *testing.T) {
	var got bytes.Buffer
	run := huge()
	require.NoError(t, Text(&got, run, Options{}))
	assertBounded(t, got.String())
	for _, more := range []string{
		"more findings: ",
		"9994 more unexplained groups: see --report json",
		"and 9997 more: see --report json",
		"and 9999 more",
		"more failures: --rule RULE shows",
		"and 9960 more rules: see --report json",
		"  and 2492 more: see --report json",
	} {
		assert.Contains(t, got.String(), more)
	}
	run.Diagnosis = nil
	got.Reset()
	require.NoError(t, Text(&got, run, Options{Language: "all"}))
	assertBounded(t, got.String())
}

// Every mistake of the catalogue fits into the lines of a report, in all languages.
func TestMistakesFit(t *testing.T) {
	for _, m := range mistake.Catalogue() {
		var got bytes.Buffer
		run := diagnosed(diagnose.Diagnosis{Findings: []diagnose.Finding{finding(two, m)}})
		require.NoError(t, Text(&got, run, Options{Language: "all"}))
		assertBounded(t, got.String())
	}
}

func TestVisible(t *testing.T) {
	for text, want := range map[string]string{
		"a b é 日本":           "a b é 日本",
		"\x00\t\n\r\x1b\x7f": `\0\t\n\r\u{1B}\u{7F}`,
		"\u00a0\u200b\ufeff": `\u{A0}\u{200B}\u{FEFF}`,
		"e\u0301\ue000":      `e\u{301}\u{E000}`,
		`\n`:                 `\\n`,
		"\xff\xed\xa0\x80":   `\xff\xed\xa0\x80`,
	} {
		assert.Equal(t, want, visible(text))
	}
}

func TestClip(t *testing.T) {
	for _, c := range []struct {
		text    string
		columns int
		want    string
	}{
		{"abc", 3, "abc"},
		{"abcd", 3, "abc\u2026 (4 bytes)"},
		{"日本", 3, "日\u2026 (6 bytes)"},
		{"a\x1bb", 7, `a\u{1B}` + "\u2026 (3 bytes)"},
		{"\u200b", 3, `\u{200B}`},
		{"", 3, ""},
	} {
		assert.Equal(t, c.want, clip(c.text, c.columns))
	}
}

// A question in a report can be copied: it is the same JSON.
func TestQuestion(t *testing.T) {
	line := "{\n \"a\": \"\\\"\\\\ \u200b\U000e0001é\"}"
	assert.Equal(t, `{"a":"\"\\ \u200b\udb40\udc01é"}`, question(line))
	assert.JSONEq(t, line, question(line))
	assert.Contains(t, question(`"`+strings.Repeat("a", 300)+`"`), "(302 bytes, see --report json)")
	assert.Equal(t, "not JSON", question("not JSON"))
}

// Whatever the two texts are, the mark stands below the first character that differs.
func FuzzExcerpt(f *testing.F) {
	f.Add("abc", "abd")
	f.Add("日本語", "日本é")
	f.Add("", "\xff")
	f.Fuzz(func(t *testing.T, want, got string) {
		if want == got {
			return
		}
		shownWant, shownGot, column, offset := excerpt(want, got, false)
		assert.LessOrEqual(t, offset, min(len(want), len(got)))
		assert.Equal(t, want[:offset], got[:offset])
		assert.GreaterOrEqual(t, column, 0)
		assert.NotEqual(t, shownWant, "")
		assert.NotEqual(t, shownGot, "")
	})
}

package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/schema"
	"sigkit/vectors"
)

var update = flag.Bool("update", false, "write the golden files")

// mixed is a run with a failure of every kind.
func mixed() *check.Run {
	message := "GET/api/v1/xemail=user@example.com&names=a\u0301&names=日本&z=True"
	wrong := "GET/api/v1/xemail=user@example.com&names=\u00e1&names=日本&z=True"
	long := strings.Repeat("a=0123456789&", 50)
	results := []check.Result{
		{ID: "a/pass", Level: vectors.Core, Rule: "list-order", Outcome: check.Pass},
		{ID: "a/message", Level: vectors.Core, Rule: "text-string", Outcome: check.Fail, Fault: check.WrongMessage, Detail: "the message differs from byte 42 on", Why: "Composed letters are not decomposed ones.",
			Want: check.Side{HMACMsg: &message, Token: new("w")}, Got: check.Side{HMACMsg: &wrong, Token: new("g")}},
		{ID: "a/tail", Level: vectors.Core, Rule: "text-string", Outcome: check.Fail, Fault: check.WrongMessage, Detail: "the message has 1 bytes too many after byte 650",
			Want: check.Side{HMACMsg: &long}, Got: check.Side{HMACMsg: new(long + "\n")}},
		{ID: "a/more", Level: vectors.Core, Rule: "text-string", Outcome: check.Fail, Fault: check.WrongMessage},
		{ID: "a/token", Level: vectors.Extended, Rule: "token-hmac", Outcome: check.Fail, Fault: check.WrongToken, Detail: "the token differs; return hmac_msg too, and you will see whether it is the message",
			Want: check.Side{HMACMsg: &message, Token: new("AAAA=")}, Got: check.Side{Token: new("AAAB=")}},
		{ID: "a/request", Level: vectors.Extended, Rule: "wire-form", Outcome: check.Fail, Fault: check.WrongRequest, Detail: "the signature is right, and the body would reach the server as something else",
			Want: check.Side{Body: new("a=1&b=2")}, Got: check.Side{Body: new("b=2&a=1")}},
		{ID: "a/refused", Level: vectors.Extended, Rule: "key-file-json", Outcome: check.Fail, Fault: check.Refused, Detail: "it refused an input that must be signed: \x1b[31mno", Got: check.Side{Error: new("no")}},
		{ID: "a/accepted", Level: vectors.Extended, Rule: "key-file-json", Outcome: check.Fail, Fault: check.Accepted, Detail: "it signed an input that must be refused (key-file)", Want: check.Side{Error: new("key-file")}, Got: check.Side{HMACMsg: &long}},
		{ID: "a/crash", Level: vectors.Quirk, Rule: "text-float", Outcome: check.Error, Fault: "crashed", Detail: "it ended with exit code 1 after 3 answers", Stderr: "Traceback\nValueError: x\x00"},
		{ID: "a/lacks", Level: vectors.Quirk, Rule: "text-float", Outcome: check.Unsupported, Detail: "floats"},
	}
	run := &check.Run{Format: check.Format, Name: "port", Command: []string{"port"}, Mode: "stream", Notes: []string{}, Level: vectors.Quirk, Verdict: check.Fails, Seconds: 1.5, Vectors: results}
	byRule := map[string]int{}
	for i, r := range results {
		results[i].Breaks = r.Outcome == check.Fail || r.Outcome == check.Error
		run.Counts.Add(r.Outcome)
		if _, seen := byRule[r.Rule]; !seen {
			byRule[r.Rule] = len(run.Rules)
			run.Rules = append(run.Rules, check.RuleCounts{Rule: r.Rule})
		}
		run.Rules[byRule[r.Rule]].Counts.Add(r.Outcome)
	}
	return run
}

// uniform is a run in which everything fails for one reason.
func uniform() *check.Run {
	run := mixed()
	run.Vectors = run.Vectors[:0]
	for _, id := range []string{"a/one", "a/two", "a/three"} {
		run.Vectors = append(run.Vectors, check.Result{ID: id, Level: vectors.Core, Rule: "r", Outcome: check.Fail, Breaks: true, Fault: check.WrongHeader,
			Detail: "the answer has no X-Auth-Signature among its headers (Authorization)", Want: check.Side{Token: new("t")}})
	}
	run.Counts = check.Counts{Fail: 3}
	run.Rules = []check.RuleCounts{{Rule: "r", Counts: run.Counts}}
	return run
}

// diagnosed are the same failures with each kind of diagnosis.
func diagnosed(d check.Diagnosis) *check.Run {
	run := uniform()
	run.Command = []string{"python3", "port.py"}
	run.Diagnosis = &d
	return run
}

var (
	lower = check.Named{ID: "boolean-lower-case", Rule: "text-boolean", What: "Booleans are written true and false.", Fix: "Write True and False.", Idioms: map[string]string{"Python": "str(value)", "Go": "no"}}
	last  = check.Named{ID: "email-last", Rule: "email-joins", What: "The email is put last.", Fix: "Sort it."}
)

func clean() *check.Run {
	run := mixed()
	run.Vectors, run.Verdict = run.Vectors[:1], check.Conforms
	run.Counts = check.Counts{Pass: 1}
	run.Rules = run.Rules[:1]
	return run
}

func stopped() *check.Run {
	run := clean()
	run.Verdict, run.Notes, run.Vectors, run.Rules, run.Counts = check.Untested, []string{"starting the port: no such file"}, []check.Result{}, []check.RuleCounts{}, check.Counts{}
	return run
}

// listed is a run with a baseline: one vector fails as listed, one otherwise, one not at all any more.
func listed() *check.Run {
	run := mixed()
	run.Mode, run.Capture, run.Known = "exec", true, 1
	run.Vectors = run.Vectors[:3]
	for i, known := range []check.Knowledge{check.Fixed, check.Known, check.Changed} {
		r := &run.Vectors[i]
		r.Known, r.Reason, r.Listed, r.Breaks = known, "bug 7", "known.txt:3: "+r.ID+" wrong-message", known != check.Known
	}
	return run
}

func TestGolden(t *testing.T) {
	options := Options{Replay: func(id string) string { return "sigcheck run --run " + id + " -- port" }}
	for name, run := range map[string]*check.Run{"mixed": mixed(), "uniform": uniform(), "clean": clean(), "stopped": stopped(), "listed": listed(),
		"one":      diagnosed(check.Diagnosis{Answers: 3, Failures: 3, Complete: true, Explains: [][]check.Named{{lower}}, Variants: []check.Named{last}, Unanswered: 2, Unseen: 4}),
		"either":   diagnosed(check.Diagnosis{Answers: 3, Failures: 3, Complete: true, Explains: [][]check.Named{{lower}, {last}}, More: 3, Apart: &check.Apart{ID: "a/b", Says: []string{"it refuses", "it signs"}}}),
		"question": diagnosed(check.Diagnosis{Answers: 3, Failures: 3, Complete: true, Explains: [][]check.Named{{lower, last}, {last, lower}}, Apart: &check.Apart{Question: `{"id":"q"}`, Says: []string{"x", "y"}}}),
		"grown":    diagnosed(check.Diagnosis{Answers: 3, Failures: 3, Complete: true, Grown: true, Explains: [][]check.Named{{lower, last, lower, last}}}),
		"part":     diagnosed(check.Diagnosis{Answers: 3, Failures: 3, Explains: [][]check.Named{}, Part: &check.Part{Mistakes: []check.Named{lower}, Explained: 2, Remaining: []string{"a/one"}}}),
		"near":     diagnosed(check.Diagnosis{Answers: 3, Failures: 3, Explains: [][]check.Named{}, Near: &check.Near{Mistakes: []check.Named{last}, Explained: 2, Against: []string{"a", "b", "c", "d", "e", "f", "g", "h"}}}),
		"constant": diagnosed(check.Diagnosis{Answers: 3, Failures: 3, Explains: [][]check.Named{}, Constant: "one-token"}),
	} {
		for format, write := range formats {
			t.Run(name+"."+format, func(t *testing.T) {
				var got bytes.Buffer
				require.NoError(t, write(&got, run, options))
				file := filepath.Join("testdata", name+"."+format)
				if *update {
					require.NoError(t, os.WriteFile(file, got.Bytes(), 0o644))
				}
				want, err := os.ReadFile(file)
				require.NoError(t, err, "run go test -update")
				assert.Equal(t, string(want), got.String())
				if format == "json" {
					assert.NoError(t, schema.Validate(schema.Result, got.Bytes()))
				}
			})
		}
	}
}

func TestColor(t *testing.T) {
	var plain, colored bytes.Buffer
	require.NoError(t, Text(&plain, mixed(), Options{}))
	require.NoError(t, Text(&colored, mixed(), Options{Color: true}))
	assert.NotContains(t, plain.String(), "\x1b")
	assert.Contains(t, colored.String(), "\x1b[31mdoes not conform\x1b[")
}

func TestUnknownFormat(t *testing.T) {
	_, err := Find("yaml")
	assert.EqualError(t, err, `report format "yaml" is unknown: choose json, text`)
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

// Whatever the two texts are, the mark stands under the first character that differs.
func FuzzExcerpt(f *testing.F) {
	f.Add("abc", "abd")
	f.Add("日本語", "日本é")
	f.Add("", "\xff")
	f.Fuzz(func(t *testing.T, want, got string) {
		if want == got {
			return
		}
		shownWant, shownGot, column, offset := excerpt(want, got)
		assert.LessOrEqual(t, offset, min(len(want), len(got)))
		assert.Equal(t, want[:offset], got[:offset])
		assert.GreaterOrEqual(t, column, 0)
		assert.NotEqual(t, shownWant, "")
		assert.NotEqual(t, shownGot, "")
	})
}

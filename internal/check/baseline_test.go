package check

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
	"sigkit/vectors"
)

func parsed(t *testing.T, text string) *Baseline {
	b, err := ParseBaseline("known.txt", []byte(text))
	require.NoError(t, err)
	return b
}

func TestParseBaseline(t *testing.T) {
	b := parsed(t, strings.Join([]string{
		"\ufeff# about\r", "", "", "# above", "a/one   wrong-token # bug 7, # again", "b/* timeout", "",
	}, "\n"))
	assert.Equal(t, []string{"# about"}, b.header)
	assert.Equal(t, []Entry{
		{
			Line:    5,
			Pattern: "a/one",
			Code:    "wrong-token",
			Reason:  "bug 7, # again",
			above:   []string{"# above"},
		},
		{Line: 6, Pattern: "b/*", Code: "timeout"},
	}, b.Entries)
}

func TestParseBaselineErrors(t *testing.T) {
	const form = "an entry has an id or a glob, and a fault code: " +
		"write it as `list-order/numbers wrong-message  # why`"
	for _, c := range []struct{ name, text, err string }{
		{"one word", "a", "known.txt:1: " + form},
		{"three words", "a timeout\nb timeout late", "known.txt:2: " + form},
		{"code", "a wrong", `known.txt:1: fault code "wrong" is unknown: ` +
			"choose accepted, crashed, flooded, garbage, no-answer, refused, timeout, unsupported, " +
			"wrong-header, wrong-message, wrong-request, wrong-token"},
		{"glob", "c[ timeout", `known.txt:1: pattern "c[" is not a glob: ` +
			"close the bracket, or escape it with a backslash"},
		{"twice", "d timeout\n\nd crashed",
			"known.txt:3: d is listed on line 1 already: keep one of the two"},
		{"two errors", "a\nb", "known.txt:1: " + form + "\nknown.txt:2: " + form},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := ParseBaseline("known.txt", []byte(c.text))
			assert.EqualError(t, err, c.err)
		})
	}
}

// results are two groups: a/one passes, a/two and a/three have a wrong token, b/one hangs, b/two
// lacks something.
func results() *Run {
	run := &Run{Verdict: Fails, Vectors: []Result{
		{ID: "a/one", Level: vectors.Core, Outcome: Pass},
		{ID: "a/two", Level: vectors.Core, Outcome: Fail, Fault: WrongToken},
		{ID: "a/three", Level: vectors.Extended, Outcome: Fail, Fault: WrongToken},
		{ID: "b/one", Level: vectors.Extended, Outcome: Error, Fault: port.Timeout},
		{ID: "b/two", Level: vectors.Extended, Outcome: Unsupported},
	}}
	Gate{}.Apply(run)
	return run
}

func TestGate(t *testing.T) {
	for _, c := range []struct {
		name     string
		baseline []string
		strict   bool
		verdict  Verdict
		want     string // see summary
	}{
		{"no baseline", nil, false, Fails, "a/two! a/three! b/one!"},
		{"strict", nil, true, Fails, "a/two! a/three! b/one! b/two!"},
		{"all listed",
			[]string{"a/two wrong-token", "a/three wrong-token", "b/one timeout"}, false, Conforms,
			"a/two:known a/three:known b/one:known"},
		{"strict, all listed",
			[]string{"a/t* wrong-token", "b/one timeout", "b/two unsupported"}, true, Conforms,
			"a/two:known a/three:known b/one:known b/two:known"},
		{"a glob that matches a pass",
			[]string{"a wrong-token", "b/one timeout"}, false, Fails,
			"a/one!:fixed a/two:known a/three:known b/one:known"},
		{"another fault",
			[]string{"a/t* wrong-token", "b/one crashed"}, false, Fails,
			"a/two:known a/three:known b/one!:changed"},
		{"an id wins over a glob",
			[]string{"a/t* wrong-token", "a/two refused", "b/one timeout"}, false, Fails,
			"a/two!:changed a/three:known b/one:known"},
		{"two globs with other codes",
			[]string{"a/t* wrong-token", "a/*wo refused", "b/one timeout"}, false, Conforms,
			"a/two:known a/three:known b/one:known"},
		{"what is allowed and listed",
			[]string{"a/t* wrong-token", "b/one timeout", "b/two unsupported"}, false, Conforms,
			"a/two:known a/three:known b/one:known b/two:known"},
		{"what is allowed and listed otherwise",
			[]string{"a/t* wrong-token", "b/one timeout", "b/two crashed"}, false, Fails,
			"a/two:known a/three:known b/one:known b/two!:fixed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := results()
			baseline := parsed(t, strings.Join(c.baseline, "\n"))
			Gate{Strict: c.strict, Baseline: baseline}.Apply(run)
			assert.Equal(t, c.verdict, run.Verdict)
			assert.Equal(t, c.want, summary(run))
		})
	}
}

// summary names the vectors that break a run, with "!", and what the baseline had to say of them.
func summary(run *Run) string {
	var words []string
	for _, r := range run.Vectors {
		word := r.ID
		if r.Breaks {
			word += "!"
		}
		if r.Known != "" {
			word += ":" + string(r.Known)
		}
		if word != r.ID {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}

// A run whose baseline alone is out of date has no failures.
func TestStaleBaselineIsNotAFailure(t *testing.T) {
	run := results()
	run.Vectors = run.Vectors[:3]
	Gate{Baseline: parsed(t, "a wrong-token")}.Apply(run)
	assert.Equal(t, Fails, run.Verdict)
	assert.Empty(t, run.Failed())
	assert.Len(t, run.With(Fixed), 1)
	assert.Equal(t, 2, run.Known)
}

// The written baseline lets the run conform, is the smallest, keeps reasons and comments. Writing
// it again changes nothing.
func TestUpdatedBaseline(t *testing.T) {
	const header = "# Known failures: a vector or a glob, a fault code, # and the reason.\n" +
		"# See --baseline in sigcheck's README.\n"
	for _, c := range []struct {
		name          string
		before, after []string
	}{
		{"nothing before", nil,
			[]string{header, "a/three wrong-token", "a/two wrong-token", "b/one timeout"}},
		{"reasons",
			[]string{"# ours", "", "# long story", "a/two wrong-token # bug 7", "b/one crashed # bug 8"},
			[]string{"# ours", "", "a/three wrong-token", "# long story",
				"a/two wrong-token    # bug 7", "b/one timeout        # bug 8"}},
		{"fixed", []string{"a/one wrong-token # bug 6", "b/one timeout"},
			[]string{header, "a/three wrong-token", "a/two wrong-token", "b/one timeout"}},
		{"a glob that holds", []string{"a/t* wrong-token # bug 7"},
			[]string{header, "a/t* wrong-token  # bug 7", "b/one timeout"}},
		{"a glob that does not hold any more", []string{"a/* wrong-token # bug 7"},
			[]string{header, "a/three wrong-token  # bug 7", "a/two wrong-token    # bug 7",
				"b/one timeout"}},
		{"an id beside a glob", []string{"a/* wrong-token # bug 7", "a/two wrong-token # bug 9"},
			[]string{header, "a/three wrong-token  # bug 7", "a/two wrong-token    # bug 9",
				"b/one timeout"}},
		{"not selected", []string{"c/one crashed # bug 10", "d/none crashed # gone"},
			[]string{header, "a/three wrong-token", "a/two wrong-token", "b/one timeout",
				"c/one crashed        # bug 10"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := parsed(t, strings.Join(c.before, "\n"))
			for i := range b.Entries {
				b.Entries[i].Elsewhere = !strings.HasPrefix(b.Entries[i].Pattern, "d/")
			}
			run := results()
			Gate{Baseline: b}.Apply(run)
			text := string(b.Updated("known.txt", run).Encode())
			assert.Equal(t, strings.Join(c.after, "\n")+"\n", text)
			next := parsed(t, text)
			for i := range next.Entries {
				next.Entries[i].Elsewhere = true
			}
			Gate{Baseline: next}.Apply(run)
			assert.Equal(t, Conforms, run.Verdict)
			assert.Equal(t, text, string(next.Updated("known.txt", run).Encode()))
		})
	}
}

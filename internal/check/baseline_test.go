package check

import (
	"fmt"
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
	b := parsed(t, "\ufeff# about\r\n\n\n# above\na/one   wrong-token # bug 7, # again\nb/* timeout\n")
	assert.Equal(t, []string{"# about"}, b.header)
	assert.Equal(t, []Entry{
		{Line: 5, Pattern: "a/one", Code: "wrong-token", Reason: "bug 7, # again", above: []string{"# above"}},
		{Line: 6, Pattern: "b/*", Code: "timeout"},
	}, b.Entries)
	_, err := ParseBaseline("known.txt", []byte("a\nb wrong\nc[ timeout\nd timeout\nd timeout\ne timeout late\n"))
	assert.EqualError(t, err, strings.Join([]string{
		"known.txt:1: an entry has an id or a glob and a fault code: write it as `list-order/numbers wrong-message  # why`",
		`known.txt:2: fault code "wrong" is unknown: choose accepted, crashed, flooded, garbage, no-answer, refused, timeout, unsupported, wrong-header, wrong-message, wrong-request, wrong-token`,
		`known.txt:3: pattern "c[" is not a glob: close the bracket, or escape it with a backslash`,
		"known.txt:5: d is listed on line 4 already: keep one of the two",
		"known.txt:6: an entry has an id or a glob and a fault code: write it as `list-order/numbers wrong-message  # why`",
	}, "\n"))
}

// results are two groups: a/one passes, a/two and a/three have a wrong token, b/one hangs, b/two lacks something.
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
		name, baseline string
		strict         bool
		verdict        Verdict
		want           string // what of the results is not as it would be without a baseline, and what breaks
	}{
		{"no baseline", "", false, Fails, "two! three! one!"},
		{"strict", "", true, Fails, "two! three! one! two!"},
		{"all listed", "a/two wrong-token\na/three wrong-token\nb/one timeout", false, Conforms, "two:known three:known one:known"},
		{"strict, all listed", "a/t* wrong-token\nb/one timeout\nb/two unsupported", true, Conforms, "two:known three:known one:known two:known"},
		{"a glob that matches a pass", "a wrong-token\nb/one timeout", false, Fails, "one!:fixed two:known three:known one:known"},
		{"another fault", "a/t* wrong-token\nb/one crashed", false, Fails, "two:known three:known one!:changed"},
		{"an id wins over a glob", "a/t* wrong-token\na/two refused\nb/one timeout", false, Fails, "two!:changed three:known one:known"},
		{"two globs with other codes", "a/t* wrong-token\na/*wo refused\nb/one timeout", false, Conforms, "two:known three:known one:known"},
		{"what is allowed and listed", "a/t* wrong-token\nb/one timeout\nb/two unsupported", false, Conforms, "two:known three:known one:known two:known"},
		{"what is allowed and listed otherwise", "a/t* wrong-token\nb/one timeout\nb/two crashed", false, Fails, "two:known three:known one:known two!:fixed"},
	} {
		t.Run(c.name, func(t *testing.T) {
			run := results()
			Gate{Strict: c.strict, Baseline: parsed(t, c.baseline)}.Apply(run)
			assert.Equal(t, c.verdict, run.Verdict)
			assert.Equal(t, c.want, told(run))
		})
	}
}

func told(run *Run) string {
	var words []string
	for _, r := range run.Vectors {
		word := strings.TrimLeft(r.ID[1:], "/")
		if r.Breaks {
			word += "!"
		}
		if r.Known != "" {
			word += ":" + string(r.Known)
		}
		if r.Breaks || r.Known != "" {
			words = append(words, word)
		}
	}
	return strings.Join(words, " ")
}

// The written baseline lets the run conform, is the smallest, keeps reasons and comments, and writing it again changes nothing.
func TestUpdatedBaseline(t *testing.T) {
	const header = "# Known failures: a vector or a glob, a fault code, # and the reason. See --baseline in sigcheck's README.\n\n"
	for _, c := range []struct{ name, before, after string }{
		{"nothing before", "", header + "a/three wrong-token\na/two wrong-token\nb/one timeout\n"},
		{"reasons", "# ours\n\n# long story\na/two wrong-token # bug 7\nb/one crashed # bug 8", "# ours\n\na/three wrong-token\n# long story\na/two wrong-token  # bug 7\nb/one timeout      # bug 8\n"},
		{"fixed", "a/one wrong-token # bug 6\nb/one timeout", header + "a/three wrong-token\na/two wrong-token\nb/one timeout\n"},
		{"a glob that holds", "a/t* wrong-token # bug 7", header + "a/t* wrong-token  # bug 7\nb/one timeout\n"},
		{"a glob that does not hold any more", "a/* wrong-token # bug 7", header + "a/three wrong-token  # bug 7\na/two wrong-token    # bug 7\nb/one timeout\n"},
		{"an id beside a glob", "a/* wrong-token # bug 7\na/two wrong-token # bug 9", header + "a/three wrong-token  # bug 7\na/two wrong-token    # bug 9\nb/one timeout\n"},
		{"not selected", "c/one crashed # bug 10\nd/none crashed # gone", header + "a/three wrong-token\na/two wrong-token\nb/one timeout\nc/one crashed  # bug 10\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := parsed(t, c.before)
			for i := range b.Entries {
				b.Entries[i].Elsewhere = !strings.HasPrefix(b.Entries[i].Pattern, "d/")
			}
			run := results()
			Gate{Baseline: b}.Apply(run)
			next := b.Updated("known.txt", run)
			text := string(next.Encode())
			assert.Equal(t, aligned(c.after), aligned(text))
			next = parsed(t, text)
			for i := range next.Entries {
				next.Entries[i].Elsewhere = true
			}
			Gate{Baseline: next}.Apply(run)
			assert.Equal(t, Conforms, run.Verdict)
			assert.Equal(t, text, string(next.Updated("known.txt", run).Encode()))
		})
	}
}

// aligned folds the blanks that only line things up.
func aligned(text string) string {
	return strings.Join(strings.FieldsFunc(text, func(r rune) bool { return r == ' ' }), " ")
}

func TestShards(t *testing.T) {
	for count := 1; count <= 7; count++ {
		held := map[string]int{}
		for index := 1; index <= count; index++ {
			s, err := ParseShard(fmt.Sprintf("%d/%d", index, count))
			require.NoError(t, err)
			size := 0
			for _, v := range vectors.All() {
				if s.holds(v.ID) {
					held[v.ID]++
					size++
				}
			}
			assert.Greater(t, size, len(vectors.All())/count/2, "parts are of like size")
		}
		assert.Len(t, held, len(vectors.All()), "complete")
		for id, n := range held {
			assert.Equal(t, 1, n, "%s is in one part", id)
		}
	}
	assert.True(t, Shard{2, 3}.holds("api-calls/heartbeat"), "this must never change: it would move vectors from job to job")
	for _, bad := range []string{"", "1", "0/2", "3/2", "a/b", "1/2/3", "-1/2"} {
		_, err := ParseShard(bad)
		assert.ErrorContains(t, err, "write 1/4 for the first of four parts", bad)
	}
}

package report

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/diagnose"
	"sigkit/internal/readers"
	"sigkit/internal/testport"
)

// hostile is what a port may print to break a report, or to make its reader do something.
const hostile = "\x00\x1b[31m]]></failure><script>alert(1)</script>\n::set-output name=a::b\r\n" +
	"::error::x ##[error]x\n  ```\n````` | `a` </details> @user #1 https://h www.h <!-- %0A::error::" +
	"\nnot ok 1 - x # TODO y\n...\n---\n1..0\nBail out!\n\xed\xa0\x80\xff\u202e\u2028\ufffe\\\""

// hostileRun has such a text in every place in which a port or a file can have a word.
func hostileRun() *check.Run {
	bad := func(r check.Result) check.Result {
		r.Detail, r.Stderr, r.Why, r.Reason = hostile, hostile, hostile, hostile
		side := check.Side{
			HMACMsg: new(hostile), Token: new(hostile), URL: new("https://h/" + hostile),
			Body: new(hostile), Error: new(hostile), Unsupported: new(hostile),
		}
		r.Got, r.Want = side, side
		r.Want.HMACMsg, r.Want.Token = new("x"+hostile), new("y"+hostile)
		r.Rule = hostile
		return r
	}
	base := mixed().Vectors
	var all []check.Result
	for _, r := range base {
		all = append(all, bad(r))
	}
	run := newRun(all...)
	run.Name, run.Notes = hostile, []string{hostile, strings.Repeat(hostile, 100)}
	run.Command = []string{hostile, "a b"}
	run.Baseline, run.Strict = hostile, true
	run.Vectors[1].Known, run.Vectors[1].Listed, run.Vectors[1].Line = check.Changed, hostile, 2
	run.Vectors[2].Known, run.Vectors[2].Listed, run.Vectors[2].Line = check.Known, hostile, 3
	run.Vectors[2].Breaks = false
	m := *lowerCase
	m.ID, m.What, m.Fix = hostile, hostile, hostile
	m.Idioms = map[string]string{"Python": hostile}
	u := unexplained()
	u.Smallest = []byte(`{"id":"##[error]\u0000 ` + "\u202e" + `"}`)
	return withDiagnosis(run, diagnose.Diagnosis{
		Findings:    []diagnose.Finding{finding([]string{"a/token", hostile}, &m)},
		Unexplained: []diagnose.Unexplained{u},
		Unstable:    []diagnose.Unstable{{Vector: hostile, Seen: []string{hostile, hostile}}},
	})
}

// reports are all formats of all runs of the tests, and of a hostile one.
func reports(t *testing.T) (all []readers.Report) {
	some := runs()
	some["hostile"] = hostileRun()
	for name, run := range some {
		all = append(all, reportsOf(t, name, run))
	}
	return all
}

// Other programs read the reports, too.
func TestReadersReadEveryReport(t *testing.T) {
	all := reports(t)
	for i := range all {
		all[i].Judge(t)
	}
	testport.TakesLong(t)
	readers.Outside(t, all)
}

// The summary of a job has more room than a comment, and less than the runner takes.
func TestSummaryIsBounded(t *testing.T) {
	var comment, summary bytes.Buffer
	run := huge()
	run.Diagnosis = nil
	require.NoError(t, Markdown(&comment, run, Options{}))
	require.NoError(t, Summary(&summary, run, MaxSummary, Options{}))
	require.Less(t, comment.Len(), 60_001)
	require.Greater(t, summary.Len(), 60_001)
	require.Less(t, summary.Len(), 900_001)
}

package report

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/internal/readers"
	"sigkit/internal/testport"
	"sigkit/vectors"
)

// everyOutcome has a result of each kind, at both levels for which kinds differ.
func everyOutcome() (all []check.Result) {
	for _, r := range []check.Result{
		{Outcome: check.Pass},
		{Outcome: check.Fail, Fault: check.WrongToken, Detail: "the token differs"},
		{Outcome: check.Error, Fault: port.Crashed, Detail: "it ended with exit code 7"},
		{Outcome: check.Unsupported, Detail: "floats"},
	} {
		for _, level := range []vectors.Level{vectors.Core, vectors.Extended} {
			r.ID, r.Level, r.Rule = fmt.Sprintf("%s/%s", level, r.Outcome), level, "text-float"
			all = append(all, r)
		}
	}
	return all
}

// Each kind of result, alone in a run, with each kind of entry in the baseline and with none: all
// formats agree with the verdict, and say how the vector stands.
func TestReportsOfEveryStateOfABaseline(t *testing.T) {
	type state struct {
		outcome check.Outcome
		known   check.Knowledge
		breaks  bool
	}
	different := map[state]readers.Report{}
	for _, r := range everyOutcome() {
		for _, entry := range []string{"", "wrong-token", "crashed", "unsupported", "wrong-message"} {
			for _, strict := range []bool{false, true} {
				run := newRun(r)
				gate := check.Gate{Strict: strict, Baseline: &check.Baseline{Name: "known.txt"}}
				if entry != "" {
					var err error
					text := fmt.Sprintf("*/%s %s # bug 7\n", r.Outcome, entry)
					gate.Baseline, err = check.ParseBaseline("known.txt", []byte(text))
					require.NoError(t, err)
				}
				gate.Apply(run)
				v := run.Vectors[0]
				report := reportsOf(t, fmt.Sprintf("%s,%s,%t", r.ID, entry, strict), run)
				report.Judge(t)
				assertSkipped(t, report, &v)
				different[state{v.Outcome, v.Known, v.Breaks}] = report
			}
		}
	}
	assert.Equal(t, 13, len(different), "states")
	if testport.Thorough() {
		readers.Outside(t, slices.Collect(maps.Values(different)))
	}
}

// assertSkipped asserts that a result which is known or unsupported, and allowed, is skipped with
// its reason.
func assertSkipped(t *testing.T, r readers.Report, v *check.Result) {
	junit, tap := string(r.Files["junit"]), string(r.Files["tap"])
	known := v.Known == check.Known
	unsupported := !known && v.Outcome == check.Unsupported && (!v.Breaks || v.Known == check.Fixed)
	assert.Equal(t, known, strings.Contains(junit, `<skipped type="known" message="bug 7">`), r.Name)
	assert.Equal(t, known, strings.Contains(tap, " # TODO bug 7\n"), r.Name)
	assert.Equal(t, unsupported,
		strings.Contains(junit, `<skipped type="unsupported" message="floats">`), r.Name)
	assert.Equal(t, unsupported, strings.Contains(tap, " # SKIP floats\n"), r.Name)
	stale := v.Known == check.Fixed || v.Known == check.Changed
	github := string(r.Files["github"])
	assert.Equal(t, stale, strings.Contains(github, "file=known.txt,line=1,"), r.Name)
}

// reportsOf are all formats of a run.
func reportsOf(t *testing.T, name string, run *check.Run) readers.Report {
	codes := map[check.Verdict]int{check.Fails: 1, check.Untested: 3, check.Cancelled: 130}
	r := readers.Report{Name: name, Code: codes[run.Verdict], Files: map[string][]byte{}}
	for format, write := range formats {
		var out bytes.Buffer
		require.NoError(t, write(&out, run, Options{}))
		r.Files[format] = out.Bytes()
	}
	return r
}

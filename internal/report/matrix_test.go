package report

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/internal/testport"
	"sigkit/schema"
)

// matrixRuns are runs of which each kind of row and cell has one.
func matrixRuns() []*check.Run {
	fail := func(id string) check.Result {
		return failed(id, "rule-b", check.WrongMessage, "the message differs <b>")
	}
	crash := fail("b/some")
	crash.Outcome, crash.Fault = check.Error, port.Crashed
	known := fail("b/all")
	lacks := passed("a/lacks", "rule-a")
	lacks.Outcome = check.Unsupported
	one := newRun(passed("a/one", "rule-a"), fail("b/all"), crash, passed("b/none", "rule-b"), lacks)
	two := newRun(passed("a/one", "rule-a"), fail("b/all"), fail("b/some"), passed("b/none", "rule-b"))
	three := newRun(fail("a/one"), known, passed("b/some", "rule-b"), passed("b/none", "rule-b"),
		lacks)
	three.Vectors[1].Known, three.Vectors[1].Breaks, three.Known = check.Known, false, 1
	three.Vectors[3].Digest = strings.Repeat("9", 32)
	one.Name, two.Name, three.Name = "go", "go", "rust | <i>"
	three.Notes = []string{"a note"}
	for _, run := range []*check.Run{one, two, three} {
		run.Started = time.Unix(1e9, 0)
	}
	return []*check.Run{one, two, untested(), three}
}

func TestMatrixGolden(t *testing.T) {
	for format, write := range matrixFormats {
		t.Run(format, func(t *testing.T) {
			var got bytes.Buffer
			require.NoError(t, write(&got, matrixRuns(), Options{}))
			assert.NotContains(t, got.String(), "2001", "it has a time")
			switch format {
			case "json":
				require.NoError(t, schema.Validate(schema.Matrix, got.Bytes()))
				golden(t, "matrix.json", got.Bytes())
			case "markdown":
				golden(t, "matrix.markdown", got.Bytes())
			}
			states := []string{"pass", "known", "unsupported", "wrong-message", "crashed"}
			for _, word := range append(states, "could not be tested") {
				if format != "json" || word != "could not be tested" {
					assert.Contains(t, got.String(), word, format)
				}
			}
		})
	}
}

// wide are runs of some ports, each of which fails all of 370 vectors.
func wide(ports int) (runs []*check.Run) {
	for range ports {
		var all []check.Result
		for i := range 370 {
			r := failed(fmt.Sprintf("some-group/some-longer-name-of-a-vector-%d", i),
				fmt.Sprintf("rule-number-%d", i/10), check.WrongMessage, strings.Repeat("differs ", 90))
			r.Why = strings.Repeat("why ", 90)
			all = append(all, r)
		}
		runs = append(runs, newRun(all...))
	}
	return runs
}

func TestMatrixIsSmall(t *testing.T) {
	for format, write := range matrixFormats {
		var got bytes.Buffer
		require.NoError(t, write(&got, wide(10), Options{}))
		assert.Less(t, got.Len(), 1_000_000, format)
	}
}

// Whatever a port says, no page has HTML of it, and no format a command for the runner.
func TestHostileMatrix(t *testing.T) {
	run := hostileRun()
	left := untested()
	left.Name, left.Notes = hostile, []string{hostile}
	for format, write := range matrixFormats {
		var got bytes.Buffer
		require.NoError(t, write(&got, []*check.Run{run, run, left}, Options{}))
		assert.NotContains(t, got.String(), "##[", format)
		if format != "json" {
			assert.NotContains(t, got.String(), "\n::", format)
			assert.NotContains(t, got.String(), "\x1b", format)
		}
		if format == "html" {
			assert.NotContains(t, got.String(), "<script>alert")
		}
	}
}

// However much a port says, a page has a bound.
func TestPageIsBounded(t *testing.T) {
	testport.TakesLong(t)
	var got bytes.Buffer
	run := huge()
	require.NoError(t, HTML(&got, run, Options{}))
	assert.Less(t, got.Len(), 64<<20)
	text := strings.Repeat("a\u200b&", 2<<20)
	r := sides(failed("a/long", "rule-a", check.WrongMessage, text),
		check.Side{HMACMsg: new("x" + text)}, check.Side{HMACMsg: &text})
	got.Reset()
	require.NoError(t, HTML(&got, newRun(r), Options{}))
	assert.Less(t, got.Len(), 1<<20)
}

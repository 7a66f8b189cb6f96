package check

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"

	"sigkit/internal/port"
)

// result is a result of a vector whose digest is its version.
func result(id, version string, outcome Outcome, fault port.Fault) Result {
	return Result{ID: id, Digest: version, Outcome: outcome, Fault: fault}
}

func TestDiff(t *testing.T) {
	old := &Run{Vectors: []Result{
		result("a/same", "1", Fail, WrongToken),
		result("a/broken", "1", Pass, ""),
		result("a/supported-and-broken", "1", Unsupported, ""),
		result("a/unsupported", "1", Fail, WrongToken),
		result("a/other", "1", Fail, WrongToken),
		result("a/fixed", "1", Error, port.Crashed),
		result("a/supported", "1", Unsupported, ""),
		result("a/changed", "1", Pass, ""),
		result("a/gone", "1", Pass, ""),
	}}
	now := &Run{Vectors: []Result{
		result("a/new", "1", Fail, WrongToken),
		result("a/changed", "2", Fail, WrongToken),
		result("a/supported", "1", Pass, ""),
		result("a/fixed", "1", Pass, ""),
		result("a/other", "1", Error, port.Crashed),
		result("a/unsupported", "1", Unsupported, ""),
		result("a/supported-and-broken", "1", Fail, WrongToken),
		result("a/broken", "1", Error, port.Timeout),
		result("a/same", "1", Fail, WrongToken),
	}}
	d := NewDiff(old, now)
	assert.True(t, d.Worse)
	assert.Equal(t, 1, d.Same)
	want := []VectorDiff{
		{ID: "a/supported-and-broken", Change: Worsened, Old: "unsupported", New: "wrong-token"},
		{ID: "a/broken", Change: Worsened, Old: "pass", New: "timeout"},
		{ID: "a/unsupported", Change: NewlyUnsupported, Old: "wrong-token", New: "unsupported"},
		{ID: "a/other", Change: FailsOtherwise, Old: "wrong-token", New: "crashed"},
		{ID: "a/fixed", Change: Repaired, Old: "crashed", New: "pass"},
		{ID: "a/supported", Change: NewlySupported, Old: "unsupported", New: "pass"},
		{ID: "a/changed", Change: VectorChanged, Old: "pass", New: "wrong-token"},
		{ID: "a/new", Change: VectorNew, New: "wrong-token"},
		{ID: "a/gone", Change: VectorGone, Old: "pass"},
	}
	assert.Empty(t, cmp.Diff(want, d.Vectors))
	better := NewDiff(&Run{Vectors: old.Vectors[5:]}, &Run{Vectors: now.Vectors[:4]})
	assert.False(t, better.Worse, "changed, new and gone vectors are no regressions")
}

package check

import (
	"errors"
	"iter"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
	"sigkit/vectors"
)

func choose(t *testing.T, s Selection) iter.Seq2[vectors.Vector, error] {
	chosen, err := Choose(func(yield func(vectors.Vector, error) bool) {
		for _, v := range vectors.All() {
			if !yield(v, nil) {
				return
			}
		}
	}, s)
	require.NoError(t, err)
	return chosen
}

func TestList(t *testing.T) {
	all, err := List(choose(t, Selection{Run: []string{"text/true"}}))
	require.NoError(t, err)
	require.Len(t, all, 1)
	assert.Equal(t, "text/true", all[0].ID)
	assert.Equal(t, vectors.Core, all[0].Level)
	_, err = List(choose(t, Selection{Run: []string{"none"}}))
	_, ok := errors.AsType[*Unmatched](err)
	assert.True(t, ok, err)
}

func TestScore(t *testing.T) {
	s, err := NewScore(choose(t, Selection{Run: []string{"text/true"}}))
	require.NoError(t, err)
	assert.Equal(t, 1, s.Vectors)
	caught := 0
	for _, m := range s.Mistakes {
		assert.Equal(t, len(m.Vectors) > 0, m.Caught, m.ID)
		if m.Caught {
			caught++
		}
		if m.ID == "boolean-lower-case" {
			assert.Equal(t, []string{"text/true"}, m.Vectors)
		}
	}
	assert.Equal(t, caught, s.Caught)
	assert.NotZero(t, caught)
}

func TestRewrite(t *testing.T) {
	baseline, err := ParseBaseline("known.txt", []byte("a/x wrong-token\na/y wrong-token # why\n"))
	require.NoError(t, err)
	gate := Gate{Baseline: baseline}
	run := &Run{Verdict: Fails, Vectors: []Result{
		{ID: "a/x", Outcome: Pass},
		{ID: "a/y", Outcome: Fail, Fault: WrongToken},
		{ID: "a/z", Outcome: Error, Fault: port.Crashed},
	}}
	gate.Apply(run)
	text, err := gate.Rewrite("new.txt", run)
	require.NoError(t, err)
	assert.Contains(t, string(text), "\n\na/y wrong-token  # why\na/z crashed\n")
	assert.Equal(t, []string{"wrote new.txt: 2 entries (2 before, 1 new)"}, run.Notes)
	assert.Equal(t, Conforms, run.Verdict)

	for _, verdict := range []Verdict{Untested, Cancelled} {
		run := &Run{Verdict: verdict}
		text, err := gate.Rewrite("new.txt", run)
		require.NoError(t, err)
		assert.Nil(t, text)
		assert.Equal(t, verdict, run.Verdict)
		assert.Contains(t, run.Notes[0], "new.txt was not written")
	}
}

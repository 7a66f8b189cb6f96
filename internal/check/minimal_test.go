package check

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/vectors"
)

func score(mistakes ...[]string) *Score {
	s := &Score{}
	for _, ids := range mistakes {
		s.Mistakes = append(s.Mistakes, Scored{Caught: len(ids) > 0, Vectors: ids})
	}
	return s
}

func TestSmallest(t *testing.T) {
	tests := map[string]struct {
		score   *Score
		want    []string
		atLeast int
	}{
		"nothing to catch":   {score(nil, nil), nil, 0},
		"one catches all":    {score([]string{"a", "b"}, []string{"b"}), []string{"b"}, 1},
		"each needs its own": {score([]string{"a"}, []string{"b"}, nil), []string{"a", "b"}, 2},
		"the greedy one is in the way": {score(
			[]string{"big", "x"}, []string{"big", "x"}, []string{"big", "y"}, []string{"big", "y"},
			[]string{"x"}, []string{"y"}), []string{"x", "y"}, 2},
		"two in the place of one each": {score(
			[]string{"a", "both"}, []string{"a", "both"}, []string{"a"},
			[]string{"b", "both"}, []string{"b", "both"}, []string{"b"}), []string{"a", "b"}, 2},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			ids, atLeast := test.score.Smallest()
			assert.Equal(t, test.want, ids)
			assert.Equal(t, test.atLeast, atLeast)
		})
	}
}

// The fewest vectors still catch every known mistake, and without any of them one is missed.
func TestSmallestOfTheBuiltIn(t *testing.T) {
	all, err := NewScore(choose(t, Selection{Level: vectors.Quirk}))
	require.NoError(t, err)
	ids, atLeast := all.Smallest()
	assert.LessOrEqual(t, atLeast, len(ids))
	caught := func(leftOut string) (count int) {
		for _, m := range all.Mistakes {
			for _, id := range ids {
				if id != leftOut && slices.Contains(m.Vectors, id) {
					count++
					break
				}
			}
		}
		return count
	}
	assert.Equal(t, len(all.Mistakes), caught(""))
	for _, id := range ids {
		assert.Less(t, caught(id), len(all.Mistakes), id)
	}
}

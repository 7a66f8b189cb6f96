package check

import (
	"errors"
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/vectors"
)

func four(yield func(vectors.Vector, error) bool) {
	for _, v := range []vectors.Vector{
		{ID: "a/one", Level: vectors.Core, Rule: "r", Tags: []string{"t", "u"}},
		{ID: "a/two", Level: vectors.Quirk, Rule: "r"},
		{ID: "b/one", Level: vectors.Extended, Rule: "s"},
		{ID: "c"},
	} {
		if !yield(v, nil) {
			return
		}
	}
}

func chosenIDs(s Selection) (ids []string, err error) {
	chosen, err := Choose(four, s)
	if err != nil {
		return nil, err
	}
	for v, err := range chosen {
		if err != nil {
			return ids, err
		}
		ids = append(ids, v.ID)
	}
	return ids, nil
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		name string
		s    Selection
		want []string
	}{
		{"all", Selection{}, []string{"a/one", "a/two", "b/one", "c"}},
		{"level", Selection{Level: vectors.Extended}, []string{"a/one", "b/one", "c"}},
		{"group", Selection{Run: []string{"a"}}, []string{"a/one", "a/two"}},
		{"globs", Selection{Run: []string{"*/one"}, Skip: []string{"b/*"}}, []string{"a/one"}},
		{"all must hold",
			Selection{Run: []string{"a", "c"}, Rules: []string{"r"}, Tags: []string{"u"}},
			[]string{"a/one"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, err := chosenIDs(c.s)
			require.NoError(t, err)
			assert.Equal(t, c.want, got)
		})
	}
}

func TestChooseErrors(t *testing.T) {
	for _, c := range []struct {
		name string
		s    Selection
		err  string
	}{
		{"pattern without a match", Selection{Run: []string{"a/one", "nothing"}},
			`--run "nothing" matches no vector: see sigcheck list`},
		{"two of them", Selection{Skip: []string{"x"}, Tags: []string{"y"}},
			"--skip \"x\" matches no vector: see sigcheck list\n" +
				"--tag \"y\" matches no vector: see sigcheck list"},
		{"nothing left", Selection{Run: []string{"a"}, Skip: []string{"a/*"}},
			"no vector is selected: the flags --level, --profile, --run, --skip, --rule, --tag " +
				"and --shard must all hold; see sigcheck list"},
		{"not a glob", Selection{Run: []string{"["}},
			`pattern "[" is not a glob: close the bracket, or escape it with a backslash`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := chosenIDs(c.s)
			assert.EqualError(t, err, c.err)
		})
	}
}

// An error for a pattern without a match carries the names that could have been meant.
func TestUnmatchedKnowsNames(t *testing.T) {
	for _, c := range []struct {
		s    Selection
		want Unmatched
	}{
		{Selection{Run: []string{"a/on"}},
			Unmatched{"--run", "a/on", []string{".", "a", "a/one", "a/two", "b", "b/one", "c"}}},
		{Selection{Rules: []string{"q"}}, Unmatched{"--rule", "q", []string{"", "r", "s"}}},
		{Selection{Tags: []string{"v"}}, Unmatched{"--tag", "v", []string{"t", "u"}}},
	} {
		_, err := chosenIDs(c.s)
		got, ok := errors.AsType[*Unmatched](err)
		require.True(t, ok, err)
		assert.Equal(t, c.want, *got)
	}
}

// Under a profile the vectors carry it, and those that differ between the generations are left out.
func TestChooseProfile(t *testing.T) {
	count := map[vectors.Profile]int{}
	for _, profile := range vectors.Profiles() {
		chosen, err := Choose(builtIn, Selection{Profile: profile})
		require.NoError(t, err)
		for v, err := range chosen {
			require.NoError(t, err)
			if profile != vectors.AllProfiles {
				assert.Equal(t, string(profile), v.Input.Profile, v.ID)
			}
			count[profile]++
		}
	}
	assert.Equal(t, len(vectors.All()), count[vectors.AllProfiles])
	assert.Less(t, count[vectors.Vigiles], count[vectors.AllProfiles])
	assert.Less(t, count[vectors.LinuxLink], count[vectors.AllProfiles])
}

func builtIn(yield func(vectors.Vector, error) bool) {
	for _, v := range vectors.All() {
		if !yield(v, nil) {
			return
		}
	}
}

func TestShards(t *testing.T) {
	all := vectors.All()
	for count := 1; count <= 7; count++ {
		held := map[string]int{}
		for index := 1; index <= count; index++ {
			s, err := ParseShard(fmt.Sprintf("%d/%d", index, count))
			require.NoError(t, err)
			size := 0
			for _, v := range all {
				if s.holds(v.ID) {
					held[v.ID]++
					size++
				}
			}
			assert.Greater(t, size, len(all)/count/2, "the parts have about the same size")
		}
		assert.Len(t, held, len(all), "complete")
		for id, n := range held {
			assert.Equal(t, 1, n, "%s is in one part", id)
		}
	}
	assert.True(t, Shard{2, 3}.holds("api-calls/heartbeat"),
		"this must never change: it would move vectors from job to job")
	for _, bad := range []string{"", "1", "0/2", "3/2", "a/b", "1/2/3", "-1/2"} {
		_, err := ParseShard(bad)
		assert.ErrorContains(t, err, "write 1/4 for the first of four parts", bad)
	}
}

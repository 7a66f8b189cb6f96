package cli

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/vectors"
)

// parsed returns the selection of a command line.
func parsed(t *testing.T, args ...string) *Selection {
	var s Selection
	cmd := &cobra.Command{}
	s.Flags(cmd, vectors.Extended)
	require.NoError(t, cmd.ParseFlags(args))
	return &s
}

// ids returns the ids of the chosen vectors.
func ids(s *Selection, paths ...string) (ids []string, err error) {
	chosen, err := s.Chosen(paths...)
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

// ndjson writes one of the vectors built in to a file.
func ndjson(t *testing.T, id string) string {
	path := filepath.Join(t.TempDir(), "vectors.ndjson")
	for _, v := range vectors.All() {
		if v.ID == id {
			require.NoError(t, os.WriteFile(path, v.AppendNDJSON(nil), 0o600))
		}
	}
	return path
}

func TestChosenOfPaths(t *testing.T) {
	one, two := ndjson(t, "text/true"), ndjson(t, "text/false")
	got, err := ids(parsed(t), one, two)
	require.NoError(t, err)
	assert.Equal(t, []string{"text/true", "text/false"}, got)
	got, err = ids(parsed(t, "--vectors", two, "--skip", "text/false"), one)
	require.NoError(t, err)
	assert.Equal(t, []string{"text/true"}, got)
	got, err = ids(parsed(t), one, one)
	assert.ErrorContains(t, err, "id text/true is in "+one+" and in "+one)
	assert.Equal(t, []string{"text/true"}, got)
}

// Errors come before the first vector, if no file is NDJSON.
func TestChosenErrors(t *testing.T) {
	for want, args := range map[string][]string{
		`--level "cor" is unknown: did you mean "core"?`:                     {"--level", "cor"},
		`--profile "old" is unknown: choose linuxlink, vigiles or all`:       {"--profile", "old"},
		`--shard "5/4" is not of the form I/N`:                               {"--shard", "5/4"},
		`--vectors none: `:                                                   {"--vectors", "none"},
		`--tag "numbrs" matches no vector: did you mean "numbers"?`:          {"--tag", "numbrs"},
		`--run "list-ordr/*" matches no vector: did you mean "list-order"?`:  {"--run", "list-ordr/*"},
		`--rule "TEXT-NULL" matches no vector: did you mean "text-null"?`:    {"--rule", "TEXT-NULL"},
		`no vector is selected: the flags --level, --profile, --run, --skip`: {"--skip", "*"},
	} {
		_, err := parsed(t, args...).Chosen()
		assert.ErrorContains(t, err, want)
	}
}

func TestSelectedRepeatsTheFlags(t *testing.T) {
	assert.Equal(t, check.Selected{Run: []string{"text"}}, parsed(t, "--run", "text").Selected())
	want := check.Selected{
		Vectors: "v.json",
		Skip:    []string{"a", "b"},
		Rules:   []string{"r"},
		Tags:    []string{"t"},
		Shard:   "1/2",
	}
	args := []string{
		"--vectors", "v.json", "--skip", "a", "--skip", "b", "--rule", "r", "--tag", "t",
		"--shard", "1/2",
	}
	assert.Equal(t, want, parsed(t, args...).Selected())
}

package scaffold

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/internal/testport"
	"sigkit/ports"
	"sigkit/vectors"
)

// One who fills in what the guide names comes from an empty project to a port that conforms at
// level core, with one step at a time.
func TestGuideLeadsThroughAProject(t *testing.T) {
	testport.TakesLong(t)
	for _, language := range ports.Languages() {
		if language.Build != "" || language.Name == "Bash" {
			continue // the steps are the same, and each run would need a build, or be slow
		}
		t.Run(language.Name, func(t *testing.T) {
			testport.NeedTool(t, language.Run[0])
			left := append([]string{""}, rules...)
			for len(left) > 1 {
				next := nextRule(t, language, left)
				if next == "wire-query" {
					next = "wire-form" // one function writes both
				}
				require.Contains(t, left, next, "this step is not missing")
				left = slices.DeleteFunc(left, func(rule string) bool { return rule == next })
			}
			assert.Empty(t, nextRule(t, language, left))
		})
	}
}

// nextRule is the rule that the guide shows for a project that lacks some steps, or "".
func nextRule(t *testing.T, language ports.Language, left []string) string {
	files, err := portFiles(language, func(rule string) bool {
		return rule == "" || !slices.Contains(left, rule)
	})
	require.NoError(t, err)
	folder := t.TempDir()
	require.NoError(t, Write(folder, files))
	command := append([]string{"sh", "-c", `cd "$0" && exec "$@"`, folder}, language.Run...)
	run, err := check.Config{
		Asker: port.Stream{Config: port.Config{
			Command: command, Timeout: time.Minute, StartTimeout: time.Minute,
		}},
		Vectors: func(yield func(vectors.Vector, error) bool) {
			for _, v := range vectors.All() {
				if v.Level == vectors.Core && !yield(v, nil) {
					return
				}
			}
		},
		Level: vectors.Core,
		Name:  language.Name,
	}.Do(t.Context())
	require.NoError(t, err)
	require.NotEqual(t, check.Untested, run.Verdict)
	first := run.Ladder(func(string) int { return 0 }).First()
	if first == nil {
		return ""
	}
	t.Log(first.Rule, len(first.Failures))
	return first.Rule
}

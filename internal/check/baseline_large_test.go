package check

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/vectors"
)

// A baseline of very many failures is written, read and applied at once, not in hours.
func TestLargeBaseline(t *testing.T) {
	const count = 50_000
	run := &Run{Verdict: Fails}
	for i := range count {
		run.Vectors = append(run.Vectors, Result{
			ID: fmt.Sprintf("g/%05d", i), Level: vectors.Core, Outcome: Fail, Fault: WrongToken,
		})
	}
	Gate{}.Apply(run)
	text := new(Baseline).Updated("known.txt", run).Encode()
	b, err := ParseBaseline("known.txt", text)
	require.NoError(t, err)
	for i := range run.Vectors {
		b.offer(run.Vectors[i].ID)
	}
	assert.Empty(t, b.unmatched())
	Gate{Baseline: b}.Apply(run)
	assert.Equal(t, Conforms, run.Verdict)
	assert.Equal(t, text, b.Updated("known.txt", run).Encode())
}

func TestTooManyGlobs(t *testing.T) {
	var text strings.Builder
	for i := range maxGlobs + 1 {
		fmt.Fprintf(&text, "g/%d* wrong-token\n", i)
	}
	_, err := ParseBaseline("known.txt", []byte(text.String()))
	assert.ErrorContains(t, err, "known.txt:1001: this is glob 1001 of the file")
}

// Whatever the text, what is read of it is written so that it reads the same.
func FuzzBaseline(f *testing.F) {
	f.Add("# ours\n\n# why\na/b wrong-token # bug 7\na/* timeout\n")
	f.Add("a[ crashed\na\\ crashed\n\ufeff#\n")
	f.Fuzz(func(t *testing.T, text string) {
		b, err := ParseBaseline("known.txt", []byte(text))
		if err != nil {
			return
		}
		again, err := ParseBaseline("known.txt", b.Encode())
		require.NoError(t, err)
		require.Len(t, again.Entries, len(b.Entries))
		for i, e := range b.Entries {
			assert.Equal(t, e.Pattern+e.Code+e.Reason,
				again.Entries[i].Pattern+again.Entries[i].Code+again.Entries[i].Reason)
			for _, match := range b.matching(e.Pattern) {
				same := match.Pattern == e.Pattern // a pattern need not match itself
				assert.True(t, same || matchID(match.Pattern, e.Pattern))
			}
		}
	})
}

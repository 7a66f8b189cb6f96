package mistake

import (
	"os"
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/random"
	"sigkit/vectors"
)

// agrees holds the canonical recipe to what the signer says of a vector.
func agrees(t *testing.T, v *vectors.Vector) bool {
	q := newQuestion(&v.Input)
	got := canonical().answer(q)
	if v.Expect.Error != "" {
		return assert.True(t, got.refused, v.ID)
	}
	sent := canonical().send(q)
	return assert.False(t, got.refused, v.ID) && assert.Equal(t, v.Expect.HMACMsg, got.message, v.ID) && assert.Equal(t, v.Expect.Token, got.token, v.ID) &&
		(v.Expect.Request == nil || assert.True(t, sameRequest(v.Expect.Request, sent), "%s\nwant %v\ngot  %v", v.ID, v.Expect.Request, sent))
}

// Without a mistake the catalogue's signer is the signer: on every vector, and on random requests. SIGKIT_RANDOM says how many.
func TestCanonicalRecipe(t *testing.T) {
	for _, v := range vectors.All() {
		agrees(t, &v)
	}
	count := uint64(3000)
	if text := os.Getenv("SIGKIT_RANDOM"); text != "" {
		var err error
		count, err = strconv.ParseUint(text, 10, 64)
		require.NoError(t, err)
	}
	var text []byte
	for i, level := range vectors.Levels() {
		g := random.New(uint64(i)+7, level)
		for n := range count/3 + 1 {
			text = g.Append(text[:0], n)
			line, err := vectors.ParseLine("random", 1, text)
			require.NoError(t, err)
			if !agrees(t, &line.Vector) {
				return
			}
		}
	}
}

package vectors_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/vectors"
)

// Under a profile each vector is asked as that generation, and expects what its reference answers.
func TestUnder(t *testing.T) {
	for _, p := range []vectors.Profile{vectors.LinuxLink, vectors.Vigiles} {
		asked, left := 0, 0
		for _, v := range vectors.All() {
			under, ok := v.Under(p)
			if !ok {
				left++
				assert.NotEqual(t, string(p), string(v.Input.Generation()), v.ID)
				continue
			}
			asked++
			assert.Equal(t, string(p), under.Input.Profile, v.ID)
			e := under.Input.Expected()
			assert.Equal(t, e.Token, under.Expect.Token, v.ID)
			assert.Equal(t, v.Expect.HMACMsg, under.Expect.HMACMsg, v.ID)
			assert.Equal(t, e.Request, under.Expect.Request, v.ID)
		}
		assert.Greater(t, asked, 200, p)
		assert.Greater(t, left, 5, p)
	}
	v := vectors.All()[0]
	same, ok := v.Under(vectors.AllProfiles)
	require.True(t, ok)
	assert.Equal(t, v, same)
	_, err := vectors.ParseProfile("x")
	assert.EqualError(t, err, `profile "x" is unknown: choose linuxlink, vigiles or all`)
}

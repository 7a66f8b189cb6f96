package vectors_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sigkit/vectors"
)

func TestFirstDifference(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"same", "same", 4},
		{"", "x", 0},
		{"ab", "abc", 2},
		{"abc", "aXc", 1},
		{"\u00e9", "\u00ea", 0},            // C3 A9, C3 AA
		{"a\u65e5", "a\u65e6", 1},          // three bytes, the last differs
		{"\u00e9", "\xc3", 0},              // a cut character
		{"a\U0001f511", "a\U0001f512x", 1}, // four bytes
	} {
		assert.Equal(t, c.want, vectors.FirstDifference(c.a, c.b), "%q %q", c.a, c.b)
		assert.Equal(t, c.want, vectors.FirstDifference(c.b, c.a), "%q %q", c.b, c.a)
	}
}

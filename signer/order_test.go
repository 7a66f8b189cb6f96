package signer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/signer"
)

// Deep lists are ordered by what is deep inside, in one walk: walking them once for each level
// would take hours here.
func TestSortDeepLists(t *testing.T) {
	t.Parallel()
	nested := func(v signer.Value) signer.Value {
		for range 500_000 {
			v = signer.List{v}
		}
		return v
	}
	one, two := nested(signer.NewInt(1)), nested(signer.NewInt(2))
	sorted, err := signer.SortList(signer.List{two, one, two})
	require.NoError(t, err)
	for i, want := range []string{"1", "2", "2"} {
		assert.Equal(t, want, innermost(sorted[i]), i)
	}
	_, err = signer.SortList(signer.List{one, nested(signer.String("a"))})
	assert.ErrorContains(t, err, "cannot be ordered")
}

func innermost(v signer.Value) string {
	for {
		list, ok := v.(signer.List)
		if !ok {
			return string(signer.AppendText(nil, v))
		}
		v = list[0]
	}
}

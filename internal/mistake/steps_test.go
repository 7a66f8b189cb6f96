package mistake

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/random"
	"sigkit/internal/testport"
	"sigkit/internal/wire"
	"sigkit/vectors"
)

// agrees reports whether the steps of the reference make what the signer says of a vector.
func agrees(t *testing.T, v *vectors.Vector) bool {
	q := NewQuestion(&v.Input)
	got := Set{}.Steps().Sign(q)
	if v.Expect.Error != "" {
		return assert.True(t, got.Refused, v.ID)
	}
	if !assert.False(t, got.Refused, v.ID) ||
		!assert.Equal(t, v.Expect.HMACMsg, got.Message, v.ID) ||
		!assert.Equal(t, v.Expect.Token, got.Token, v.ID) {
		return false
	}
	sent := Set{}.Steps().Send(q)
	want := v.Expect.Request
	return assert.True(t, wire.SameRequest(want, sent), "%s\nwant %v\ngot  %v", v.ID, want, sent)
}

// The integer -0 is replaced where it is a value, and nowhere else.
func TestMinusZero(t *testing.T) {
	in := vectors.Input{Email: new("e"), Key: new("k"), Method: "GET", Resource: "/"}
	for id, want := range map[string]string{
		"integer-minus-zero-as-float":   "-0.0",
		"integer-minus-zero-as-written": "-0",
	} {
		got := Set{Find(id)}.Steps()
		in.Data = []byte(`{"a":-0,"b":":-0,","c":"\"-0"}`)
		assert.Equal(t, `GET/a=`+want+`&b=:-0,&c="-0&email=e`, got.Sign(NewQuestion(&in)).Message)
	}
	in.Data = []byte(`{"a":"-0","b":-0.5}`)
	assert.Nil(t, NewQuestion(&in).minusZero)
}

// Without a mistake the steps sign and send as package signer does, on every vector and on random
// requests.
func TestReferenceSteps(t *testing.T) {
	for _, v := range vectors.All() {
		agrees(t, &v)
	}
	count := testport.RandomCount()
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

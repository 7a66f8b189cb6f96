package mistake

import (
	"math"
	"slices"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/signer"
	"sigkit/vectors"
)

// The texts of PHP are those of PHP 8.2, the texts of Ruby those of Ruby 3.1.
func TestFloatStyles(t *testing.T) {
	for _, test := range []struct {
		f                                 float64
		php, phpJSON, ruby, csharp, debug string
	}{
		{1, "1", "1", "1.0", "1", "1.0"},
		{1e14, "1.0E+14", "100000000000000", "100000000000000.0", "100000000000000",
			"100000000000000.0"},
		{1e15, "1.0E+15", "1000000000000000", "1.0e+15", "1E+15", "1000000000000000.0"},
		{1.5e16, "1.5E+16", "15000000000000000", "1.5e+16", "1.5E+16", "1.5e16"},
		{1e17, "1.0E+17", "1.0e+17", "1.0e+17", "1E+17", "1e17"},
		{0.0001, "0.0001", "0.0001", "0.0001", "0.0001", "0.0001"},
		{0.00001, "1.0E-5", "1.0e-5", "1.0e-05", "1E-05", "1e-5"},
		{0.30000000000000004, "0.3", "0.30000000000000004", "0.30000000000000004", "0.30000000000000004",
			"0.30000000000000004"},
		{math.Copysign(0, -1), "-0", "-0", "-0.0", "-0", "-0.0"},
	} {
		var got []string
		for _, style := range []floatStyle{
			phpString, phpJSONFloat, rubyFloat, cSharpFloat, rustDebug,
		} {
			got = append(got, style.write(test.f))
		}
		want := []string{test.php, test.phpJSON, test.ruby, test.csharp, test.debug}
		assert.Equal(t, want, got, "%v", test.f)
	}
	assert.Equal(t, "0.00001", serdeFloat.write(0.00001))
	assert.Equal(t, "-INF", phpString.write(math.Inf(-1)))
}

// Ports in Rust read infinite floats with serde_json, which refuses them.
func TestInfiniteFloatsRefused(t *testing.T) {
	q := NewQuestion(&vectors.Input{
		Email:    new("e"),
		Key:      new("k"),
		Method:   "GET",
		Resource: "/r",
		Data:     []byte(`{"a": 1e400}`),
	})
	assert.True(t, Set{Find("float-serde-json")}.Steps().Sign(q).Refused)
	assert.False(t, Set{Find("float-ruby")}.Steps().Sign(q).Refused)
}

func TestContainers(t *testing.T) {
	const text = `{"v": {"k": 1, "a/b": [null, true, "é\"\n\u0001#{x}"]}}`
	data, err := signer.ParseData([]byte(text))
	require.NoError(t, err)
	v := data[0].Value
	assert.Equal(t, "map[a/b:[<nil> true é\"\n\x01#{x}] k:1]", goText(v))
	assert.Equal(t, `{"k"=>1, "a/b"=>[nil, true, "é\"\n\u0001\#{x}"]}`, rubyText(v))
	assert.Equal(t, `{"k":1,"a\/b":[null,true,"\u00e9\"\n\u0001#{x}"]}`, phpJSON(v))
	assert.Equal(t, `{"a/b":[null,true,"é\"\n\u0001#{x}"],"k":1}`, javaScriptJSON(sortedDeep(v)))
}

// The order is that of PHP 8.2's sort().
func TestComparePHP(t *testing.T) {
	for _, want := range [][]string{
		{"1.0", "1", " 8", "9", "10", "1e1", "9a", "abc", "x"},
		{"b10", "b9"},
		{"", "010", "B", "a"},
	} {
		assert.True(t, slices.IsSortedFunc(want, comparePHP), "%q", want)
	}
	assert.Zero(t, comparePHP("10", "1e1"))
}

// A port that refuses unpaired surrogates, and makes another mistake, still refuses them.
func TestSurrogatesStay(t *testing.T) {
	q := NewQuestion(&vectors.Input{
		Email:    new("e"),
		Key:      new("k"),
		Method:   "GET",
		Resource: "/r",
		Data:     []byte(`{"A\ud800": "B\ud800"}`),
	})
	for _, id := range []string{
		"string-lower-cased", "keys-lower-cased", "keys-upper-cased", "string-controls-dropped",
		"string-cut-at-255", "escaped-quote-plus", "escaped-uri-component",
	} {
		assert.True(t, Set{Find(id)}.Steps().Sign(q).Refused, id)
	}
	a := Set{Find("escaped-json-quoted")}.Steps().Sign(NewQuestion(&vectors.Input{
		Email:    new("e"),
		Key:      new("k"),
		Method:   "GET",
		Resource: "/r",
		Data:     []byte(`{"a": "\ud83d"}`),
	}))
	assert.Equal(t, `GET/ra="\ud83d"&email="e"`, a.Message)
}

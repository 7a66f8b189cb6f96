package wire_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"

	"sigkit/internal/wire"
	"sigkit/signer"
)

func TestCompareURL(t *testing.T) {
	const base = "https://h.example.com/a"
	for _, c := range []struct {
		name, want, got string
		difference      *wire.Difference
	}{
		{"order of different keys", base + "?a=1&b=2", base + "?b=2&a=1", nil},
		{"order of different keys among lists", base + "?a=1&a=2&b=3", base + "?a=1&b=3&a=2", nil},
		{"percent-encoding", base + "?a=1.0~rc1+x", base + "?a=1.0%7erc1%20x", nil},
		{"empty query", base + "?", base, nil},
		{"order behind a query of the resource", base + "?y=1?a=1&b=2", base + "?y=1?b=2&a=1", nil},
		{"raw ? in a value", base + "?a=1%3F", base + "?a=1?", nil},
		{"encoded path", base + "%20b", base + " b", nil},
		{"case of the server", "https://H.example.com/a", base, nil},
		{
			"order of one key", base + "?a=1&a=2", base + "?a=2&a=1",
			&wire.Difference{Where: `the parameter "a" of the query`, Want: "a=1&a=2", Got: "a=2&a=1"},
		},
		{
			"value behind encoding that does not count",
			base + "?v=1.0~rc1&b=True", base + "?v=1.0%7Erc1&b=true",
			&wire.Difference{Where: `the parameter "b" of the query`, Want: "b=True", Got: "b=true"},
		},
		{
			"missing", base + "?a=1&b=2", base + "?b=2",
			&wire.Difference{Where: `the parameter "a" of the query`, Want: "a=1", Got: ""},
		},
		{
			"too many", base + "?b=2", base + "?b=2&c=3",
			&wire.Difference{Where: `the parameter "c" of the query`, Want: "", Got: "c=3"},
		},
		{
			"path", base + "/b?x=1", base + "/c?x=1",
			&wire.Difference{Where: "the path", Want: "/a/b", Got: "/a/c"},
		},
		{
			"server", base, "https://other.example.com/a",
			&wire.Difference{
				Where: "the server",
				Want:  "https://h.example.com",
				Got:   "https://other.example.com",
			},
		},
		{"not a URL", base, "/a", &wire.Difference{Where: "the URL", Want: base, Got: "/a"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			if diff := cmp.Diff(c.difference, wire.CompareURL(c.want, c.got)); diff != "" {
				t.Error(diff)
			}
		})
	}
}

func TestCompareBody(t *testing.T) {
	assert.Nil(t, wire.CompareBody(new("folder=1&product=2"), new("product=2&folder=1")))
	assert.Nil(t, wire.CompareBody(nil, new("")))
	want := &wire.Difference{Where: `the parameter "a" of the body`, Want: "a=1", Got: ""}
	assert.Equal(t, want, wire.CompareBody(new("a=1"), nil))
}

func TestValues(t *testing.T) {
	headers := []wire.Header{{Name: "a", Value: "1"}, {Name: "B", Value: "2"}, {Name: "A", Value: "3"}}
	assert.Equal(t, []string{"1", "3"}, wire.Values(headers, "a"))
	assert.Empty(t, wire.Values(headers, "c"))
}

func TestSameRequest(t *testing.T) {
	get := &signer.Sent{Method: "GET", URL: "https://h/?a=1"}
	assert.True(t, wire.SameRequest(nil, nil))
	assert.False(t, wire.SameRequest(get, nil))
	assert.True(t, wire.SameRequest(get, &signer.Sent{Method: "GET", URL: "https://h/?a=%31"}))
	assert.False(t, wire.SameRequest(get, &signer.Sent{Method: "PUT", URL: "https://h/?a=1"}))
}

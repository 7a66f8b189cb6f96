package mistake

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sigkit/vectors"
)

func TestBodyAsSent(t *testing.T) {
	steps := Set{Find("body-as-sent")}.Steps()
	for _, test := range []struct{ name, method, data, want string }{
		{"body", "POST", `{"z": [2, 1], "a": "x y"}`, "POST/rz=2&z=1&a=x+y&email=a%40b"},
		{"query, sorted by key", "GET", `{"z": [2, 1], "a": 1}`, "GET/ra=1&email=a%40b&z=2&z=1"},
		{"float", "GET", `{"a": 1.0}`, "GET/ra=1.0&email=a%40b"},
		{"null in a body", "POST", `{"a": null}`, "POST/remail=a%40b"},
		{"unpaired surrogate", "POST", `{"a": "\ud800"}`, ""},
	} {
		a := steps.Sign(NewQuestion(&vectors.Input{
			Email:    new("a@b"),
			Key:      new("k"),
			Method:   test.method,
			Resource: "/r",
			Data:     []byte(test.data),
		}))
		assert.Equal(t, test.want, a.Message, test.name)
		assert.Equal(t, test.want == "", a.Refused, test.name)
	}
}

func TestVendorOlderPlugin(t *testing.T) {
	m := Find("vendor-older-plugin")
	var changed []string
	for _, i := range m.changes {
		changed = append(changed, fieldName(i))
	}
	want := []string{
		"MissingKey", "Unorderable", "SortList", "ListPairs", "ObjectPairs", "CheckMethod",
	}
	assert.Equal(t, want, changed)

	a := Set{m}.Steps().Sign(NewQuestion(&vectors.Input{
		Email:    new("a@b"),
		Key:      new("k"),
		Method:   "get",
		Resource: "/r",
		Data:     []byte(`{"l": [2, "a"], "o": {"k": true}}`),
	}))
	assert.Equal(t, "GET/remail=a@b&l=[2, 'a']&o={'k': True}", a.Message)
}

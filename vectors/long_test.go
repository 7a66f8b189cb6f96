package vectors_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sigkit/vectors"
)

// A vector of more than MaxLine is refused, in a line and in a file, however short the others are.
func TestLongVectorsAreRefused(t *testing.T) {
	t.Parallel()
	input := func(data string) string {
		return `{"email":"e","key":"k","method":"GET","resource":"/","data":{"a":"` + data + `"}}`
	}
	long := strings.Repeat("x", vectors.MaxLine)
	for data, want := range map[string]string{"x": "", long: "longer than 16 MiB"} {
		var got string
		for line, err := range vectors.Stream("s", strings.NewReader(input(data)+"\n")) {
			if assert.Nil(t, line.Fault); err != nil {
				got = err.Error()
			}
		}
		assertProblem(t, want, got)
		_, err := vectors.ParseFile("f", fmt.Appendf(nil, `{"format":"sigkit-vectors/1","group":"g",
			"about":"x","reference":{"name":"n","version":"1"},"notes":{},"vectors":[{"id":"g/a",
			"level":"core","rule":"r","tags":[],"why":"x","input":%s}]}`, input(data)))
		if got = ""; err != nil {
			got = err.Error()
		}
		assertProblem(t, want, got)
	}
}

// assertProblem asserts that a problem contains some words, or that there is none.
func assertProblem(t *testing.T, want, got string) {
	t.Helper()
	if want == "" {
		assert.Empty(t, got)
	}
	assert.Contains(t, got, want)
}

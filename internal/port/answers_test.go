package port_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
)

// Answers without id are set aside, and the others are handed out.
func TestAnswersWithoutID(t *testing.T) {
	const text = `{"id":"q/1","headers":{}}
{"error":"no"}

{"id":"other"}
{"headers":{}}
`
	a, err := port.ReadAnswers("a.ndjson", strings.NewReader(text))
	require.NoError(t, err)
	assert.Equal(t, []int{2, 5}, a.WithoutID())
	replies, err := ask(t, a, questions(2))
	require.NoError(t, err)
	assert.Empty(t, replies["q/1"].Fault)
	assert.Equal(t, port.NoAnswer, replies["q/2"].Fault)
	assert.Equal(t, []string{"other"}, a.Unasked())
}

func TestAnswersThatCannotBeRead(t *testing.T) {
	for text, want := range map[string]string{
		"":                               "a: no answers in this file: collect some first",
		"\n \n":                          "a: no answers in this file: collect some first",
		"{}\nx\n":                        "a:2: `x` came instead of a JSON object",
		"\xff\xfe{\x00":                  "a:1: the file is UTF-16: save it as UTF-8",
		strings.Repeat("x", 17<<20):      "a:1: the line is longer than 16 MiB",
		"\ufeff{\"id\":\"a\"}\n{\"id\":": "a:2: the answer is not valid JSON",
	} {
		_, err := port.ReadAnswers("a", strings.NewReader(text))
		assert.ErrorContains(t, err, want)
	}
}

package docs_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sigkit/docs"
	"sigkit/vectors"
)

func TestPages(t *testing.T) {
	for _, name := range docs.Names() {
		assert.True(t, strings.HasPrefix(docs.Page(name), "# "), name)
	}
	assert.Empty(t, docs.Page("../docs"))
}

// Every rule of a vector has a text, which ends before the next rule.
func TestRules(t *testing.T) {
	for _, v := range vectors.All() {
		assert.Contains(t, docs.Rules(), v.Rule)
	}
	for _, id := range docs.Rules() {
		text := docs.Rule(id)
		assert.NotEmpty(t, strings.TrimSpace(text), id)
		assert.NotContains(t, text, "- **`", id)
		assert.NotContains(t, text, "\n#", id)
	}
	assert.Empty(t, docs.Rule("no-such-rule"))
}

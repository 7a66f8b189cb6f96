package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/docs"
	"sigkit/internal/diagnose"
	"sigkit/internal/mistake"
	"sigkit/vectors"
)

// Every rule has its place in the order, once.
func TestRuleOrder(t *testing.T) {
	assert.ElementsMatch(t, docs.Rules(), RuleOrder())
}

func broken(id, rule string, level vectors.Level) Result {
	return Result{ID: id, Rule: rule, Level: level, Outcome: Fail, Breaks: true}
}

func TestLadder(t *testing.T) {
	boolean := mistake.Find("boolean-lower-case")
	require.NotNil(t, boolean)
	run := &Run{
		Diagnosis: &diagnose.Diagnosis{Findings: []diagnose.Finding{{
			Mistakes: []*mistake.Mistake{boolean},
			Explains: []string{"a/layout", "a/boolean-long", "a/boolean"},
		}}},
		Vectors: []Result{
			{ID: "a/email", Rule: "email-joins", Level: vectors.Core, Outcome: Pass},
			broken("a/token", "token-hmac", vectors.Extended),
			broken("a/layout", "message-layout", vectors.Core),
			broken("a/boolean-long", "text-boolean", vectors.Core),
			broken("a/boolean", "text-boolean", vectors.Core),
			broken("a/string", "text-string", vectors.Core),
		},
	}
	ladder := run.Ladder(func(id string) int { return len(id) })
	var rules []string
	for _, rung := range ladder {
		rules = append(rules, rung.Rule)
	}
	assert.Equal(t, []string{
		"message-layout", "token-hmac", "email-joins", "text-boolean", "text-string",
	}, rules)
	assert.Equal(t, 2, ladder.Holding(), "the layout is not to blame, and the email holds")
	next := ladder.First()
	assert.Equal(t, "text-boolean", next.Rule, "core comes before extended")
	assert.Equal(t, boolean, next.Mistake.Mistakes[0])
	assert.Equal(t, "a/layout", next.Failures[0].ID, "the smallest comes first")
	assert.Len(t, next.Failures, 3)
	assert.Nil(t, (&Run{}).Ladder(nil).First())
}

package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/docs"
	"sigkit/internal/diagnose"
	"sigkit/internal/mistake"
	"sigkit/internal/port"
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
	assert.Equal(t, "a/boolean", next.Failures[0].ID, "its own come first, the smallest of them")
	assert.Len(t, next.Failures, 3)
	assert.Nil(t, (&Run{}).Ladder(nil).First())
}

// While a port is being written, a failure shows the step that is missing, not the rule of its
// vector.
func TestApparentRule(t *testing.T) {
	const (
		message = "GET/xemail=user@example.com&the_email="
		other   = "GET/xemail=&the_email="
		token   = "q5A="
	)
	tests := map[string]struct {
		rule         string
		fault        port.Fault
		message, got string
		body         bool
		want         string
	}{
		"nothing is signed": {"message-layout", WrongMessage, "", "", false, "message-layout"},
		"no pairs":          {"message-layout", WrongMessage, "GET/x", "", false, "pairs-join"},
		"no email":          {"text-string", WrongMessage, "GET/xa=1", "", false, "email-joins"},
		"another email": {
			"text-string", WrongMessage, "GET/xthe_email=", "", false, "email-joins",
		},
		"wrong, and no token":    {"header-name", WrongMessage, other, "", false, "token-hmac"},
		"wrong":                  {"text-string", WrongMessage, other, "a", false, "text-string"},
		"no token":               {"header-name", WrongToken, message, "", false, "token-hmac"},
		"a token of another key": {"key-file-json", WrongToken, message, "a", false, "key-file-json"},
		"a wrong token":          {"message-layout", WrongToken, message, "a", false, "token-hmac"},
		"no query":               {"text-string", WrongRequest, message, token, false, "wire-query"},
		"no form":                {"text-string", WrongRequest, message, token, true, "wire-form"},
		"a wrong server":         {"base-url", WrongRequest, message, token, true, "base-url"},
	}
	for name, test := range tests {
		t.Run(name, func(t *testing.T) {
			r := Result{
				Rule: test.rule, Outcome: Fail, Fault: test.fault,
				Want: Side{HMACMsg: new(message), Token: new(token)},
				Got:  Side{HMACMsg: &test.message, Token: &test.got},
			}
			if test.body {
				r.Want.Body = new("a=1")
			}
			assert.Equal(t, test.want, r.apparent())
		})
	}
	run := &Run{Vectors: []Result{
		broken("a/layout", "message-layout", vectors.Core),
		broken("a/string", "text-string", vectors.Core),
	}}
	for i := range run.Vectors {
		run.Vectors[i].Fault = WrongToken
		run.Vectors[i].Want.Token, run.Vectors[i].Got.Token = new(token), new("")
	}
	ladder := run.Ladder(func(string) int { return 0 })
	assert.Equal(t, "token-hmac", ladder.First().Rule)
	assert.Equal(t, 1, ladder.Holding(), "the layout holds, and of strings nothing has been seen")
}

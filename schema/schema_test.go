package schema_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/schema"
)

// result is a result with a diagnosis, with everything that may be left out.
const result = `{
  "format": "sigkit-result/1", "version": "v1", "platform": "linux/amd64",
  "digest": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
  "selection": {
    "vectors": "v", "run": ["a"], "skip": ["b"], "rules": ["c"], "tags": ["d"], "shard": "1/2",
    "failed": "r.json", "random": {"seed": 1, "count": 2}
  },
  "name": "port", "mode": "stream", "level": "core", "profile": "all",
  "verdict": "fails", "notes": [], "counts": {"pass": 0, "fail": 1, "error": 0, "unsupported": 0},
  "rules": [], "vectors": [{"id": "a/b", "outcome": "fail", "fault": "refused"}],
  "diagnosis": {
    "failures": 1, "explained": 1, "signed": 1, "sent": 0, "complete": false,
    "findings": [{
      "side": "signed", "confidence": "likely", "explains": ["a/b"], "against": ["a/c"],
      "mistakes": [{"id": "m", "rule": "r", "what": "w", "fix": "f", "idioms": {"Go": "x"}}],
      "smallest": {"data": {}},
      "distinguish": {"vector": "a/d", "answers": ["x", "y"]}
    }],
    "unexplained": [{
      "vectors": ["a/b"], "smallest": {"data": {}}, "want": {"token": "t"}, "got": {"error": "e"}
    }],
    "unstable": [{"vector": "a/b", "seen": ["x", "y"]}],
    "constant": "refuses", "unanswered": 1, "bounded": "time"
  }
}`

func TestResult(t *testing.T) {
	assert.NoError(t, schema.Validate(schema.Result, []byte(result)))
	for _, c := range []struct{ name, old, new, err string }{
		{"unknown member", `"format"`, `"x": 1, "format"`,
			"at the document: additionalProperties 'x' not allowed"},
		{"no digest", `"digest": "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",`,
			``, "at the document: missing properties: 'digest'"},
		{"no shard", `"1/2"`, `"1"`, "at /selection/shard: "},
		{"no profile", `"profile": "all",`, ``, "at the document: missing properties: 'profile'"},
		{"unknown profile", `"all"`, `"some"`, "at /profile: "},
		{"unknown side", `"side": "signed"`, `"side": "both"`, "at /diagnosis/findings/0/side: "},
		{"unknown confidence", `"likely"`, `"sure"`, "at /diagnosis/findings/0/confidence: "},
		{"no mistakes", `[{"id": "m", "rule": "r", "what": "w", "fix": "f", "idioms": {"Go": "x"}}]`,
			`[]`, "at /diagnosis/findings/0/mistakes: minimum 1 items required"},
		{"one answer", `["x", "y"]}`, `["x"]}`, "at /diagnosis/findings/0/distinguish/answers: "},
		{"no counts", `"explained": 1,`, ``, "at /diagnosis: missing properties: 'explained'"},
		{"unknown constant", `"refuses"`, `"always"`, "at /diagnosis/constant: "},
		{"two documents", `{
  "format"`, `{} {"format"`, "more text follows the JSON value"},
	} {
		t.Run(c.name, func(t *testing.T) {
			require.Contains(t, result, c.old)
			err := schema.Validate(schema.Result, []byte(strings.Replace(result, c.old, c.new, 1)))
			assert.ErrorContains(t, err, c.err)
		})
	}
}

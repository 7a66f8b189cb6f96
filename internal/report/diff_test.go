package report

import (
	"bytes"
	"fmt"
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/readers"
)

// commandLine matches a line that GitHub's runner takes for a command.
var commandLine = regexp.MustCompile(`(?m)^[ \t]*::`)

// What a port says is harmless in a comparison, too.
func TestDiffIsHarmless(t *testing.T) {
	was, now := newRun(), hostileRun()
	was.Name = hostile
	for i, r := range now.Vectors {
		r.Outcome, r.Fault = check.Pass, ""
		was.Vectors = append(was.Vectors, r)
		now.Vectors[i].ID += fmt.Sprint("-", i/2) // half of them are new, half are gone
	}
	for i := range was.Vectors[:4] {
		was.Vectors[i].ID += fmt.Sprint("-", i/2)
	}
	for _, d := range []*check.Diff{check.NewDiff(was, now), check.NewDiff(now, was)} {
		assert.NotEmpty(t, d.Vectors)
		for format, write := range diffFormats {
			var out bytes.Buffer
			require.NoError(t, write(&out, d))
			readers.AssertHarmless(t, format, out.Bytes())
			assert.NotRegexp(t, commandLine, out.String(), format)
			if format == "markdown" {
				readers.AssertMarkdown(t, format, out.Bytes())
			}
		}
	}
}

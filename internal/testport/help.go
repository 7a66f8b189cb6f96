package testport

import (
	"bytes"
	"context"
	"io"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
)

// maxHelpColumns is the width of help texts, which fit a terminal of 80 columns.
const maxHelpColumns = 79

// AssertHelp asserts that the help of each command is complete and narrow, goes to standard output
// and ends with exit code 0. The texts of help and completion, which come from cobra, are left out.
func AssertHelp(
	t *testing.T, root *cobra.Command,
	run func(_ context.Context, args []string, stdin io.Reader, stdout, stderr io.Writer) int,
) {
	for _, c := range append(root.Commands(), root) {
		if c.Name() == "help" || c.Name() == "completion" {
			continue
		}
		t.Run(c.Name(), func(t *testing.T) {
			args := append(strings.Fields(c.CommandPath())[1:], "--help")
			var stdout, stderr bytes.Buffer
			assert.Zero(t, run(t.Context(), args, nil, &stdout, &stderr))
			assert.Empty(t, stderr.String())
			for _, part := range []string{"Exit code", "\nUsage:\n", "\nExamples:\n"} {
				assert.Contains(t, stdout.String(), part)
			}
			for line := range strings.Lines(stdout.String()) {
				line = strings.TrimSuffix(line, "\n")
				assert.LessOrEqual(t, utf8.RuneCountInString(line), maxHelpColumns, line)
				assert.NotContains(t, line, "\t")
			}
		})
	}
}

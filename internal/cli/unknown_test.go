package cli

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/spf13/cobra"
	"github.com/stretchr/testify/assert"
)

func TestUnknown(t *testing.T) {
	levels := []string{"core", "extended", "quirk"}
	many := strings.Fields(
		"a/one a/two a/three a/four a/five a/six a/seven a/eight a/nine a/ten b c d")
	for _, c := range []struct {
		kind, given string
		known       []string
		want        string
	}{
		{
			"level", "corre", levels,
			`level "corre" is unknown: did you mean "core"? choose core, extended or quirk`,
		},
		{"level", "hard", levels, `level "hard" is unknown: choose core, extended or quirk`},
		{
			"level", "QUIRK", levels,
			`level "QUIRK" is unknown: did you mean "quirk"? choose core, extended or quirk`,
		},
		{
			"level", "ext", levels,
			`level "ext" is unknown: did you mean "extended"? choose core, extended or quirk`,
		},
		{"level", "", levels, `level "" is unknown: choose core, extended or quirk`},
		{
			"vector", "a/sevn", many,
			`vector "a/sevn" is unknown: did you mean "a/seven"? ` +
				`sigcheck list shows all 13`,
		},
		{"mistake", "zzzz", many, `mistake "zzzz" is unknown: sigcheck mistakes shows all 13`},
		{"name", "zzzz", many, `name "zzzz" is unknown: 13 names are known`},
	} {
		assert.EqualError(t, Unknown(c.kind, c.given, c.known), c.want)
	}
}

func TestUnknownVector(t *testing.T) {
	known := []string{"list-order/numbers", "list-order/strings", "text/true"}
	for given, want := range map[string]string{
		"list-order/number": `vector "list-order/number" is unknown: ` +
			`did you mean "list-order/numbers"? ` +
			`choose list-order/numbers, list-order/strings or text/true`,
		"lst-order/x": `vector "lst-order/x" is unknown: ` +
			`sigcheck list --run list-order shows those of the group`,
		"zzzz/zzzz": `vector "zzzz/zzzz" is unknown: ` +
			`choose list-order/numbers, list-order/strings or text/true`,
	} {
		assert.EqualError(t, UnknownVector(given, known), want)
	}
}

func TestDistance(t *testing.T) {
	for _, c := range []struct {
		a, b string
		want int
	}{
		{"", "", 0},
		{"", "abc", 3},
		{"abc", "abc", 0},
		{"kitten", "sitting", 3},
		{"run", "rum", 1},
	} {
		assert.Equal(t, c.want, distance(c.a, c.b), "%q %q", c.a, c.b)
		assert.Equal(t, c.want, distance(c.b, c.a), "%q %q", c.b, c.a)
	}
}

func TestUnknownCommand(t *testing.T) {
	for given, want := range map[string]string{
		"rum":  "tool: unknown command \"rum\": did you mean \"run\"? see tool --help\n",
		"re":   "tool: unknown command \"re\": did you mean \"report\" or \"run\"? see tool --help\n",
		"zzzz": "tool: unknown command \"zzzz\": see tool --help\n",
		"a\"b": "tool: unknown command \"a\\\"b\": see tool --help\n",
	} {
		root := &cobra.Command{Use: "tool"}
		for _, name := range []string{"run", "report"} {
			root.AddCommand(&cobra.Command{Use: name, Run: func(*cobra.Command, []string) {}})
		}
		var stdout, stderr bytes.Buffer
		code := Run(context.Background(), root, []string{given}, nil, &stdout, &stderr)
		assert.Equal(t, Usage, code)
		assert.Empty(t, stdout.String())
		assert.Equal(t, want, stderr.String())
	}
}

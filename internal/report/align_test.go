package report

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sigkit/vectors"
)

// shownAlignment writes aligned pieces as lines of want and got.
func shownAlignment(all []aligned) (lines []string) {
	text := func(s *string) string {
		if s == nil {
			return "-"
		}
		return *s
	}
	for _, a := range all {
		line := text(a.want) + " | " + text(a.got)
		if a.moved {
			line += " moved"
		}
		lines = append(lines, line)
	}
	return lines
}

func TestAlign(t *testing.T) {
	for name, c := range map[string]struct{ want, got, lines string }{
		"value":   {"a=1 b=2 c=3", "a=1 b=4 c=3", "a=1 | a=1, b=2 | b=4, c=3 | c=3"},
		"missing": {"a=1 b=2", "b=2", "a=1 | -, b=2 | b=2"},
		"extra":   {"a=1", "a=1 b=2", "a=1 | a=1, - | b=2"},
		"moved":   {"a=1 b=2 c=3", "b=2 c=3 a=1", "a=1 | - moved, b=2 | b=2, c=3 | c=3, - | a=1 moved"},
		"list": {
			"a=1 a=2 a=3", "a=3 a=1 a=2",
			"- | a=3 moved, a=1 | a=1, a=2 | a=2, a=3 | - moved",
		},
		"key alone": {"a=1 b=2 c=3", "a=1 x=2 c=3", "a=1 | a=1, b=2 | x=2, c=3 | c=3"},
	} {
		got := align(strings.Fields(c.want), strings.Fields(c.got))
		assert.Equal(t, c.lines, strings.Join(shownAlignment(got), ", "), name)
	}
}

func TestSplitMessages(t *testing.T) {
	in := &vectors.Input{Method: "GET", Resource: "/x"}
	for _, c := range []struct{ got, pieces string }{
		{"GET/xa=1&b=2", "GET/x a=1 b=2"},
		{"GET\n/xa=1&b=2", "GET\n/x a=1 b=2"},
		{"GET/xb=2&a=1", "GET/x b=2 a=1"},
		{"nothing", "nothing"},
	} {
		w, g := splitMessages("GET/xa=1&b=2", c.got, in)
		assert.Equal(t, []string{"GET/x", "a=1", "b=2"}, w)
		assert.Equal(t, c.pieces, strings.Join(g, " "))
	}
}

// What the cells of a comparison show together is the text, as far as there is room.
func FuzzMarkedCells(f *testing.F) {
	f.Add("a=True", "a=true")
	f.Add("a=\u0301\u200b", "a=\xff")
	f.Add("", "日本")
	f.Fuzz(func(t *testing.T, want, got string) {
		w, g := markedCells(want, got)
		if len(want)+len(got) > cellContext/2 {
			return
		}
		assert.Equal(t, joined(plainCell(want)), joined(w))
		assert.Equal(t, joined(plainCell(got)), joined(g))
	})
}

func joined(c *cell) (text string) {
	for _, part := range [][]span{c.Before, c.Mark, c.After} {
		for _, s := range part {
			text += fmt.Sprint(s.Text)
		}
	}
	return text
}

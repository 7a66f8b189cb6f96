package report

import (
	"bufio"
	"bytes"
	"strings"
	"testing"

	"github.com/mattn/go-runewidth"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/mistake"
)

func guided(run *check.Run) *Guided {
	return &Guided{
		Run:    run,
		Ladder: run.Ladder(func(string) int { return 0 }),
		Rule:   func(string) string { return strings.Repeat("A long\nrule, in words.\n", 40) },
		Question: func(id string) string {
			return `{"id":"` + id + `","data":"` + strings.Repeat("x", 4000) + "\"}\n"
		},
	}
}

// Whatever a run has, the guide fits a screen of 24 lines.
func TestGuideFitsAScreen(t *testing.T) {
	for name, run := range runs() {
		t.Run(name, func(t *testing.T) {
			var out bytes.Buffer
			require.NoError(t, Guide(&out, guided(run), Options{Language: "Python"}))
			assert.NotEmpty(t, out.String())
			assert.LessOrEqual(t, lines(out.String()), guideLines, out.String())
			assert.NotContains(t, out.String(), "\x1b")
		})
	}
}

func TestGuide(t *testing.T) {
	show := func(g *Guided) string {
		var out bytes.Buffer
		require.NoError(t, Guide(&out, g, Options{}))
		return out.String()
	}
	g := guided(mixed())
	first := g.Ladder.First().Rule
	assert.Contains(t, show(g), "Next: "+first+" ")
	assert.NotContains(t, show(g), "holds ")
	last := g.Ladder[len(g.Ladder)-1].Rule
	for i := range g.Ladder {
		if !g.Ladder[i].Holds() {
			last = g.Ladder[i].Rule
		}
	}
	g.Broken, g.All = []string{last}, true
	assert.Contains(t, show(g), "It held before and does not hold any more: "+last+" ")
	assert.Contains(t, show(g), "  fails "+last+" ")
	assert.Contains(t, show(guided(clean())), "conforms: ")
	assert.Contains(t, show(guided(untested())), "the port does not answer yet")
}

// No part of a fix is lost without a sign, and a long word of one is broken.
func TestGuideShowsTheWholeFix(t *testing.T) {
	for _, language := range mistake.Languages() {
		for _, m := range mistake.Catalogue() {
			idiom := language + ": " + mistake.Idiom(m.Rule, language)
			assert.LessOrEqual(t, len(inLines(idiom)), guideFixLines, idiom)
			for _, line := range inLines(idiom) {
				assert.LessOrEqual(t, runewidth.StringWidth(line), guideWidth, line)
			}
			assert.LessOrEqual(t, len(inLines("fix: "+m.Fix)), 3, m.Fix)
		}
	}
	long := inLines("word " + strings.Repeat("x", 100) + " y")
	assert.Equal(t, "word "+strings.Repeat("x", 73), long[0])
	assert.Equal(t, strings.Repeat("x", 27)+" y", long[1])
	var out bytes.Buffer
	shown := text{Writer: bufio.NewWriter(&out)}
	shown.paragraph("", strings.Repeat("word ", 40), 2)
	require.NoError(t, shown.Flush())
	assert.True(t, strings.HasSuffix(out.String(), "\u2026\n"), out.String())
}

// A brief report has few lines, none of them long, whatever a run has.
func TestBrief(t *testing.T) {
	for name, run := range runs() {
		t.Run(name, func(t *testing.T) {
			before, err := run.Encode()
			require.NoError(t, err)
			var out bytes.Buffer
			require.NoError(t, Text(&out, run, Options{Brief: true, Language: "Python"}))
			assert.LessOrEqual(t, lines(out.String()), briefLines, out.String())
			for line := range strings.Lines(out.String()) {
				assert.LessOrEqual(t, runewidth.StringWidth(line), 200, line)
			}
			after, err := run.Encode()
			require.NoError(t, err)
			assert.Equal(t, string(before), string(after), "the run is not changed")
			golden(t, name+".brief", out.Bytes())
		})
	}
}

package readers

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"github.com/yuin/goldmark"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/extension"
	"github.com/yuin/goldmark/text"
)

// allowedHTML is the HTML that reports have in Markdown.
var allowedHTML = regexp.MustCompile(`^(<br>|<!-- -->|</details>\n*|` +
	`<details><summary>[a-z-]+ <code>[^<>]*</code></summary>\n*)$`)

// AssertMarkdown asserts that GitHub's Markdown finds nothing in a report that a port could have
// meant: no HTML but ours, no link, no picture.
func AssertMarkdown(t testing.TB, name string, source []byte) {
	reader := goldmark.New(goldmark.WithExtensions(extension.GFM)).Parser()
	document := reader.Parse(text.NewReader(source))
	require.NoError(t, ast.Walk(document, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if !entering {
			return ast.WalkContinue, nil
		}
		switch n := n.(type) {
		case *ast.Link, *ast.Image, *ast.AutoLink:
			t.Errorf("%s.markdown has a link", name)
		case *ast.RawHTML:
			assert.Regexp(t, allowedHTML, string(n.Segments.Value(source)), name)
		case *ast.HTMLBlock:
			assert.Regexp(t, allowedHTML, string(n.Lines().Value(source)), name)
		}
		return ast.WalkContinue, nil
	}))
}

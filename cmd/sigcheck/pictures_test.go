package main

import (
	"flag"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/browser"
	"sigkit/internal/testport"
)

var updatePictures = flag.Bool("update-pictures", false, "write the pictures of docs/ anew")

// The pages of real runs of the sample ports and of a first attempt. The pictures are kept as
// artifacts of the test, and those in docs/ come from here.
func TestPictures(t *testing.T) {
	if !*updatePictures {
		testport.TakesLong(t)
	}
	b := browser.Start(t)
	t.Chdir(filepath.Join("..", ".."))
	dir := t.ArtifactDir()
	if *updatePictures {
		dir = "docs"
	}
	pages := t.TempDir()
	page := filepath.Join(pages, "report.html")
	results := realRuns(t, pages, page)
	matrix := filepath.Join(pages, "matrix.html")
	arguments := append([]string{"report", "--report", "html=" + matrix}, results...)
	require.Equal(t, 1, run(t.Context(), arguments, nil, os.Stdout, os.Stderr))
	for name, o := range map[string]browser.Options{
		"report-light.png": {},
		"report-dark.png":  {Dark: true},
		"vector-light.png": {Fragment: "list-order/numbers-by-value"},
		"vector-dark.png":  {Fragment: "list-order/numbers-by-value", Dark: true},
	} {
		p := b.Open(t, page, o)
		if o.Fragment != "" {
			browser.Eval[bool](p, `document.querySelector("details[open] .steps")
				.closest("details").open = true`)
		}
		picture(t, p, filepath.Join(dir, name))
	}
	for name, o := range map[string]browser.Options{
		"matrix-light.png": {},
		"matrix-dark.png":  {Dark: true},
	} {
		picture(t, b.Open(t, matrix, o), filepath.Join(dir, name))
	}
	phone := b.Open(t, page, browser.Options{Width: 390, Height: 800, Fragment: "text/true"})
	picture(t, phone, filepath.Join(t.ArtifactDir(), "phone.png"))
}

func picture(t *testing.T, p *browser.Page, file string) {
	assert.Len(t, p.Requests(), 1, file)
	assert.Empty(t, p.Problems(), file)
	p.Picture(file)
	stat, err := os.Stat(file)
	require.NoError(t, err)
	assert.Less(t, stat.Size(), int64(300_000), file)
}

// realRuns runs ports and returns their results. The page is that of the first attempt.
func realRuns(t *testing.T, dir, page string) (results []string) {
	for _, port := range []struct {
		name    string
		code    int
		command []string
	}{
		{"python", 0, []string{"python3", "ports/python/port.py"}},
		{"node", 0, []string{"node", "ports/node/port.mjs"}},
		{"bash", 0, []string{"bash", "ports/bash/port.sh"}},
		{"first attempt", 1, []string{"python3", "testdata/ports/wrong.py"}},
		{"second attempt", 1, []string{"python3", "testdata/ports/right.py"}},
	} {
		testport.NeedTool(t, port.command[0])
		result := filepath.Join(dir, port.name+".json")
		arguments := []string{"run", "--shrink=false", "--name", port.name, "--report", "json=" + result}
		if port.name == "first attempt" {
			arguments = append(arguments, "--report", "html="+page)
		}
		arguments = append(append(arguments, "--"), port.command...)
		require.Equal(t, port.code, run(t.Context(), arguments, nil, os.Stdout, os.Stderr), port.name)
		results = append(results, result)
	}
	return results
}

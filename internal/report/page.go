package report

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"io"
	"strings"
	"sync"
)

// pageFiles are the parts of the pages: templates, one style sheet and one script.
//
//go:embed page
var pageFiles embed.FS

// pageTemplates returns the templates of all pages.
var pageTemplates = sync.OnceValue(func() *template.Template {
	return template.Must(template.ParseFS(pageFiles, "page/*.tmpl"))
})

// layout is what all pages have. Policy, Style and Script are constant: nothing from outside is in
// them.
type layout struct {
	Title  string
	Policy template.HTML
	Style  template.HTML
	Script template.HTML
}

// newLayout returns the frame of a page. Its policy allows the one style sheet and the one script,
// by their hashes, and no request.
func newLayout(title string) layout {
	style, script := pageFile("page.css"), pageFile("page.js")
	return layout{
		Title: title,
		Policy: template.HTML(fmt.Sprintf(`<meta http-equiv="Content-Security-Policy" content="`+
			`default-src 'none'; style-src '%s'; script-src '%s'; img-src data:; `+
			`base-uri 'none'; form-action 'none'">`, sourceHash(style), sourceHash(script))),
		Style:  template.HTML("<style>" + style + "</style>"),
		Script: template.HTML("<script>" + script + "</script>"),
	}
}

// pageFile returns an embedded file. It panics for one that is missing, which any test shows.
func pageFile(name string) string {
	text, err := pageFiles.ReadFile("page/" + name)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// sourceHash is how a Content-Security-Policy names a text that it allows.
func sourceHash(text string) string {
	sum := sha256.Sum256([]byte(text))
	return "sha256-" + base64.StdEncoding.EncodeToString(sum[:])
}

// writePage writes a page by one of the templates. As in all reports, the runner of a CI job that
// prints it finds no command in it.
func writePage(w io.Writer, name string, data any) error {
	var out bytes.Buffer
	if err := pageTemplates().ExecuteTemplate(&out, name, data); err != nil {
		return err
	}
	page := bytes.ReplaceAll(out.Bytes(), []byte("##["), []byte("##&#91;"))
	page = commandAtStart.ReplaceAll(page, []byte("$1&#58;:"))
	_, err := w.Write(page)
	return err
}

// choice is an entry of a list to choose from.
type choice struct{ Value, Label string }

// filter is what rows can be filtered by.
type filter struct {
	Rules  []choice
	States []choice
	Causes []choice
}

// bar is a bar whose parts are numbers of vectors by state.
type bar struct {
	Total int
	Parts []barPart
}

type barPart struct {
	State        state
	Start, Count int
}

// barStates are the states in the order of a bar.
var barStates = []state{
	statePass, stateKnown, stateUnsupported, stateFail, stateError, stateUntested,
}

func newBar(counts map[state]int) (b bar) {
	for _, s := range barStates {
		if n := counts[s]; n > 0 {
			b.Parts = append(b.Parts, barPart{s, b.Total, n})
			b.Total += n
		}
	}
	return b
}

// Label says in words what the bar shows.
func (b bar) Label() string {
	parts := make([]string, len(b.Parts))
	for i, p := range b.Parts {
		parts[i] = fmt.Sprintf("%d %s", p.Count, p.State)
	}
	return strings.Join(parts, ", ")
}

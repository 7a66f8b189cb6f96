package report

import (
	"bufio"
	"bytes"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sigkit/internal/check"
	"sigkit/internal/diagnose"
)

// pageCause is a cause on a page.
type pageCause struct {
	Number  int
	Title   string
	Sure    string
	What    string
	Fix     string
	Idiom   *pageIdiom
	More    string  // lines for who wants to know more
	Example string  // the id of a vector
	Show    *choice // filters the vectors by the cause
}

// pageIdiom is how a fix is written in one language.
type pageIdiom struct{ Language, Code string }

func (p *runPage) causes(run *check.Run, all []cause, more int, language string) {
	listed := map[string]bool{}
	for i := range run.Vectors {
		listed[run.Vectors[i].ID] = true
	}
	for i := range all {
		c := newPageCause(&all[i], i+1, language, listed)
		p.Causes = append(p.Causes, c)
		if c.Show != nil {
			label := fmt.Sprintf("%d. %s (%d)", c.Number, c.Title, len(all[i].vectors))
			p.Filter.Causes = append(p.Filter.Causes, choice{c.Show.Value, label})
		}
	}
	if more > 0 {
		p.MoreCauses = fmt.Sprintf("%s: see the result as JSON.", counted(more, "more cause"))
	}
	p.aside(run.Diagnosis)
}

// newPageCause shows a cause. It links one of its vectors that the page lists.
func newPageCause(c *cause, number int, language string, listed map[string]bool) pageCause {
	page := pageCause{
		Number: number,
		Title:  clip(c.title, idWidth),
		Sure:   c.sure,
		What:   c.what,
		Fix:    c.fix,
	}
	if code, ok := strings.CutPrefix(c.idiom, language+": "); ok {
		page.Idiom = &pageIdiom{language, code}
	}
	if sure, _, ok := strings.Cut(c.sure, ": "); ok { // what follows are ids
		page.Sure = sure
	}
	if i := slices.IndexFunc(c.vectors, func(id string) bool { return listed[id] }); i >= 0 {
		page.Example = c.vectors[i]
		label := "Show " + verb(len(c.vectors), "the vector", fmt.Sprintf("all %d", len(c.vectors)))
		page.Show = &choice{strconv.Itoa(number), label}
	}
	return page
}

// aside adds to the findings what else is known of them: the answers against them, alternatives and
// the smallest request.
func (p *runPage) aside(d *diagnose.Diagnosis) {
	if d == nil {
		return
	}
	for i := range d.Findings {
		at := len(d.Unstable) + i
		if at >= len(p.Causes) {
			return
		}
		p.Causes[at].More = aside(&d.Findings[i])
	}
}

func aside(f *diagnose.Finding) string {
	var out bytes.Buffer
	t := text{Writer: bufio.NewWriter(&out)}
	t.aside(f)
	_ = t.Flush() // a buffer takes everything
	return strings.TrimSpace(strings.ReplaceAll(out.String(), "\n   ", "\n"))
}

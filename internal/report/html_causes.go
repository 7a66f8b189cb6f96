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
	if c.finding != nil {
		page.More = aside(c.finding)
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

// aside says what else is known of a finding: the answers against it, alternatives and the smallest
// request.
func aside(f *diagnose.Finding) string {
	var out bytes.Buffer
	t := text{Writer: bufio.NewWriter(&out)}
	t.aside(f)
	_ = t.Flush() // a buffer takes everything
	return strings.TrimSpace(strings.ReplaceAll(out.String(), "\n   ", "\n"))
}

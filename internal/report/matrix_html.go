package report

import (
	"fmt"
	"io"
	"maps"
	"slices"

	"sigkit/internal/check"
)

// MatrixHTML writes several runs as one page: ports by vectors.
func MatrixHTML(w io.Writer, runs []*check.Run, _ Options) error {
	return writePage(w, "matrix", newMatrixPage(check.NewMatrix(runs)))
}

// matrixPage is what the page of several runs shows, in visible form.
type matrixPage struct {
	layout
	Heading  string
	Notes    []string
	Ports    []matrixPort
	Columns  int
	Sections []pageSection
	Filter   filter
}

type matrixPort struct {
	Name    string
	Verdict string
	Good    bool
	Summary string
	Asked   string
	Bar     bar
}

// pageSection are the rows of one group and rule.
type pageSection struct {
	Rule  string
	Title string // of the group, in its first section
	What  string
	Rows  []pageMatrixRow
}

type pageMatrixRow struct {
	ID      string
	ShownID string
	Group   check.MatrixGroup
	Why     string
	Cells   []pageCell
}

type pageCell struct{ Class, Text, Detail string }

// Bounds of a matrix.
const (
	maxMatrixRows = 10_000
	cellDetail    = 90  // columns of what happened
	rowWhy        = 160 // columns of why a vector exists
)

// cellClasses are the classes of the cells of a page, which has many.
var cellClasses = map[check.CellState]string{
	check.CellPass:        "p",
	check.CellKnown:       "k",
	check.CellUnsupported: "u",
	check.CellFail:        "f",
	check.CellError:       "e",
	check.CellNotAsked:    "n",
	check.CellOther:       "o",
}

func newMatrixPage(m *check.Matrix) *matrixPage {
	p := &matrixPage{
		Heading: fmt.Sprintf("%s by %s", counted(len(m.Ports), "port"),
			counted(len(m.Rows), "vector")),
		Notes:   portNotes(m),
		Columns: len(m.Ports) + 1,
	}
	p.layout = newLayout(p.Heading)
	for i := range m.Ports {
		p.Ports = append(p.Ports, newMatrixPort(&m.Ports[i]))
	}
	if more := len(m.Rows) - maxMatrixRows; more > 0 {
		m.Rows = m.Rows[:maxMatrixRows]
		p.Notes = append(p.Notes, counted(more, "more vector")+": see the matrix as JSON")
	}
	for _, s := range matrixSections(m) {
		p.Sections = append(p.Sections, newPageSection(m, &s))
	}
	p.filter(m)
	return p
}

func newMatrixPort(p *check.MatrixPort) matrixPort {
	return matrixPort{
		Name:    clip(p.Name, nameWidth),
		Verdict: portVerdict(p),
		Good:    p.Verdict == check.Conforms,
		Summary: portSummary(p),
		Asked:   portAsked(p),
		Bar: newBar(map[state]int{
			statePass:        p.Counts.Pass,
			stateKnown:       p.Known,
			stateUnsupported: p.Unsupported,
			stateFail:        p.Failing,
		}),
	}
}

func newPageSection(m *check.Matrix, s *matrixSection) pageSection {
	page := pageSection{Rule: clip(s.Rule, ruleWidth)}
	if s.First {
		title := groupTitles[s.Group]
		page.Title = fmt.Sprintf("%s: %s", title[0], counted(inGroup(m, s.Group), "vector"))
		page.What = title[1]
	}
	for _, r := range s.Rows {
		row := pageMatrixRow{
			ID:      r.ID,
			ShownID: clip(r.ID, idWidth),
			Group:   r.Group,
			Why:     clip(r.Why, rowWhy),
		}
		for _, c := range r.Cells {
			cell := pageCell{Class: cellClasses[c.State], Text: cellText(c)}
			if c.State != check.CellPass && c.Detail != "" {
				cell.Detail = clip(c.Detail, cellDetail)
			}
			row.Cells = append(row.Cells, cell)
		}
		page.Rows = append(page.Rows, row)
	}
	return page
}

func (p *matrixPage) filter(m *check.Matrix) {
	rules := map[string]bool{}
	for _, s := range p.Sections {
		rules[s.Rule] = true
	}
	for _, rule := range slices.Sorted(maps.Keys(rules)) {
		p.Filter.Rules = append(p.Filter.Rules, choice{rule, rule})
	}
	for _, group := range check.MatrixGroups() {
		if n := inGroup(m, group); n > 0 {
			label := fmt.Sprintf("%s (%d)", groupTitles[group][0], n)
			p.Filter.States = append(p.Filter.States, choice{string(group), label})
		}
	}
}

package report

import (
	"cmp"
	"fmt"
	"io"
	"strings"

	"sigkit/internal/check"
)

// MatrixJSON writes several runs as one document; see schema/matrix.schema.json.
func MatrixJSON(w io.Writer, runs []*check.Run, _ Options) error {
	var out strings.Builder
	if err := WriteJSON(&out, check.NewMatrix(runs)); err != nil {
		return err
	}
	_, err := io.WriteString(w, strings.ReplaceAll(out.String(), "##[", `##\u005b`))
	return err
}

// groupTitles say what the rows of a group show.
var groupTitles = map[check.MatrixGroup][2]string{
	check.OnlyOne:   {"Only one port fails", "The others pass or were not asked: suspect the port."},
	check.AllFail:   {"All ports fail", "Suspect the vector."},
	check.SomeFail:  {"Several ports fail", "Others pass: they may share a mistake."},
	check.NoneFails: {"No port fails", ""},
}

// matrixSection are the rows of one group and rule.
type matrixSection struct {
	Group check.MatrixGroup
	Rule  string
	Rows  []check.MatrixRow
	First bool // of its group
}

// matrixSections splits the rows, which are sorted by group and rule.
func matrixSections(m *check.Matrix) (all []matrixSection) {
	for _, row := range m.Rows {
		last := len(all) - 1
		if last < 0 || all[last].Group != row.Group || all[last].Rule != row.Rule {
			first := last < 0 || all[last].Group != row.Group
			all = append(all, matrixSection{Group: row.Group, Rule: row.Rule, First: first})
			last++
		}
		all[last].Rows = append(all[last].Rows, row)
	}
	return all
}

// inGroup counts the rows of a group.
func inGroup(m *check.Matrix, group check.MatrixGroup) (n int) {
	for i := range m.Rows {
		if m.Rows[i].Group == group {
			n++
		}
	}
	return n
}

// cellText is a cell in words. Each state has its own.
func cellText(c check.MatrixCell) string {
	switch c.State {
	case check.CellFail:
		return cmp.Or(string(c.Fault), "fail")
	case check.CellError:
		return "error: " + string(c.Fault)
	case check.CellKnown:
		return "known"
	case check.CellNotAsked:
		return "not asked"
	case check.CellOther:
		return "other vector"
	}
	return string(c.State)
}

// portSummary says in words what a port came to.
func portSummary(p *check.MatrixPort) string {
	c := p.Counts
	parts := []string{fmt.Sprintf("%d of %d pass", c.Pass, c.Total())}
	for _, n := range []pageNumber{
		{p.Failing, "fail"},
		{p.Known, "known"},
		{p.Unsupported, "unsupported"},
	} {
		if n.Count > 0 {
			parts = append(parts, fmt.Sprintf("%d %s", n.Count, n.What))
		}
	}
	return strings.Join(parts, ", ")
}

// portVerdict says what the run of a port came to.
func portVerdict(p *check.MatrixPort) string {
	switch p.Verdict {
	case check.Conforms:
		return "conforms"
	case check.Cancelled:
		return "interrupted"
	}
	return "does not conform"
}

// portAsked says what a port was asked, and by which tool.
func portAsked(p *check.MatrixPort) string {
	return fmt.Sprintf("level %s, profile %s, sigcheck %s, %s", p.Level, p.Profile,
		clip(p.Version, idWidth), clip(p.Platform, idWidth))
}

// portNotes are the notes on all runs of a matrix, and what is left out.
func portNotes(m *check.Matrix) (lines []string) {
	for _, p := range m.LeftOut {
		lines = append(lines, fmt.Sprintf("%s is left out, since it could not be tested: %s",
			clip(p.Name, nameWidth), clip(p.Note, noteWidth)))
	}
	for i := range m.Ports {
		p := &m.Ports[i]
		for _, note := range p.Notes[:min(len(p.Notes), maxNotes)] {
			lines = append(lines, clip(p.Name, nameWidth)+": "+clip(note, noteWidth))
		}
	}
	return lines
}

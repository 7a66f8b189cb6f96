package report

import (
	"io"
	"strings"

	"sigkit/internal/check"
)

// MatrixMarkdown writes several runs as tables: the ports, then the vectors that a port fails. It
// has no times, so that it can be committed.
func MatrixMarkdown(w io.Writer, runs []*check.Run, _ Options) error {
	m := check.NewMatrix(runs)
	out := markdown{limit: MaxSummary}
	out.printf("### Ports by vectors\n\n")
	out.table([]string{"port", "verdict", "vectors", "asked"})
	for i := range m.Ports {
		p := &m.Ports[i]
		out.cells(code(clip(p.Name, nameWidth)), portVerdict(p), portSummary(p), escaped(portAsked(p)))
	}
	out.printf("\n")
	for _, note := range portNotes(m) {
		out.printf("- %s\n", code(note))
	}
	for _, group := range check.MatrixGroups() {
		out.group(m, group)
	}
	_, err := io.WriteString(w, harmless(strings.TrimRight(out.out.String(), "\n")+"\n"))
	return err
}

// group is a table of the rows of a group. Where no port fails, a number is enough.
func (m *markdown) group(all *check.Matrix, group check.MatrixGroup) {
	n := inGroup(all, group)
	if n == 0 {
		return
	}
	title := groupTitles[group]
	m.printf("\n#### %s: %s\n", title[0], counted(n, "vector"))
	if title[1] != "" {
		m.printf("\n%s\n", title[1])
	}
	if group == check.NoneFails {
		return
	}
	m.printf("\n")
	head := []string{"rule", "vector"}
	for i := range all.Ports {
		head = append(head, code(clip(all.Ports[i].Name, nameWidth)))
	}
	m.table(head)
	left := n
	for _, row := range all.Rows {
		if row.Group != group {
			continue
		}
		cells := []string{code(clip(row.Rule, ruleWidth)), code(clip(row.ID, idWidth))}
		for _, c := range row.Cells {
			cells = append(cells, cellText(c))
		}
		if m.out.Len() > m.limit {
			m.printf("\n%s: see the matrix as JSON.\n", counted(left, "more vector"))
			return
		}
		m.cells(cells...)
		left--
	}
}

// table is the head of a table.
func (m *markdown) table(head []string) {
	m.cells(head...)
	m.printf("|%s\n", strings.Repeat(" --- |", len(head)))
}

// cells is a row of a table. A bar would end a cell, in code, too.
func (m *markdown) cells(cells ...string) {
	for _, c := range cells {
		m.printf("| %s ", strings.ReplaceAll(strings.ReplaceAll(c, `\|`, "|"), "|", `\|`))
	}
	m.printf("|\n")
}

package check

import (
	"cmp"
	"fmt"
	"slices"

	"sigkit/internal/port"
	"sigkit/vectors"
)

// MatrixFormat is the value of the member `format` of a matrix.
const MatrixFormat = "sigkit-matrix/1"

// Matrix is several runs side by side: ports by vectors. It has no times, so two of the same runs
// are the same. See schema/matrix.schema.json.
type Matrix struct {
	Format  string       `json:"format"`
	Ports   []MatrixPort `json:"ports"`    // those that were tested
	LeftOut []LeftOut    `json:"left_out"` // those that were not
	Rows    []MatrixRow  `json:"rows"`     // see [MatrixGroup]
}

// MatrixPort is one column: a port, and what its run came to.
type MatrixPort struct {
	Name     string          `json:"name"` // different for each port
	Version  string          `json:"version"`
	Platform string          `json:"platform"`
	Level    vectors.Level   `json:"level"`
	Profile  vectors.Profile `json:"profile"`
	Verdict  Verdict         `json:"verdict"`
	Digest   string          `json:"digest"`
	Counts   Counts          `json:"counts"`
	Known    int             `json:"known,omitempty"`
	Notes    []string        `json:"notes"`

	Failing     int `json:"-"` // what no baseline allows
	Unsupported int `json:"-"` // what no baseline lists
}

// LeftOut is a run in which nothing could be tested.
type LeftOut struct {
	Name string `json:"name"`
	Note string `json:"note"` // why
}

// MatrixGroup says what a row shows. Rows are sorted by it.
type MatrixGroup string

// The groups, in their order.
const (
	OnlyOne   MatrixGroup = "only-one"  // one port alone fails: suspect the port
	AllFail   MatrixGroup = "all-fail"  // all of two or more ports fail: suspect the vector
	SomeFail  MatrixGroup = "some-fail" // the others that fail
	NoneFails MatrixGroup = "none-fails"
)

// MatrixGroups returns all groups, in their order.
func MatrixGroups() []MatrixGroup {
	return []MatrixGroup{OnlyOne, AllFail, SomeFail, NoneFails}
}

// MatrixRow is one vector with the cells of all ports, in their order.
type MatrixRow struct {
	ID     string        `json:"id"`
	Digest string        `json:"digest,omitempty"` // of the vector that most ports were asked
	Level  vectors.Level `json:"level,omitempty"`
	Rule   string        `json:"rule,omitempty"`
	Why    string        `json:"why,omitempty"`
	Group  MatrixGroup   `json:"group"`
	Cells  []MatrixCell  `json:"cells"`
}

// CellState says what a port came to for a vector.
type CellState string

// The states of a cell.
const (
	CellPass        CellState = "pass"
	CellKnown       CellState = "known" // it fails as its baseline allows
	CellUnsupported CellState = "unsupported"
	CellFail        CellState = "fail"
	CellError       CellState = "error"
	CellNotAsked    CellState = "not-asked"
	CellOther       CellState = "other-vector" // it was asked another vector of this id
)

// MatrixCell is what a port came to for a vector.
type MatrixCell struct {
	State CellState  `json:"state"`
	Fault port.Fault `json:"fault,omitempty"`

	Detail string `json:"-"` // what happened, in one sentence
}

// fails reports whether the answer was wrong, or none, whatever a baseline allows.
func (c MatrixCell) fails() bool {
	return c.State == CellFail || c.State == CellError || c.State == CellKnown
}

// asked reports whether the port was asked this vector.
func (c MatrixCell) asked() bool { return c.State != CellNotAsked && c.State != CellOther }

// NewMatrix puts runs side by side. Runs in which nothing could be tested are left out.
func NewMatrix(runs []*Run) *Matrix {
	m := &Matrix{
		Format: MatrixFormat, Ports: []MatrixPort{}, LeftOut: []LeftOut{}, Rows: []MatrixRow{},
	}
	names := map[string]int{}
	var tested []*Run
	for _, run := range runs {
		name := run.Name
		if names[run.Name]++; names[run.Name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, names[run.Name])
		}
		if run.Verdict == Untested {
			m.LeftOut = append(m.LeftOut, LeftOut{name, run.Notes[0]})
			continue
		}
		tested = append(tested, run)
		m.Ports = append(m.Ports, portOf(run, name))
	}
	m.addRows(tested)
	slices.SortStableFunc(m.Rows, func(a, b MatrixRow) int {
		groups := MatrixGroups()
		return cmp.Or(
			cmp.Compare(slices.Index(groups, a.Group), slices.Index(groups, b.Group)),
			cmp.Compare(a.Rule, b.Rule))
	})
	return m
}

func portOf(run *Run, name string) MatrixPort {
	unlisted := Counts{}
	for i := range run.Vectors {
		if run.Vectors[i].Known != Known {
			unlisted.Add(run.Vectors[i].Outcome)
		}
	}
	return MatrixPort{
		Name:     name,
		Version:  run.Version,
		Platform: run.Platform,
		Level:    run.Level,
		Profile:  run.Profile,
		Verdict:  run.Verdict,
		Digest:   run.Digest,
		Counts:   run.Counts,
		Known:    run.Known,
		Notes:    run.Notes,

		Failing:     unlisted.Broken(),
		Unsupported: unlisted.Unsupported,
	}
}

// addRows adds the vectors, in the order in which the runs have them.
func (m *Matrix) addRows(runs []*Run) {
	results := map[string][]*Result{} // by id; nil where a port was not asked
	var ids []string
	for i, run := range runs {
		for j := range run.Vectors {
			r := &run.Vectors[j]
			if results[r.ID] == nil {
				results[r.ID] = make([]*Result, len(runs))
				ids = append(ids, r.ID)
			}
			results[r.ID][i] = r
		}
	}
	for _, id := range ids {
		m.Rows = append(m.Rows, newRow(results[id]))
	}
}

// newRow compares the results of one vector. The vector is the one that most ports were asked.
func newRow(results []*Result) MatrixRow {
	digest := mostAsked(results)
	row := MatrixRow{Digest: digest}
	for _, r := range results {
		switch {
		case r == nil:
			row.Cells = append(row.Cells, MatrixCell{State: CellNotAsked})
			continue
		case r.Digest != digest:
			row.Cells = append(row.Cells, MatrixCell{State: CellOther})
			continue
		}
		row.ID, row.Level, row.Rule, row.Why = r.ID, r.Level, r.Rule, r.Why
		row.Cells = append(row.Cells, cellOf(r))
	}
	row.Group = groupOf(row.Cells)
	return row
}

// mostAsked is the digest that most results have, the first of several.
func mostAsked(results []*Result) (digest string) {
	count := map[string]int{}
	for _, r := range results {
		if r != nil {
			count[r.Digest]++
		}
	}
	for _, r := range results {
		if r != nil && (digest == "" || count[r.Digest] > count[digest]) {
			digest = r.Digest
		}
	}
	return digest
}

func cellOf(r *Result) MatrixCell {
	c := MatrixCell{State: CellState(r.Outcome), Fault: r.Fault, Detail: r.Detail}
	if r.Known == Known {
		c.State = CellKnown
	}
	return c
}

// groupOf says what a row shows. What is unsupported neither fails nor passes.
func groupOf(cells []MatrixCell) MatrixGroup {
	asked, failing := 0, 0
	for _, c := range cells {
		if c.asked() && c.State != CellUnsupported {
			asked++
		}
		if c.fails() {
			failing++
		}
	}
	switch {
	case failing == 0:
		return NoneFails
	case failing == 1:
		return OnlyOne
	case failing == asked:
		return AllFail
	}
	return SomeFail
}

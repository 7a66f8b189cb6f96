package report

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"sigkit/internal/check"
	"sigkit/internal/explain"
	"sigkit/vectors"
)

// pageRow is one vector on a page.
type pageRow struct {
	ID       string
	ShownID  string
	State    state
	Code     string
	Level    string
	Causes   string // numbers of its causes, separated by blanks
	Sentence string // what happened, or why the vector exists
	IsWhy    bool   // the sentence is why it exists
	Why      string
	Later    bool // the script builds what is inside when it is needed
	inside
}

// inside is what is shown of a vector when its row is open.
type inside struct {
	Listed      string
	Comparisons []sideBySide
	Says        *said
	Stderr      string
	Again       string
	Steps       []pageStep
}

// said is what the port gave where nothing is to be compared.
type said struct{ Title, Text string }

// pageStep is one step of the signing. Here is the step with the rule of the vector.
type pageStep struct {
	Title string
	Lines []string
	Here  bool
}

// Bounds of the rows of a page.
const (
	builtAtOnce = 100      // rows whose details are built without a script
	maxDetails  = 16 << 20 // bytes of details: later rows have none
	maxCommand  = 2000     // bytes of a command that is shown in each row
	stepLines   = 40
	stepWidth   = 600 // columns of a line of a step
)

// detailer shows the vectors of a run in full as long as there is room.
type detailer struct {
	run    *check.Run
	causes map[string][]string // numbers of the causes by vector
	known  map[string]*vectors.Vector
	built  int // rows
	size   int // bytes of details
}

func newDetailer(run *check.Run, all []cause) *detailer {
	d := &detailer{run: run, causes: map[string][]string{}, known: map[string]*vectors.Vector{}}
	for i, c := range all {
		for _, id := range c.vectors {
			d.causes[id] = append(d.causes[id], strconv.Itoa(i+1))
		}
	}
	for i := range vectors.All() {
		d.known[vectors.All()[i].ID] = &vectors.All()[i]
	}
	return d
}

// row shows one vector. What needs no look is compact.
func (d *detailer) row(r *check.Result) pageRow {
	s := stateOf(d.run, r)
	row := pageRow{
		ID:       r.ID,
		ShownID:  clip(r.ID, idWidth),
		State:    s,
		Code:     cmp.Or(r.Code(), string(s)),
		Level:    string(r.Level),
		Causes:   strings.Join(slices.Compact(d.causes[r.ID]), " "),
		Sentence: shorten(r.Detail),
		Why:      shorten(r.Why),
	}
	if r.Detail == "" {
		row.Sentence, row.IsWhy, row.Why = row.Why, true, ""
	}
	if s == stateKnown {
		row.Code = "known: " + row.Code
	}
	if again := d.run.Replay(r.ID); len(again) <= maxCommand {
		row.Again = printable(again)
	}
	if r.Known != "" {
		row.Listed = entry(r)
	}
	d.built++
	row.Later = d.built > builtAtOnce || s == statePass
	if s != statePass && d.size < maxDetails {
		d.fill(&row, r)
	}
	return row
}

// fill adds all that is known of a failure.
func (d *detailer) fill(row *pageRow, r *check.Result) {
	in := d.input(r)
	row.Comparisons = pieceByPiece(r, in)
	row.Says = saidOf(r)
	if r.Stderr != "" && r.Outcome != check.Fail {
		row.Stderr = tail(r.Stderr)
	}
	if in != nil {
		row.Steps = pageSteps(in, r.Rule)
	}
	for i := range row.Comparisons {
		d.size += row.Comparisons[i].size()
	}
	for _, step := range row.Steps {
		for _, line := range step.Lines {
			d.size += len(line)
		}
	}
	d.size += len(row.Stderr)
}

// input is the input of a vector, as the port was asked, if this tool knows it.
func (d *detailer) input(r *check.Result) *vectors.Input {
	known := d.known[r.ID]
	if known == nil {
		return nil
	}
	v, ok := known.Under(d.run.Profile)
	if !ok || check.Digest(&v) != r.Digest {
		return nil
	}
	return &v.Input
}

// saidOf is what the port answered where nothing, or something else, was wanted.
func saidOf(r *check.Result) *said {
	switch {
	case r.Got.Error != nil && r.Want.Error == nil:
		return &said{"It refuses, and says", clip(*r.Got.Error, stepWidth)}
	case r.Fault == check.Accepted && r.Got.HMACMsg != nil:
		return &said{"It must be refused, and the port signs", clip(*r.Got.HMACMsg, stepWidth)}
	case r.Fault == check.WrongToken && r.Got.HMACMsg == nil && r.Want.HMACMsg != nil:
		return &said{"The message to sign", clip(*r.Want.HMACMsg, stepWidth)}
	}
	return nil
}

// tail is the end of standard error.
func tail(stderr string) string {
	all := strings.Split(strings.TrimRight(stderr, "\r\n"), "\n")
	all = all[max(0, len(all)-shownStderr):]
	for i, line := range all {
		all[i] = shorten(strings.TrimRight(line, "\r"))
	}
	return strings.Join(all, "\n")
}

// pageSteps signs an input step by step.
func pageSteps(in *vectors.Input, rule string) (steps []pageStep) {
	for _, s := range explain.Steps(in) {
		step := pageStep{Title: s.Title, Here: slices.Contains(strings.Fields(s.Rules), rule)}
		for i, line := range s.Lines {
			if i == stepLines {
				step.Lines = append(step.Lines, "\u2026 "+counted(len(s.Lines)-i, "more line"))
				break
			}
			end := fits(line, stepWidth)
			shown := printable(line[:end])
			if end < len(line) {
				shown += "\u2026"
			}
			step.Lines = append(step.Lines, shown)
		}
		steps = append(steps, step)
	}
	return steps
}

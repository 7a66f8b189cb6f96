package report

import (
	"bytes"
	"fmt"
	"io"
	"strings"

	"sigkit/internal/check"
)

// TAP writes the run in the Test Anything Protocol, version 13: a line for each vector, then for
// each entry of the baseline that is out of date, then for a run that did not come to its end. A
// known failure is a TODO, which counts as a pass.
func TAP(w io.Writer, run *check.Run, _ Options) error {
	var t tap
	for i := range run.Vectors {
		t.vector(run, &run.Vectors[i])
	}
	for _, e := range staleEntries(run, check.Fixed) {
		t.point(false, e.listed, "")
		t.block("message", e.stale())
	}
	if text, ok := unfinished(run); ok {
		t.point(false, "the run came to its end", "")
		t.block("message", text)
	}
	for _, line := range append(visibleNotes(run), closingLine(run)) {
		fmt.Fprintf(&t.out, "# %s\n", line)
	}
	_, err := fmt.Fprintf(w, "TAP version 13\n1..%d\n%s", t.count, harmless(t.out.String()))
	return err
}

type tap struct {
	out   bytes.Buffer
	count int
}

// point writes the line of one test. A directive is TODO or SKIP with its reason.
func (t *tap) point(ok bool, name, directive string) {
	t.count++
	result := map[bool]string{true: "ok", false: "not ok"}[ok]
	fmt.Fprintf(&t.out, "%s %d - %s", result, t.count, tapText(name))
	if directive != "" {
		fmt.Fprintf(&t.out, " # %s", directive)
	}
	fmt.Fprintln(&t.out)
}

// tapText keeps a text from starting a directive.
func tapText(text string) string { return strings.ReplaceAll(text, "#", `\#`) }

func (t *tap) vector(run *check.Run, r *check.Result) {
	id := visible(r.ID)
	switch s := stateOf(run, r); s {
	case statePass:
		t.point(true, id, "")
	case stateKnown:
		t.point(false, id, "TODO "+tapText(excuse(r, s)))
		t.failure(run, r)
	case stateUnsupported, stateUntested:
		t.point(true, id, "SKIP "+tapText(excuse(r, s)))
	default:
		t.point(false, id, "")
		t.failure(run, r)
	}
}

// failure writes the block with what went wrong.
func (t *tap) failure(run *check.Run, r *check.Result) {
	pairs := []string{"fault", r.Code(), "message", shorten(r.Detail)}
	if r.Known == check.Changed {
		pairs = append(pairs, "listed", shorten(r.Listed))
	}
	want, got := differingTexts(r)
	if want != nil {
		pairs = append(pairs, "want", clip(*want, tapWidth))
	}
	if got != nil {
		pairs = append(pairs, "got", clip(*got, tapWidth))
	}
	if again := run.Replay(r.ID); again != "" {
		pairs = append(pairs, "again", printable(again))
	}
	t.block(pairs...)
}

// tapWidth is how many columns of want and got are written.
const tapWidth = 2000

// block writes names and values as YAML.
func (t *tap) block(pairs ...string) {
	fmt.Fprintln(&t.out, "  ---")
	for i := 0; i < len(pairs); i += 2 {
		fmt.Fprintf(&t.out, "  %s: %s\n", pairs[i], yamlText(pairs[i+1]))
	}
	fmt.Fprintln(&t.out, "  ...")
}

// yamlText quotes a text of visible characters.
func yamlText(text string) string {
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(harmless(text)) + `"`
}

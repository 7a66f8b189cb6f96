package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"sigkit/internal/check"
)

// DiffFormat writes what differs between two runs.
type DiffFormat func(w io.Writer, d *check.Diff) error

var diffFormats = map[string]DiffFormat{
	"json":     func(w io.Writer, d *check.Diff) error { return WriteJSON(w, d) },
	"markdown": diffMarkdown,
	"text":     diffText,
}

// DiffNames returns the names of all formats of differences, sorted.
func DiffNames() []string { return slices.Sorted(maps.Keys(diffFormats)) }

// FindDiff returns a format by one of the [DiffNames], or nil.
func FindDiff(name string) DiffFormat { return diffFormats[name] }

// shownChanges is how many vectors of one change are named.
const shownChanges = 50

// changeTitles say what each change means.
var changeTitles = map[check.Change]string{
	check.Worsened:         "broken",
	check.NewlyUnsupported: "newly unsupported",
	check.FailsOtherwise:   "fails otherwise",
	check.Repaired:         "fixed",
	check.NewlySupported:   "newly supported",
	check.VectorChanged:    "vector changed, so not compared",
	check.VectorNew:        "vector new",
	check.VectorGone:       "vector gone",
}

func diffText(w io.Writer, d *check.Diff) error {
	var out strings.Builder
	writeChanges(&out, d)
	fmt.Fprintf(&out, "%s: %s\n", diffVerdict(d), diffTally(d))
	_, err := io.WriteString(w, harmless(out.String()))
	return err
}

// writeChanges names the vectors that differ, by change.
func writeChanges(out io.Writer, d *check.Diff) {
	for _, change := range check.Changes() {
		all := changed(d, change)
		if len(all) == 0 {
			continue
		}
		fmt.Fprintf(out, "%s: %d\n", changeTitles[change], len(all))
		for _, v := range all[:min(shownChanges, len(all))] {
			fmt.Fprintf(out, "  %s  %s\n", clip(v.ID, idWidth), transition(&v))
		}
		if more := len(all) - shownChanges; more > 0 {
			fmt.Fprintf(out, "  and %d more: see --report json\n", more)
		}
	}
}

func diffMarkdown(w io.Writer, d *check.Diff) error {
	var out strings.Builder
	sign := "✅"
	if d.Worse {
		sign = "❌"
	}
	fmt.Fprintf(&out, "### %s %s: %s\n\n%s\n\n", sign,
		code(clip(d.New.Name, nameWidth)), diffVerdict(d), escaped(diffTally(d)))
	for _, change := range check.Changes() {
		all := changed(d, change)
		if len(all) == 0 {
			continue
		}
		fmt.Fprintf(&out, "**%s**: %d\n\n", changeTitles[change], len(all))
		for _, v := range all[:min(shownChanges, len(all))] {
			fmt.Fprintf(&out, "- %s %s\n", code(clip(v.ID, idWidth)), code(transition(&v)))
		}
		if more := len(all) - shownChanges; more > 0 {
			fmt.Fprintf(&out, "- and %d more\n", more)
		}
		out.WriteString("\n")
	}
	_, err := io.WriteString(w, harmless(out.String()))
	return err
}

func changed(d *check.Diff, change check.Change) (some []check.VectorDiff) {
	for _, v := range d.Vectors {
		if v.Change == change {
			some = append(some, v)
		}
	}
	return some
}

// transition says what a vector came to before and now.
func transition(v *check.VectorDiff) string {
	switch {
	case v.Old == "":
		return v.New
	case v.New == "":
		return "was " + v.Old
	case v.Detail == "":
		return fmt.Sprintf("%s -> %s", v.Old, v.New)
	}
	return fmt.Sprintf("%s -> %s: %s", v.Old, v.New, clip(v.Detail, entryWidth))
}

func diffVerdict(d *check.Diff) string {
	if d.Worse {
		return "worse than before"
	}
	return "no worse than before"
}

// diffTally counts what is the same, and passes before and now.
func diffTally(d *check.Diff) string {
	return fmt.Sprintf("%d of %d vectors pass, %d of %d before; %d have the same outcome",
		d.New.Counts.Pass, d.New.Counts.Total(), d.Old.Counts.Pass, d.Old.Counts.Total(), d.Same)
}

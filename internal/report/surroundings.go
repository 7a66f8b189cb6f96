package report

import (
	"strings"

	"sigkit/internal/check"
)

// Bounds of what is shown of other surroundings.
const (
	shownMoved     = 3   // answers of each setting
	variablesWidth = 150 // columns
)

// surroundings shows the answers that change in other surroundings, by setting.
func (t *text) surroundings(run *check.Run) {
	s := run.Surroundings
	if s == nil {
		return
	}
	moved := map[string][]check.Moved{}
	for _, m := range s.Changes {
		moved[m.Setting] = append(moved[m.Setting], m)
	}
	if len(moved) > 0 {
		t.printf("%s\n", t.red("Surroundings: answers change under %d of %d settings, of %s asked",
			len(moved), len(s.Settings), counted(s.Asked, "request")))
	}
	for _, setting := range s.Settings {
		all := moved[setting.Name]
		if len(all) == 0 {
			continue
		}
		t.printf("  %s: %s  %s\n", clip(setting.Name, idWidth), counted(len(all), "answer"),
			t.dim("%s", clip(strings.Join(setting.Variables, " "), variablesWidth)))
		for _, m := range all[:min(shownMoved, len(all))] {
			change := check.VectorDiff{Old: m.Usual, New: m.Then, Detail: m.Detail}
			t.printf("    %s  %s\n", clip(m.Vector, listedWidth), transition(&change))
		}
		if more := len(all) - shownMoved; more > 0 {
			t.printf("    and %d more: see --report json\n", more)
		}
	}
	if s.Bounded != "" {
		t.printf("note: the surroundings reached a limit: %s\n", clip(s.Bounded, boundedWidth))
	}
	if len(moved) > 0 || s.Bounded != "" {
		t.printf("\n")
	}
}

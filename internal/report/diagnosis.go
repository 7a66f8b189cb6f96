package report

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"sigkit/internal/check"
	"sigkit/internal/mistake/idiom"
)

// diagnosis says what the port does wrong, before all details.
func (t *text) diagnosis(run *check.Run) {
	d := run.Diagnosis
	if d == nil {
		return
	}
	switch {
	case d.Constant == "refuses":
		t.printf("%s it refuses everything, also what it must sign.\n", t.bold("Diagnosis:"))
	case d.Constant != "":
		t.printf("%s it has one token for everything: what it signs does not depend on the question.\n", t.bold("Diagnosis:"))
	case d.Complete:
		t.explanations(d, run.Command)
	case d.Part != nil:
		t.part(d, run.Command)
	default:
		t.unexplained(d, run.Command)
	}
	if d.Unanswered > 0 {
		t.printf("  This says nothing of the %d vectors without an answer.\n", d.Unanswered)
	}
	if d.Unseen > 0 {
		t.printf("  It is about the first %d answers, not about the other %d.\n", d.Answers, d.Unseen)
	}
	t.printf("\n")
}

// explanations tells all sets that fit equally.
func (t *text) explanations(d *check.Diagnosis, command []string) {
	size := len(d.Explains[0])
	head := fmt.Sprintf("%s %s all %s, and everything that passes.", counted(size, "mistake"), verb(size, "explains", "explain"), counted(d.Failures, "failure"))
	if d.Grown {
		head += " They were found one by one."
	}
	if n := len(d.Explains) + d.More; n > 1 {
		head = fmt.Sprintf("%s %s all %s; these answers fit %d ways.", counted(size, "mistake"), verb(size, "explains", "explain"), counted(d.Failures, "failure"), n)
	}
	t.printf("%s %s\n", t.bold("Diagnosis:"), head)
	for i, set := range d.Explains {
		if len(d.Explains) > 1 {
			t.printf(" %s\n", t.bold("%s", []string{"Either:", "Or:"}[min(i, 1)]))
		}
		t.named(set, command)
	}
	for _, v := range d.Variants {
		t.printf("  %s\n", t.dim("or, which these answers do not tell apart, %s: %s", v.ID, v.What))
	}
	if d.More > 0 {
		t.printf("  … and %d more. Run more vectors to tell them apart.\n", d.More)
	}
	if a := d.Apart; a != nil {
		t.apart(a)
	}
}

func (t *text) apart(a *check.Apart) {
	if a.ID != "" {
		t.printf("  The vector %s tells the first two apart:\n", a.ID)
	} else {
		t.printf("  This question tells the first two apart:\n    %s\n", a.Question)
	}
	for i, says := range a.Says {
		t.printf("    %s %s\n", []string{"first: ", "second:"}[i], shorten(says))
	}
}

func (t *text) named(set []check.Named, command []string) {
	language := idiom.Guess(command)
	for _, m := range set {
		t.printf("  %s  %s\n", t.red("%s", m.ID), t.dim("rule %s", m.Rule))
		t.printf("    %s\n", m.What)
		t.printf("    mend: %s\n", t.green("%s", m.Fix))
		for _, name := range slices.Sorted(maps.Keys(m.Idioms)) {
			if language == "" || language == name {
				t.printf("    %s: %s\n", name, m.Idioms[name])
			}
		}
	}
}

func (t *text) part(d *check.Diagnosis, command []string) {
	size := len(d.Part.Mistakes)
	t.printf("%s %s %s %d of %s; something else is wrong, too.\n",
		t.bold("Diagnosis:"), counted(size, "mistake"), verb(size, "explains", "explain"), d.Part.Explained, counted(d.Failures, "failure"))
	t.named(d.Part.Mistakes, command)
	t.printf("  Not explained: %s\n", few(d.Part.Remaining))
}

func (t *text) unexplained(d *check.Diagnosis, command []string) {
	if d.Near == nil {
		t.printf("%s no known mistakes, up to three at once, explain these answers.\n", t.bold("Diagnosis:"))
		return
	}
	n := d.Near
	t.printf("%s no known mistakes explain all answers. What comes near makes %d of %s, and is not all of it:\n", t.bold("Diagnosis:"), n.Explained, counted(d.Failures, "failure"))
	t.named(n.Mistakes, command)
	t.printf("  Against it: %s\n", few(n.Against))
}

func counted(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return fmt.Sprintf("%d %ss", n, what)
}

func verb(n int, one, many string) string {
	if n == 1 {
		return one
	}
	return many
}

// few names the first of many.
func few(ids []string) string {
	const shown = 6
	if len(ids) > shown {
		return fmt.Sprintf("%s and %d more", strings.Join(ids[:shown], ", "), len(ids)-shown)
	}
	return strings.Join(ids, ", ")
}

package check

import (
	"cmp"
	"fmt"
	"path"
	"slices"
	"strings"
)

// Updated returns the smallest baseline with which the run conforms. It keeps entries that still
// hold, with their reasons and comments, and adds one for each other failure. Entries for vectors
// that were not selected stay. Those that match no vector at all are removed. The receiver may be
// nil.
func (b *Baseline) Updated(name string, run *Run) *Baseline {
	u := newUpdate(name, run)
	if b == nil {
		b = &Baseline{}
	}
	u.next.header = b.header
	for _, exact := range []bool{true, false} { // an id wins over globs
		for _, e := range b.Entries {
			if u.ids[e.Pattern] == exact && u.holds(&e) {
				u.keep(e)
			}
		}
	}
	for _, r := range u.failing {
		if !u.covered[r.ID] {
			u.keep(b.newEntry(r))
		}
	}
	slices.SortFunc(u.next.Entries, func(x, y Entry) int { return cmp.Compare(x.Pattern, y.Pattern) })
	return u.next
}

// newEntry is an entry for one failure, with the reason of the entries that it replaces.
func (b *Baseline) newEntry(r *Result) Entry {
	e := Entry{Pattern: r.ID, Code: r.Code()}
	for _, old := range b.matching(r.ID) {
		e.Reason = cmp.Or(e.Reason, old.Reason)
		if old.Pattern == r.ID {
			e.above = old.above
		}
	}
	return e
}

type update struct {
	next    *Baseline
	run     *Run
	failing []*Result
	fails   map[*Result]bool     // those of failing
	ids     map[string]bool      // of all vectors
	named   map[string][]*Result // by id and by group
	covered map[string]bool      // ids of failing vectors that have an entry
}

func newUpdate(name string, run *Run) *update {
	u := &update{
		next:    &Baseline{Name: name},
		run:     run,
		failing: append(run.Failed(), run.With(Known)...),
		fails:   map[*Result]bool{},
		ids:     map[string]bool{},
		named:   map[string][]*Result{},
		covered: map[string]bool{},
	}
	for _, r := range u.failing {
		u.fails[r] = true
	}
	for i := range run.Vectors {
		r := &run.Vectors[i]
		u.ids[r.ID] = true
		for _, name := range []string{r.ID, path.Dir(r.ID)} {
			u.named[name] = append(u.named[name], r)
		}
	}
	return u
}

// matching returns the results that a pattern matches.
func (u *update) matching(pattern string) (all []*Result) {
	if !isGlob(pattern) {
		return u.named[pattern]
	}
	for i := range u.run.Vectors {
		if r := &u.run.Vectors[i]; matchID(pattern, r.ID) {
			all = append(all, r)
		}
	}
	return all
}

// holds reports whether all vectors that an entry is for fail as it says.
func (u *update) holds(e *Entry) bool {
	selected := false
	for _, r := range u.matching(e.Pattern) {
		if u.covered[r.ID] {
			continue
		}
		if selected = true; r.Code() != e.Code || !u.fails[r] {
			return false
		}
	}
	return selected || e.Elsewhere
}

func (u *update) keep(e Entry) {
	u.next.Entries = append(u.next.Entries, e)
	for _, r := range u.matching(e.Pattern) {
		u.covered[r.ID] = true
	}
}

// Encode returns the text of the file, sorted as the entries are.
func (b *Baseline) Encode() []byte {
	var out strings.Builder
	header := b.header
	if header == nil {
		header = []string{
			"# Known failures: a vector or a glob, a fault code, # and the reason.",
			"# See --baseline in sigcheck's README.",
		}
	}
	out.WriteString(strings.Join(header, "\n") + "\n\n")
	width := 0
	for _, e := range b.Entries {
		width = max(width, len(e.Pattern)+1+len(e.Code))
	}
	for _, e := range b.Entries {
		for _, comment := range e.above {
			out.WriteString(comment + "\n")
		}
		line := e.Pattern + " " + e.Code
		if e.Reason != "" {
			line = fmt.Sprintf("%-*s  # %s", width, line, e.Reason)
		}
		out.WriteString(line + "\n")
	}
	return []byte(out.String())
}

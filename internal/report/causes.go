package report

import (
	"bufio"
	"bytes"
	"fmt"
	"maps"
	"slices"

	"sigkit/internal/check"
	"sigkit/internal/diagnose"
	"sigkit/internal/mistake"
)

// cause is what lies behind some failures: a mistake, or failures that belong together. Its texts
// are in visible form.
type cause struct {
	title   string
	what    string
	fix     string // empty if none is known
	idiom   string // how the fix is written in the language of the port; empty if not known
	sure    string // how sure it is, and how many failures it concerns
	vectors []string
	finding *diagnose.Finding // if it is one
}

// maxCauses is how many causes are described.
const maxCauses = 30

// causes returns what lies behind the failures of a run, the clearest first: what is unstable, the
// findings of the diagnosis, what it leaves unexplained, what it does not look at, by fault, then
// what the next level shows. Each failure belongs to one cause at least. Of many causes only the
// first are described: more is how many are not.
func causes(run *check.Run, o Options) (all []cause, more int) {
	d := run.Diagnosis
	if d == nil {
		d = &diagnose.Diagnosis{}
	}
	failing := map[string]*check.Result{}
	for _, r := range run.Failed() {
		failing[r.ID] = r
	}
	left := maps.Clone(failing)
	add := func(vectors []string, describe func() cause) {
		for _, id := range vectors {
			delete(left, id)
		}
		if len(all) < maxCauses {
			all = append(all, describe())
		} else {
			more++
		}
	}
	for i := range d.Unstable {
		u := &d.Unstable[i]
		add([]string{u.Vector}, func() cause { return unstableCause(u) })
	}
	findings := func(all []diagnose.Finding) {
		for i := range all {
			f := &all[i]
			add(f.Explains, func() cause { return findingCause(f, o.language(run)) })
		}
	}
	of, beyond := split(d.Findings)
	findings(merged(of))
	for i := range d.Unexplained {
		u := &d.Unexplained[i]
		add(u.Vectors, func() cause { return unexplainedCause(u, failing) })
	}
	all = append(all, faultCauses(run, left)...)
	findings(merged(beyond))
	return all, more
}

func findingCause(f *diagnose.Finding, language string) cause {
	m := f.Mistakes[0]
	c := cause{
		title:   printable(m.ID),
		what:    printable(m.What),
		fix:     printable(m.Fix),
		sure:    confidence(f),
		vectors: f.Explains,
		finding: f,
	}
	if idiom := m.Idioms[language]; idiom != "" {
		c.idiom = printable(language + ": " + idiom)
	}
	return c
}

func unstableCause(u *diagnose.Unstable) cause {
	return cause{
		title: "the answer changes",
		what: fmt.Sprintf("First: %s. Then: %s.",
			shorten(u.Seen[0]), shorten(u.Seen[len(u.Seen)-1])),
		fix:     stableFix,
		sure:    clip(u.Vector, idWidth),
		vectors: []string{u.Vector},
	}
}

func unexplainedCause(u *diagnose.Unexplained, failing map[string]*check.Result) cause {
	c := cause{
		title:   "not explained by a known mistake",
		sure:    fmt.Sprintf("%s: %s", counted(len(u.Vectors), "failure"), few(u.Vectors)),
		vectors: u.Vectors,
	}
	if u.Smallest != nil {
		c.what = "The smallest request that still fails: " + question(string(u.Smallest))
	} else if r := failing[u.Vectors[0]]; r != nil {
		c.what = shorten(r.Detail)
	}
	return c
}

// faultCauses groups failures by fault, in the order of the run.
func faultCauses(run *check.Run, failing map[string]*check.Result) (all []cause) {
	place := map[string]int{}
	for i := range run.Vectors {
		r := &run.Vectors[i]
		if failing[r.ID] == nil {
			continue
		}
		code := r.Code()
		if _, ok := place[code]; !ok {
			place[code] = len(all)
			all = append(all, cause{title: code, what: shorten(r.Detail)})
		}
		c := &all[place[code]]
		c.vectors = append(c.vectors, r.ID)
	}
	for i := range all {
		ids := all[i].vectors
		all[i].sure = fmt.Sprintf("%s: %s", counted(len(ids), "vector"), few(ids))
	}
	return all
}

// language is the one whose idioms are shown: the one that was asked for, or the one of the port's
// command. All are shown only if asked for.
func (o Options) language(run *check.Run) string {
	if o.Language != "" {
		return o.Language
	}
	return mistake.Language(run.Command)
}

// staleEntry is an entry of a baseline that is out of date, with the vectors that do not fail any
// more, or fail otherwise.
type staleEntry struct {
	listed  string // file, line, pattern and fault code
	line    int
	vectors []string
}

// staleEntries returns the entries of which the baseline had that to say, by line.
func staleEntries(run *check.Run, k check.Knowledge) (all []staleEntry) {
	for _, r := range run.With(k) {
		i := slices.IndexFunc(all, func(e staleEntry) bool { return e.line == r.Line })
		if i < 0 {
			i = len(all)
			all = append(all, staleEntry{listed: clip(r.Listed, lineWidth), line: r.Line})
		}
		all[i].vectors = append(all[i].vectors, r.ID)
	}
	slices.SortFunc(all, func(a, b staleEntry) int { return a.line - b.line })
	return all
}

// stale says what is wrong with an entry, in one sentence.
func (e *staleEntry) stale() string {
	return fmt.Sprintf("the baseline is out of date: %s %s not fail any more; remove the entry, "+
		"or let --write-baseline do it", few(e.vectors), verb(len(e.vectors), "does", "do"))
}

// details shows one failure in full, in lines of visible text.
func details(run *check.Run, r *check.Result) string {
	var out bytes.Buffer
	t := text{Writer: bufio.NewWriter(&out), replay: run.Replay}
	if r.Known == check.Changed {
		t.printf("%s\n", entry(r))
	}
	t.failure(r)
	_ = t.Flush() // a buffer takes everything
	return harmless(string(bytes.TrimSpace(out.Bytes())))
}

// closingLine says in one line what the run came to, without color.
func closingLine(run *check.Run) string {
	var out bytes.Buffer
	t := text{Writer: bufio.NewWriter(&out), replay: run.Replay}
	t.verdictLine(run, run.Failed())
	_ = t.Flush()
	return harmless(string(bytes.TrimSpace(out.Bytes())))
}

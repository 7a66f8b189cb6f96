package check

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strings"

	"sigkit/internal/port"
)

// Baseline is a list of known failures, one a line:
//
//	ID-OR-GLOB FAULT-CODE  # reason
//
// A vector that is listed still runs. It may fail with that code and no other, and it must not pass: then the list is out of date. An entry for the id alone wins over
// globs. Comments above an entry belong to it; those at the start of the file, up to the first blank line, to the file.
type Baseline struct {
	Name    string // of the file, for people
	Entries []Entry
	header  []string
}

// Entry is one known failure.
type Entry struct {
	Line      int    // in the file; 0 for a new one
	Pattern   string // an id or a glob on ids, which may match a group for all of it
	Code      string // a fault, or "unsupported"
	Reason    string // what stands behind the #
	Elsewhere bool   // it matches a vector, selected or not; known when all have been offered to [Choose]
	above     []string
}

// Codes returns all codes that a baseline may list.
func Codes() []string {
	codes := []string{string(Unsupported)}
	for _, f := range []port.Fault{Accepted, Refused, WrongMessage, WrongHeader, WrongToken, WrongRequest} {
		codes = append(codes, string(f))
	}
	for _, f := range port.Faults() {
		codes = append(codes, string(f))
	}
	slices.Sort(codes)
	return codes
}

// ParseBaseline reads a baseline. Errors name the file, the line and the mend.
func ParseBaseline(name string, text []byte) (*Baseline, error) {
	b := &Baseline{Name: name}
	var comments []string
	var errs []error
	first := map[string]int{}
	number := 0
	for line := range strings.Lines(strings.TrimPrefix(string(text), "\ufeff")) {
		number++
		line = strings.TrimSpace(line)
		switch {
		case line == "" && len(b.Entries) == 0 && b.header == nil:
			b.header, comments = comments, nil
		case line == "":
		case strings.HasPrefix(line, "#"):
			comments = append(comments, line)
		default:
			e, err := parseEntry(line)
			if before := first[e.Pattern]; err == nil && before != 0 {
				err = fmt.Errorf("%s is listed on line %d already: keep one of the two", e.Pattern, before)
			}
			if err != nil {
				errs = append(errs, fmt.Errorf("%s:%d: %w", name, number, err))
				continue
			}
			e.Line, e.above, comments = number, comments, nil
			first[e.Pattern] = number
			b.Entries = append(b.Entries, e)
		}
	}
	return b, errors.Join(errs...)
}

func parseEntry(line string) (e Entry, err error) {
	words, reason, _ := strings.Cut(line, "#")
	e.Reason = strings.TrimSpace(reason)
	fields := strings.Fields(words)
	if len(fields) != 2 {
		return e, fmt.Errorf("an entry has an id or a glob and a fault code: write it as %s", "`list-order/numbers wrong-message  # why`")
	}
	e.Pattern, e.Code = fields[0], fields[1]
	if _, err := path.Match(e.Pattern, ""); err != nil {
		return e, fmt.Errorf("pattern %q is not a glob: close the bracket, or escape it with a backslash", e.Pattern)
	}
	if !slices.Contains(Codes(), e.Code) {
		return e, fmt.Errorf("fault code %q is unknown: choose %s", e.Code, strings.Join(Codes(), ", "))
	}
	return e, nil
}

// matching returns the entries for a vector: the one for its id, or else all whose globs match.
func (b *Baseline) matching(id string) (entries []*Entry) {
	if b == nil {
		return nil
	}
	for i := range b.Entries {
		e := &b.Entries[i]
		if e.Pattern == id {
			return []*Entry{e}
		}
		if matchID(e.Pattern, id) {
			entries = append(entries, e)
		}
	}
	return entries
}

// apply compares a result with the entries for it.
func (b *Baseline) apply(r *Result, entries []*Entry) {
	listed := entries[0]
	for _, e := range entries {
		if e.Code == r.Code() {
			listed = e
		}
	}
	r.Reason = listed.Reason
	switch {
	case listed.Code == r.Code():
		r.Known, r.Breaks = Known, false
	case r.Outcome == Pass || r.Outcome == Unsupported && !r.Breaks:
		r.Known, r.Breaks = Fixed, true
	default:
		r.Known = Changed
	}
	r.Listed = fmt.Sprintf("%s:%d: %s %s", b.Name, listed.Line, listed.Pattern, listed.Code)
}

// Code is what a baseline calls the result: its fault, or "unsupported"; "" for a pass.
func (r *Result) Code() string {
	if r.Outcome == Unsupported {
		return string(Unsupported)
	}
	return string(r.Fault)
}

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
// A listed vector still runs. It may fail with that code and no other. If it passes, the list is
// out of date, and the port does not conform. An entry for the id of a vector wins over globs.
//
// Comments above an entry belong to it. Those at the start of the file, up to the first blank line,
// belong to the file.
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
	Reason    string // the text behind the #
	Elsewhere bool   // it matches a vector, selected or not; [Choose] sets it
	above     []string
}

// Codes returns all codes that a baseline may list.
func Codes() []string {
	codes := []string{string(Unsupported)}
	faults := []port.Fault{Accepted, Refused, WrongMessage, WrongHeader, WrongToken, WrongRequest}
	for _, f := range append(faults, port.Faults()...) {
		codes = append(codes, string(f))
	}
	slices.Sort(codes)
	return codes
}

// ParseBaseline reads a baseline. Errors name the file, the line and the fix.
func ParseBaseline(name string, text []byte) (*Baseline, error) {
	b := &Baseline{Name: name}
	var comments []string
	var errs []error
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
			if err := b.add(line, number, comments); err != nil {
				errs = append(errs, fmt.Errorf("%s:%d: %w", name, number, err))
				continue
			}
			comments = nil
		}
	}
	return b, errors.Join(errs...)
}

// add adds the entry of a line, with the comments above it.
func (b *Baseline) add(line string, number int, above []string) error {
	e, err := parseEntry(line)
	if err != nil {
		return err
	}
	for _, other := range b.Entries {
		if other.Pattern == e.Pattern {
			return fmt.Errorf("%s is listed on line %d already: keep one of the two",
				e.Pattern, other.Line)
		}
	}
	e.Line, e.above = number, above
	b.Entries = append(b.Entries, e)
	return nil
}

func parseEntry(line string) (e Entry, err error) {
	words, reason, _ := strings.Cut(line, "#")
	e.Reason = strings.TrimSpace(reason)
	fields := strings.Fields(words)
	if len(fields) != 2 {
		return e, errors.New("an entry has an id or a glob, and a fault code: " +
			"write it as `list-order/numbers wrong-message  # why`")
	}
	e.Pattern, e.Code = fields[0], fields[1]
	if _, err := path.Match(e.Pattern, ""); err != nil {
		return e, notAGlob(e.Pattern)
	}
	if !slices.Contains(Codes(), e.Code) {
		return e, fmt.Errorf("fault code %q is unknown: choose %s", e.Code, strings.Join(Codes(), ", "))
	}
	return e, nil
}

// offer notes that a vector exists, selected or not.
func (b *Baseline) offer(id string) {
	if b == nil {
		return
	}
	for i := range b.Entries {
		e := &b.Entries[i]
		e.Elsewhere = e.Elsewhere || matchID(e.Pattern, id)
	}
}

// unmatched returns an error for each entry that matches no vector that was offered.
func (b *Baseline) unmatched() (errs []error) {
	if b == nil {
		return nil
	}
	for _, e := range b.Entries {
		if !e.Elsewhere {
			errs = append(errs, fmt.Errorf("%s:%d: %q matches no vector: "+
				"remove the entry, or let --write-baseline do it", b.Name, e.Line, e.Pattern))
		}
	}
	return errs
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
	r.Line = listed.Line
	r.Listed = fmt.Sprintf("%s:%d: %s %s", b.Name, listed.Line, listed.Pattern, listed.Code)
}

// Code is what a baseline calls the result: its fault, or "unsupported"; "" for a pass.
func (r *Result) Code() string {
	if r.Outcome == Unsupported {
		return string(Unsupported)
	}
	return string(r.Fault)
}

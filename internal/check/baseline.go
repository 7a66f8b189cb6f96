package check

import (
	"errors"
	"fmt"
	"iter"
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

	places map[string]int // in Entries, by pattern; nil if the baseline was not parsed
	globs  []int          // places of the patterns that are no names
}

// maxGlobs is how many globs a baseline may have: each is compared with each vector.
const maxGlobs = 1000

func isGlob(pattern string) bool { return strings.ContainsAny(pattern, `*?[\`) }

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
	b := &Baseline{Name: name, places: map[string]int{}}
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
	if place, listed := b.places[e.Pattern]; listed {
		return fmt.Errorf("%s is listed on line %d already: keep one of the two",
			e.Pattern, b.Entries[place].Line)
	}
	b.places[e.Pattern] = len(b.Entries)
	if isGlob(e.Pattern) {
		b.globs = append(b.globs, len(b.Entries))
	}
	if len(b.globs) > maxGlobs {
		return fmt.Errorf("this is glob %d of the file: list ids or groups instead, "+
			"or use fewer globs for more", len(b.globs))
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
	for e := range b.candidates(id) {
		e.Elsewhere = e.Elsewhere || matchID(e.Pattern, id)
	}
}

// candidates yields the entries that may match a vector, in their order.
func (b *Baseline) candidates(id string) iter.Seq[*Entry] {
	return func(yield func(*Entry) bool) {
		if b.places == nil {
			for i := range b.Entries {
				if !yield(&b.Entries[i]) {
					return
				}
			}
			return
		}
		places := slices.Clone(b.globs)
		for _, name := range []string{id, path.Dir(id)} {
			if place, ok := b.places[name]; ok {
				places = append(places, place)
			}
		}
		slices.Sort(places)
		for _, place := range slices.Compact(places) {
			if !yield(&b.Entries[place]) {
				return
			}
		}
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
	for e := range b.candidates(id) {
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

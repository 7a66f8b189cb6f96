package report

import (
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
	"golang.org/x/text/unicode/runenames"

	"sigkit/vectors"
)

// span is a part of a text on a page. One that stands for a character that cannot be seen has the
// name of the character.
type span struct{ Text, Name string }

// spans splits a text into what can be seen and what cannot.
func spans(text string) (all []span) {
	plain := 0 // where the plain text begins that is not in all yet
	for at := 0; at < len(text); {
		r, size := utf8.DecodeRuneInString(text[at:])
		raw := text[at : at+size]
		if shown := visibleRune(r, raw); shown != raw && r != '\\' {
			if plain < at {
				all = append(all, span{Text: text[plain:at]})
			}
			all = append(all, span{shown, nameOf(r, raw)})
			plain = at + size
		}
		at += size
	}
	if plain < len(text) {
		all = append(all, span{Text: text[plain:]})
	}
	return all
}

func nameOf(r rune, raw string) string {
	if r == utf8.RuneError && len(raw) == 1 {
		return "a byte that is not UTF-8"
	}
	return character(raw)
}

// cell is a text on a page, with the part of it in a mark that differs from another.
type cell struct {
	Before, Mark, After []span
	Marked              bool
}

// Bounds of a cell, in columns.
const (
	cellContext = 60  // before and after a difference
	cellMark    = 160 // of what differs
	cellWidth   = 400 // of a text that does not differ
)

// plainCell shows a text as far as there is room.
func plainCell(text string) *cell {
	end := fits(text, cellWidth)
	c := &cell{Before: spans(text[:end])}
	if end < len(text) {
		c.After = []span{cut}
	}
	return c
}

// cut stands for what is left out of a text.
var cut = span{Text: "\u2026", Name: "left out"}

// markedCells show two texts with what differs marked: all between what both start with and what
// both end with.
func markedCells(want, got string) (w, g *cell) {
	start := vectors.FirstDifference(want, got)
	end := commonEnd(want[start:], got[start:])
	return markedCell(want, start, end), markedCell(got, start, end)
}

func markedCell(text string, start, end int) *cell {
	c := &cell{Marked: true}
	from := back(text, start, cellContext)
	if from > 0 {
		c.Before = append(c.Before, cut)
	}
	c.Before = append(c.Before, spans(text[from:start])...)
	middle, rest := text[start:len(text)-end], text[len(text)-end:]
	to := fits(middle, cellMark)
	c.Mark = spans(middle[:to])
	if to < len(middle) {
		c.After = []span{cut}
		return c
	}
	to = fits(rest, cellContext)
	c.After = spans(rest[:to])
	if to < len(rest) {
		c.After = append(c.After, cut)
	}
	return c
}

// commonEnd is how many bytes two texts have in common at their ends, in whole characters.
func commonEnd(a, b string) (n int) {
	for n < min(len(a), len(b)) && a[len(a)-1-n] == b[len(b)-1-n] {
		n++
	}
	for n > 0 && !utf8.RuneStart(a[len(a)-n]) {
		n--
	}
	return n
}

// fits returns the index up to which a text fits into a number of columns.
func fits(text string, columns int) (end int) {
	for end < len(text) {
		r, size := utf8.DecodeRuneInString(text[end:])
		columns -= runewidth.StringWidth(visibleRune(r, text[end:end+size]))
		if columns < 0 {
			break
		}
		end += size
	}
	return end
}

// size is about how many bytes a cell takes on a page.
func (c *cell) size() (n int) {
	if c == nil {
		return 0
	}
	for _, part := range [][]span{c.Before, c.Mark, c.After} {
		for _, s := range part {
			n += len(s.Text) + len(s.Name)
			if s.Name != "" {
				n += len(`<span class="esc" title=""></span>`)
			}
		}
	}
	return n
}

// characterNote names the characters at the first difference of two texts, if one of them cannot be
// told by sight.
func characterNote(want, got string) string {
	w, g := differing(want, got)
	if plainSight(w) && plainSight(g) {
		return ""
	}
	return "want " + characterName(w) + ", got " + characterName(g)
}

func plainSight(s string) bool {
	r, size := utf8.DecodeRuneInString(s)
	return s == "" || r > ' ' && r < utf8.RuneSelf && size == 1
}

func characterName(s string) string {
	if plainSight(s) && s != "" {
		return s[:1]
	}
	if r, size := utf8.DecodeRuneInString(s); r == utf8.RuneError && size == 1 {
		return "a byte that is not UTF-8"
	} else if r != utf8.RuneError && runenames.Name(r) == "" {
		return visibleRune(r, s[:size])
	}
	return character(s)
}

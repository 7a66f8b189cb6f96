package report

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"sigkit/internal/check"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// sideBySide shows two texts piece by piece: a message by its pairs, a request by its parameters.
type sideBySide struct {
	Title string
	Unit  string // what a row is
	Rows  []pairRow
}

// pairRow is one piece of want beside one of got. Either may be missing.
type pairRow struct {
	Label     string
	Want, Got *cell
	Absent    string // stands where one is missing
	Note      string // names the characters that differ
	Skip      string // stands for rows that are left out
	Same      bool
}

// Bounds of a comparison.
const (
	maxCompared = 1 << 18 // bytes of both texts: longer ones are one piece
	maxParts    = 2000    // of each text
	maxAligned  = 1 << 18 // product of the numbers of pieces that are aligned by content
	shownRows   = 60      // that differ
	shownAlike  = 2       // rows before and after one that differs
)

// pieceByPiece returns what a failure has to compare.
func pieceByPiece(r *check.Result, in *vectors.Input) (all []sideBySide) {
	want, got := &r.Want, &r.Got
	if differ(want.HMACMsg, got.HMACMsg) {
		w, g := splitMessages(*want.HMACMsg, *got.HMACMsg, in)
		all = append(all, compareOf("The message, pair by pair", "pair", w, g))
	}
	if r.Fault == check.WrongToken && differ(want.Token, got.Token) {
		all = append(all, compareOf("The token", "", []string{*want.Token}, []string{*got.Token}))
	}
	if want.URL != nil && got.URL != nil && wire.CompareURL(*want.URL, *got.URL) != nil {
		all = append(all, compareOf("The URL, as a server decodes it", "part",
			splitURL(*want.URL), splitURL(*got.URL)))
	}
	if got.Body != nil && wire.CompareBody(want.Body, got.Body) != nil {
		all = append(all, compareOf("The body, as a server decodes it", "part",
			splitForm(text0(want.Body)), splitForm(*got.Body)))
	}
	return all
}

func differ(a, b *string) bool { return a != nil && b != nil && *a != *b }

func text0(s *string) string {
	if s == nil {
		return ""
	}
	return *s
}

// splitMessages splits two messages into method with resource, and pairs. Where a value has an `&`
// of its own, it is split, too: the two sides are still aligned. Without the input, the first pair
// stays with what stands before it.
func splitMessages(want, got string, in *vectors.Input) (w, g []string) {
	if len(want)+len(got) > maxCompared {
		return []string{want}, []string{got}
	}
	w, g = strings.Split(want, "&"), strings.Split(got, "&")
	if in == nil {
		return w, g
	}
	head := in.Method + in.Resource
	first, ok := strings.CutPrefix(want, head)
	if !ok {
		return w, g
	}
	first, _, _ = strings.Cut(first, "&")
	w = append([]string{head}, strings.Split(want[len(head):], "&")...)
	switch {
	case strings.HasPrefix(got, head):
		g = append([]string{head}, strings.Split(got[len(head):], "&")...)
	case first != "" && strings.HasSuffix(g[0], first):
		g = append([]string{strings.TrimSuffix(g[0], first), first}, g[1:]...)
	}
	return w, g
}

// splitURL returns server and path, and the pairs of the query, sorted by key, since the order of
// different keys does not count.
func splitURL(url string) []string {
	u, err := signer.SplitURL(url)
	if err != nil || len(url) > maxCompared {
		return []string{url}
	}
	path, query, _ := strings.Cut(u.Target(), "?")
	return append([]string{u.Server() + path}, splitForm(query)...)
}

func splitForm(form string) (pieces []string) {
	if len(form) > maxCompared {
		return []string{form}
	}
	pairs := wire.Pairs(form)
	slices.SortStableFunc(pairs, func(a, b wire.Pair) int { return strings.Compare(a.Key, b.Key) })
	for _, p := range pairs {
		pieces = append(pieces, p.Key+"="+p.Value)
	}
	return pieces
}

// compareOf aligns two texts in pieces.
func compareOf(title, unit string, want, got []string) sideBySide {
	if len(want) > maxParts || len(got) > maxParts {
		want, got = []string{strings.Join(want, "&")}, []string{strings.Join(got, "&")}
	}
	c := sideBySide{Title: title, Unit: unit}
	all := align(want, got)
	c.Rows = rowsOf(all, unit == "pair" && len(want) > 1)
	return c
}

// rowsOf shows what differs, with a few rows around it.
func rowsOf(all []aligned, numbered bool) (rows []pairRow) {
	near := func(i int) bool {
		around := all[max(0, i-shownAlike):min(len(all), i+shownAlike+1)]
		return slices.ContainsFunc(around, func(a aligned) bool { return !a.same() })
	}
	alike, different := 0, 0
	skip := func() {
		if alike > 0 {
			rows = append(rows, pairRow{Skip: "\u2026 " + counted(alike, "part") + " alike"})
		}
		alike = 0
	}
	for i, a := range all {
		if !near(i) {
			alike++
			continue
		}
		skip()
		if different == shownRows {
			rest := fmt.Sprintf("\u2026 %s: see the result as JSON", counted(len(all)-i, "more part"))
			return append(rows, pairRow{Skip: rest})
		}
		if !a.same() {
			different++
		}
		rows = append(rows, a.row(numbered))
	}
	skip()
	return rows
}

// row shows two pieces side by side.
func (a aligned) row(numbered bool) pairRow {
	row := pairRow{Same: a.same()}
	if numbered && a.place == 0 {
		row.Label = "start"
	} else if numbered && a.place > 0 {
		row.Label = strconv.Itoa(a.place)
	}
	switch {
	case a.want == nil:
		row.Got = plainCell(*a.got)
		row.Got.Before, row.Got.Mark, row.Got.Marked = nil, row.Got.Before, true
		row.Absent = "not wanted"
	case a.got == nil:
		row.Want = plainCell(*a.want)
		row.Want.Before, row.Want.Mark, row.Want.Marked = nil, row.Want.Before, true
		row.Absent = "missing"
	case row.Same:
		row.Want, row.Got = plainCell(*a.want), plainCell(*a.got)
	default:
		row.Want, row.Got = markedCells(*a.want, *a.got)
		row.Note = characterNote(*a.want, *a.got)
	}
	if a.moved {
		row.Absent = "in another place"
	}
	return row
}

// size is about how many bytes a comparison takes on a page.
func (c *sideBySide) size() (n int) {
	for i := range c.Rows {
		const markup = 120
		n += c.Rows[i].Want.size() + c.Rows[i].Got.size() + len(c.Rows[i].Note) + markup
	}
	return n
}

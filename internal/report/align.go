package report

import (
	"slices"
	"strings"
)

// aligned are two pieces that belong together. One of them may be missing.
type aligned struct {
	want, got *string
	place     int  // of want, from 0; -1 if it is missing
	moved     bool // the other side has it in another place
}

func (a *aligned) same() bool { return a.want != nil && a.got != nil && *a.want == *a.got }

// align aligns two lists of pieces: those that are equal, in their order, then those between that
// have the same key.
func align(want, got []string) (all []aligned) {
	inWant, inGot := setOf(want), setOf(got)
	i, j := 0, 0
	for _, p := range append(commonPieces(want, got), [2]int{len(want), len(got)}) {
		gap := alignGap(want[i:p[0]], got[j:p[1]], func(w, g string) bool {
			return !inGot[w] && !inWant[g]
		})
		for _, a := range gap {
			if a.place >= 0 {
				a.place += i
			}
			all = append(all, a)
		}
		if p[0] < len(want) {
			all = append(all, aligned{want: &want[p[0]], got: &got[p[1]], place: p[0]})
		}
		i, j = p[0]+1, p[1]+1
	}
	markMoved(all)
	return all
}

func setOf(pieces []string) map[string]bool {
	set := map[string]bool{}
	for _, p := range pieces {
		set[p] = true
	}
	return set
}

// alignGap pairs pieces of which none are equal in order: those with one key, or one alone with one
// alone. Pieces that stand elsewhere on the other side may not be paired: pairable says so.
func alignGap(want, got []string, pairable func(w, g string) bool) (all []aligned) {
	next := 0
	add := func(until int) {
		for ; next < until; next++ {
			all = append(all, aligned{got: &got[next], place: -1})
		}
	}
	for i := range want {
		a := aligned{want: &want[i], place: i}
		alone := len(want) == 1 && len(got) == 1
		same := slices.IndexFunc(got[next:], func(g string) bool {
			return pairable(want[i], g) && (alone || keyOf(g) == keyOf(want[i]))
		})
		if same >= 0 {
			add(next + same)
			a.got = &got[next]
			next++
		}
		all = append(all, a)
	}
	add(len(got))
	return all
}

func keyOf(pair string) string {
	key, _, _ := strings.Cut(pair, "=")
	return key
}

// markMoved marks the pieces without a partner that the other side has, too.
func markMoved(all []aligned) {
	missing, extra := map[string]bool{}, map[string]bool{}
	for _, a := range all {
		switch {
		case a.got == nil:
			missing[*a.want] = true
		case a.want == nil:
			extra[*a.got] = true
		}
	}
	for i := range all {
		a := &all[i]
		a.moved = a.got == nil && extra[*a.want] || a.want == nil && missing[*a.got]
	}
}

// commonPieces returns the places of a longest list of equal pieces in both lists. If there are too
// many pieces, it is that of the equal pieces at the start and at the end.
func commonPieces(want, got []string) (places [][2]int) {
	start := 0
	for start < min(len(want), len(got)) && want[start] == got[start] {
		places = append(places, [2]int{start, start})
		start++
	}
	end := 0
	for end < min(len(want), len(got))-start && want[len(want)-1-end] == got[len(got)-1-end] {
		end++
	}
	w, g := want[start:len(want)-end], got[start:len(got)-end]
	if len(w)*len(g) <= maxAligned {
		for _, p := range longest(w, g) {
			places = append(places, [2]int{start + p[0], start + p[1]})
		}
	}
	for ; end > 0; end-- {
		places = append(places, [2]int{len(want) - end, len(got) - end})
	}
	return places
}

// longest is the longest common subsequence of two short lists.
func longest(want, got []string) (places [][2]int) {
	width := len(got) + 1
	length := make([]int, (len(want)+1)*width) // of the rest of both lists, from a place in each
	for i := len(want) - 1; i >= 0; i-- {
		for j := len(got) - 1; j >= 0; j-- {
			if want[i] == got[j] {
				length[i*width+j] = length[(i+1)*width+j+1] + 1
			} else {
				length[i*width+j] = max(length[(i+1)*width+j], length[i*width+j+1])
			}
		}
	}
	for i, j := 0, 0; i < len(want) && j < len(got); {
		switch {
		case want[i] == got[j]:
			places = append(places, [2]int{i, j})
			i, j = i+1, j+1
		case length[(i+1)*width+j] >= length[i*width+j+1]:
			i++
		default:
			j++
		}
	}
	return places
}

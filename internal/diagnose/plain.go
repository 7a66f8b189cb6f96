package diagnose

import (
	"cmp"
	"slices"
	"sync"

	"sigkit/vectors"
)

// coreEffect returns how many core vectors a mistake affects: one that shows in many published
// calls is plainer than one that shows in rare inputs only. It is counted when it is first needed.
func coreEffect(mistake int) int { return coreEffects()[mistake]() }

var coreEffects = sync.OnceValue(func() (counts []func() int) {
	var core []*due
	all := vectors.All()
	for i := range all {
		if all[i].Level == vectors.Core && len(all[i].Input.Data) < 2000 {
			core = append(core, newDue(&all[i]))
		}
	}
	r := related()
	for i := range r.mistakes {
		counts = append(counts, sync.OnceValue(func() (count int) {
			for _, d := range core {
				if r.affects(i, d) {
					count++
				}
			}
			return count
		}))
	}
	return counts
})

// sortPlain sorts mistakes, the plainest first: variants last, then by how many core vectors show
// them, then by their place in the catalogue. If no answer of the run shows any of them, those
// that few core vectors show come first: the others would show in the run.
func (r *relations) sortPlain(places []int, inRun bool) {
	sign := 1
	if !inRun {
		sign = -1
	}
	variant := func(i int) int {
		if r.plainer[i] >= 0 {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(places, func(a, b int) int {
		return cmp.Or(variant(a)-variant(b), sign*(coreEffect(b)-coreEffect(a)), a-b)
	})
}

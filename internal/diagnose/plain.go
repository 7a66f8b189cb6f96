package diagnose

import (
	"cmp"
	"slices"
	"sync"

	"sigkit/vectors"
)

// coreEffects counts, for each mistake, the core vectors that it affects: a mistake that shows in
// many published calls is plainer than one that shows in rare inputs only.
var coreEffects = sync.OnceValue(func() []int {
	var core []*vectors.Vector
	all := vectors.All()
	for i := range all {
		if all[i].Level == vectors.Core && len(all[i].Input.Data) < 2000 {
			core = append(core, &all[i])
		}
	}
	counts := make([]int, len(related().mistakes))
	for _, affected := range NewEffects(core).affected {
		for _, i := range affected.members() {
			counts[i]++
		}
	}
	return counts
})

// sortPlain sorts mistakes, the plainest first: variants last, then by how many core vectors show
// them, then by their place in the catalogue.
func (r *relations) sortPlain(places []int) {
	counts := coreEffects()
	variant := func(i int) int {
		if r.plainer[i] >= 0 {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(places, func(a, b int) int {
		return cmp.Or(variant(a)-variant(b), counts[b]-counts[a], a-b)
	})
}

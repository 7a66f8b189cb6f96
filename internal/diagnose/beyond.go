package diagnose

import (
	"context"
	"slices"

	"sigkit/vectors"
)

// beyondShare is which part of the time for asking vectors above the level may take.
const beyondShare = 8

// lookBeyond asks vectors above the level of the run and searches on with the answers. A slow port
// is asked some of them. What must be refused comes last: some ports end then, and start slowly.
func (r *run) lookBeyond() {
	if r.Ask == nil {
		return
	}
	var known []*vectors.Vector
	for _, v := range r.Beyond {
		if !r.Avoid[v.ID] {
			known = append(known, v)
		}
	}
	if len(known) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(r.asking, r.askLimit()/beyondShare)
	defer cancel()
	r.progress("asking vectors of the next level")
	n := r.affordable(len(known))
	var asked []*vectors.Vector
	for i := range n {
		asked = append(asked, known[i*len(known)/n])
	}
	slices.SortStableFunc(asked, func(a, b *vectors.Vector) int {
		return before(a.Expect.Error == "", b.Expect.Error == "")
	})
	r.again(r.ask(ctx, asked), true, func(_ *side, f *fact) bool {
		f.beyond = true
		return true
	})
	r.Level = r.Beyond[0].Level
}

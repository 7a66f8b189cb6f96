package diagnose

import (
	"sigkit/vectors"
)

// beyondShare is which part of the time for asking vectors above the level may take.
const beyondShare = 8

// askBeyond asks vectors above the level of the run. A slow port is asked some of them.
func (r *run) askBeyond() []Observation {
	var known []*vectors.Vector
	for _, v := range r.Beyond {
		if !r.Avoid[v.ID] {
			known = append(known, v)
		}
	}
	if len(known) == 0 {
		return nil
	}
	r.allow(r.askLimit() / beyondShare)
	n := r.affordable(len(known))
	var asked []*vectors.Vector
	for i := range n {
		asked = append(asked, known[i*len(known)/n])
	}
	return r.ask(r.asking, asked)
}

// lookBeyond searches on with the answers to vectors above the level of the run.
func (r *run) lookBeyond(answers []Observation) {
	if len(r.Beyond) == 0 || r.Ask == nil {
		return
	}
	r.again(answers, true, func(_ *side, f *fact) bool {
		f.beyond = true
		return true
	})
	r.Level = r.Beyond[0].Level
}

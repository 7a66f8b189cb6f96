package diagnose

import (
	"sigkit/vectors"
)

// beyondShare is which part of the time for asking vectors above the level may take.
const beyondShare = 8

// askBeyond asks vectors above the level of the run. A slow port is asked some of them, from all
// parts of the list.
func (r *run) askBeyond() (answers []Observation) {
	var known []*vectors.Vector
	for _, v := range r.Beyond {
		if !r.Avoid[v.ID] {
			known = append(known, v)
		}
	}
	r.allow(r.askLimit() / beyondShare)
	for len(known) > 0 {
		n := r.affordable(len(known))
		var asked, rest []*vectors.Vector
		for i, v := range known {
			if i == len(asked)*len(known)/n {
				asked = append(asked, v)
			} else {
				rest = append(rest, v)
			}
		}
		answered := r.ask(r.asking, asked)
		if len(answered) < len(asked) {
			return append(answers, answered...)
		}
		answers, known = append(answers, answered...), rest
	}
	return answers
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

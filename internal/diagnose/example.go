package diagnose

import (
	"slices"

	"sigkit/internal/mistake"
	"sigkit/vectors"
)

// maxExampleSteps bounds the shrinking of an example.
const maxExampleSteps = 60

// examples finds, for each finding, the smallest request that shows its mistake. It asks the port
// only whether that request really fails.
func (r *run) examples(d *Diagnosis) {
	if !r.Examples {
		return
	}
	for i := range d.Findings {
		f := &d.Findings[i]
		s := r.sides[0]
		if f.Side == SideSent {
			s = r.sides[1]
		}
		if v := r.example(s, f); v != nil {
			f.Smallest = question(v)
		}
	}
}

// example returns the smallest request of a finding, or nil if the port does not fail it.
func (r *run) example(s *side, f *Finding) *vectors.Vector {
	var start *vectors.Vector
	for _, o := range r.observations {
		if o.Failed && slices.Contains(f.Explains, o.Vector.ID) &&
			(start == nil || weight(&o.Vector.Input) < weight(&start.Input)) {
			start = o.Vector
		}
	}
	if start == nil {
		return nil
	}
	v := r.shrunkByPrediction(s, f.place, start)
	if r.Ask == nil {
		return v
	}
	for _, o := range r.ask(r.ctx, []*vectors.Vector{v}) {
		if o.Failed {
			return v
		}
	}
	return start
}

// shrunkByPrediction shrinks a request as long as the found mistakes make a port fail it, and the
// one at place i changes the answer.
func (r *run) shrunkByPrediction(s *side, i int, v *vectors.Vector) *vectors.Vector {
	without := s.top.set
	without.remove(i)
	with, rest, right := s.steps(s.top.set), s.steps(without), s.steps(bitset{})
	for range maxExampleSteps {
		var next *vectors.Vector
		for _, in := range simpler(v.Input, batchSize) {
			q := mistake.NewQuestion(&in)
			if s.answersDiffer(with, rest, q) && s.answersDiffer(with, right, q) {
				next = r.vector(in, v.Level)
				break // the lightest come first
			}
		}
		if next == nil {
			break
		}
		v = next
	}
	return v
}

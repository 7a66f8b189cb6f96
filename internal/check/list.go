package check

import (
	"iter"

	"sigkit/internal/diagnose"
	"sigkit/internal/mistake"
	"sigkit/vectors"
)

// Listed is what `sigcheck list --json` writes of a vector.
type Listed struct {
	ID    string        `json:"id"`
	Level vectors.Level `json:"level"`
	Rule  string        `json:"rule"`
	Tags  []string      `json:"tags"`
	Why   string        `json:"why"`
}

// List lists the chosen vectors. An error is one of the vectors.
func List(chosen iter.Seq2[vectors.Vector, error]) ([]Listed, error) {
	all := []Listed{}
	for v, err := range chosen {
		if err != nil {
			return nil, err
		}
		all = append(all, Listed{
			ID:    v.ID,
			Level: v.Level,
			Rule:  v.Rule,
			Tags:  v.Tags,
			Why:   v.Why,
		})
	}
	return all, nil
}

// Score says which known mistakes some vectors catch: what `sigcheck mistakes --json` writes.
type Score struct {
	Vectors  int      `json:"vectors"`
	Caught   int      `json:"caught"` // mistakes that a vector catches
	Mistakes []Scored `json:"mistakes"`
}

// Scored is a mistake with the ids of the vectors that catch it.
type Scored struct {
	*mistake.Mistake
	Caught  bool     `json:"caught"`
	Vectors []string `json:"vectors"`
}

// NewScore tries every known mistake on the chosen vectors. An error is one of the vectors.
func NewScore(chosen iter.Seq2[vectors.Vector, error]) (*Score, error) {
	var all []*vectors.Vector
	for v, err := range chosen {
		if err != nil {
			return nil, err
		}
		all = append(all, &v)
	}
	s := &Score{Vectors: len(all)}
	effects := diagnose.NewEffects(all)
	for _, m := range mistake.Catalogue() {
		ids := append([]string{}, effects.Catching(m)...)
		s.Mistakes = append(s.Mistakes, Scored{m, len(ids) > 0, ids})
		if len(ids) > 0 {
			s.Caught++
		}
	}
	return s, nil
}

package diagnose

import (
	"fmt"
	"slices"
	"strings"
	"sync"

	"sigkit/internal/mistake"
	"sigkit/internal/random"
	"sigkit/internal/wire"
	"sigkit/vectors"
)

// Bounds of asking what distinguishes.
const (
	maxRounds        = 3   // rounds of asking
	maxDistinguish   = 60  // questions in a round
	randomCandidates = 400 // random requests of each level that may be asked
	confirmations    = 2   // fresh requests that must show a mistake
)

// distinguish asks the port what tells the found mistakes from their alternatives, and fresh
// requests that show each of them.
func (r *run) distinguish() {
	if r.Ask == nil {
		return
	}
	r.allow(r.askLimit() / settleShare)
	r.patience = decidingRefusals
	defer func() { r.patience = 0 }()
	for range maxRounds {
		before := r.found()
		pairs := map[*side][]rivals{}
		for _, s := range r.sides {
			pairs[s] = s.ambiguities()
		}
		asked := r.questions(pairs)
		if len(asked) == 0 || r.asking.Err() != nil || r.left <= 0 {
			return
		}
		r.progress("asking what distinguishes the mistakes")
		answers := r.ask(r.asking, asked)
		r.again(answers, false, func(s *side, f *fact) bool { return s.predicted(f, pairs[s]) })
		if before == r.found() {
			return
		}
	}
}

// questions returns the vectors to ask in a round.
func (r *run) questions(pairs map[*side][]rivals) (asked []*vectors.Vector) {
	pool, whole := candidates(r.Level), candidates("")
	for _, s := range r.sides {
		for _, pair := range pairs[s] {
			if r.alike[pair] {
				continue
			}
			var found []*vectors.Vector
			if pair.b.size() < pair.a.size() {
				found = s.distinguishing(pair, pool, confirmations)
			} else if found = s.distinguishing(pair, pool, 1); len(found) == 0 {
				found = s.distinguishing(pair, whole, 1)
			}
			r.alike[pair] = len(found) == 0
			for _, v := range found {
				if !r.Avoid[v.ID] && !slices.Contains(asked, v) && len(asked) < maxDistinguish {
					asked = append(asked, v)
				}
			}
		}
	}
	return asked
}

// rivals are two sets of which at most one is true.
type rivals struct{ a, b bitset }

// ambiguities returns the pairs of sets that are to be told from each other: the set that was found
// against the same with an alternative, and against the same without one of its mistakes.
func (s *side) ambiguities() (all []rivals) {
	alternatives := s.alternatives(s.top)
	for _, i := range s.top.set.members() {
		without := s.top.set
		without.remove(i)
		for _, j := range alternatives[i] {
			all = append(all, rivals{s.top.set, without.with(j)})
		}
		all = append(all, rivals{s.top.set, without})
	}
	return all
}

// alternatives returns, for each mistake of a set, those that could stand in its place: they
// explain what it explains, and the set then reproduces as many facts.
func (s *search) alternatives(st *state) map[int][]int {
	found := map[int][]int{}
	usable := s.usable()
	for _, i := range st.set.members() {
		without := st.set
		without.remove(i)
		conflicts := s.conflicts(without)
		rest := s.state(without)
		var explained []*fact
		for at, f := range s.facts {
			if st.holds[at] && !rest.holds[at] {
				explained = append(explained, f)
			}
		}
		if len(explained) == 0 {
			continue
		}
		slices.SortStableFunc(explained, func(a, b *fact) int { return a.size - b.size })
		for _, j := range usable.members() {
			if st.set.has(j) || conflicts.has(j) || s.bound.over() {
				continue
			}
			set := without.with(j)
			misses := func(f *fact) bool { return !s.reproduces(set, f) }
			if !slices.ContainsFunc(explained, misses) && s.scores(set, st.score) {
				found[i] = append(found[i], j)
			}
		}
	}
	return found
}

// distinguishing returns up to n vectors of a pool, which have not been asked, to which two sets
// answer differently.
func (s *side) distinguishing(pair rivals, pool []*candidate, n int) (found []*vectors.Vector) {
	a, b := s.steps(pair.a), s.steps(pair.b)
	onlyA, onlyB := pair.a.without(&pair.b), pair.b.without(&pair.a)
	differing := s.set(onlyA.or(&onlyB))
	asked := map[string]bool{}
	for _, f := range s.facts {
		asked[f.Vector.ID] = true
	}
	for _, c := range pool {
		if len(found) == n {
			break
		}
		concerns := slices.ContainsFunc(differing, c.question.Concerns)
		if concerns && !asked[c.vector.ID] && s.answersDiffer(a, b, c.question) {
			found = append(found, c.vector)
		}
	}
	return found
}

// answersDiffer reports whether ports with two signings answer differently, on this side.
func (s *side) answersDiffer(a, b *mistake.Steps, q *mistake.Question) bool {
	if s.name == SideSigned {
		f := &fact{kind: whole, question: q}
		return f.differ(f.outcome(a), f.outcome(b))
	}
	one, other := a.Send(q), b.Send(q)
	if one == nil || other == nil {
		return one != other
	}
	return !sameURL(one.URL, other.URL) || wire.CompareBody(one.Body, other.Body) != nil
}

// predicted reports whether an answer to a question of ours is that of the set that was found or of
// one of its rivals. Any other answer shows another bug, and settles nothing.
func (s *side) predicted(f *fact, pairs []rivals) bool {
	if f.reproduced(f.outcome(s.steps(s.top.set))) {
		return true
	}
	for _, pair := range pairs {
		if f.reproduced(f.outcome(s.steps(pair.b))) {
			return true
		}
	}
	return false
}

// candidate is a vector that may be asked.
type candidate struct {
	vector   *vectors.Vector
	question *mistake.Question
}

// candidates returns the built-in vectors up to a level, the short ones first, and random ones.
func candidates(level vectors.Level) (pool []*candidate) {
	for _, c := range allCandidates() {
		if level == "" || level.Includes(c.vector.Level) {
			pool = append(pool, c)
		}
	}
	return pool
}

var allCandidates = sync.OnceValue(func() (pool []*candidate) {
	add := func(v *vectors.Vector) {
		pool = append(pool, &candidate{v, mistake.NewQuestion(&v.Input)})
	}
	const longest = 2000
	builtIn := vectors.All()
	for i := range builtIn {
		if len(builtIn[i].Input.Data) < longest {
			add(&builtIn[i])
		}
	}
	slices.SortStableFunc(pool, func(a, b *candidate) int {
		return len(a.vector.Input.Data) - len(b.vector.Input.Data)
	})
	var text []byte
	for _, level := range vectors.Levels() {
		g := random.New(1, level)
		for n := range uint64(randomCandidates) {
			text = g.Append(text[:0], n)
			line, err := vectors.ParseLine("random", 1, text)
			if err == nil && line.Fault == nil {
				line.Vector.ID = fmt.Sprintf("random-%s-%d", level, n)
				add(&line.Vector)
			}
		}
	}
	return pool
})

// describe is the request that distinguishes two sets, with what each answers, for people.
func (s *side) describe(pair rivals) *Distinguish {
	found := s.distinguishing(pair, candidates(""), 1)
	if len(found) == 0 {
		return nil
	}
	v := found[0]
	d := &Distinguish{Vector: v.ID}
	if strings.HasPrefix(v.ID, "random-") {
		d.Vector, d.Question = "", strings.TrimSpace(string(v.AppendQuestion(nil)))
	}
	q := mistake.NewQuestion(&v.Input)
	for _, set := range []bitset{pair.a, pair.b} {
		d.Answers = append(d.Answers, s.answer(s.steps(set), q))
	}
	return d
}

// answer says what a port with some mistakes answers.
func (s *side) answer(steps *mistake.Steps, q *mistake.Question) string {
	if s.name == SideSigned {
		a := steps.Sign(q)
		if a.Refused {
			return "it refuses"
		}
		return fmt.Sprintf("it signs %q and sends %s: %s", a.Message, a.Header, a.Token)
	}
	sent := steps.Send(q)
	switch {
	case sent == nil:
		return "it sends nothing"
	case sent.Body == nil:
		return "it sends " + sent.URL
	}
	return fmt.Sprintf("it sends %s with the body %s", sent.URL, *sent.Body)
}

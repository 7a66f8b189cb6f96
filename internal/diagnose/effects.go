package diagnose

import (
	"runtime"
	"sync"

	"sigkit/internal/mistake"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// relations says how the mistakes of the catalogue bear on each other, whatever is signed.
type relations struct {
	mistakes []*mistake.Mistake
	steps    []*mistake.Steps // by mistake: the signing with it alone
	excludes []bitset         // by mistake: those that cannot be made with it, itself included
	first    []int            // by mistake: the first step that it changes
	later    []bitset         // by step: the mistakes that change a later one
	plainer  []int            // by mistake: the one that it is a variant of, or -1
	several  bitset           // mistakes that amount to several others
	ofFiles  bitset           // mistakes in how files are read: they may show only together
	encoding bitset           // mistakes in how the message is encoded
	coupling bitset           // mistakes with which those that are signed show in what is sent
}

// related is computed once: the catalogue never changes.
var related = sync.OnceValue(func() *relations {
	all := mistake.Catalogue()
	r := &relations{
		mistakes: all,
		steps:    make([]*mistake.Steps, len(all)),
		excludes: make([]bitset, len(all)),
		first:    make([]int, len(all)),
		plainer:  make([]int, len(all)),
	}
	place := map[string]int{}
	for i, m := range all {
		place[m.ID] = i
		r.steps[i] = mistake.Set{m}.Steps()
		r.first[i], _ = m.Stages()
		if m.Several {
			r.several.add(i)
		}
		if m.ChangesFiles() {
			r.ofFiles.add(i)
		}
		if m.Changes("Encode") {
			r.encoding.add(i)
		}
		if m.ID == mistake.SentAsSigned {
			r.coupling.add(i)
		}
		for j, other := range all {
			if m.Excludes(other) {
				r.excludes[i].add(j)
			}
		}
	}
	for i, m := range all {
		r.plainer[i] = -1
		if at, ok := place[m.VariantOf]; ok {
			r.plainer[i] = at
		}
		_, last := m.Stages()
		for step := range last {
			for len(r.later) <= step {
				r.later = append(r.later, bitset{})
			}
			r.later[step].add(i)
		}
	}
	r.later = append(r.later, bitset{})
	return r
})

// laterThan returns the mistakes that change a step after the given one.
func (r *relations) laterThan(step int) *bitset {
	return &r.later[min(step, len(r.later)-1)]
}

// cost is how many mistakes a set amounts to. Of sets that explain as much, the cheapest is the
// best.
func (r *relations) cost(set bitset) int {
	const more = 2 // what a mistake that amounts to several counts besides itself
	several := set.and(&r.several)
	return set.size() + more*several.size()
}

// set returns the mistakes of a bitset.
func (r *relations) set(b bitset) (set mistake.Set) {
	for _, i := range b.members() {
		set = append(set, r.mistakes[i])
	}
	return set
}

// conflicts returns the mistakes that cannot be made with all of some.
func (r *relations) conflicts(b bitset) (out bitset) {
	for _, i := range b.members() {
		out = out.or(&r.excludes[i])
	}
	return out
}

// parallel calls do for 0 to n-1, on all processors.
func parallel(n int, do func(i int)) {
	var wg sync.WaitGroup
	next := make(chan int)
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			for i := range next {
				do(i)
			}
		})
	}
	for i := range n {
		next <- i
	}
	close(next)
	wg.Wait()
}

// parallelChunks is parallel for work that is short: each processor takes a part of the numbers.
func parallelChunks(n int, do func(i int)) {
	workers := min(n, runtime.GOMAXPROCS(0))
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			for i := w; i < n; i += workers {
				do(i)
			}
		})
	}
	wg.Wait()
}

// try works out the outcome of a fact without mistakes and, if that is not what was observed, with
// every single one. It reports whether it did all.
func (s *search) try(f *fact) bool {
	if s.bound.over() {
		return false
	}
	f.due = f.outcome(mistake.Set{}.Steps())
	f.right, f.refused = f.reproduced(f.due), f.due.refused
	if f.question.HasFile() {
		for _, i := range s.ofFiles.members() {
			if f.question.Concerns(s.mistakes[i]) {
				f.ofFile.add(i)
			}
		}
	}
	return f.right || s.tryAll(f)
}

// tryAll works out the outcome of a fact with every single mistake. It reports whether it did all.
func (s *search) tryAll(f *fact) bool {
	for i := range s.mistakes {
		if s.bound.over() {
			return false
		}
		s.trySingle(f, i)
	}
	return true
}

// trySingle works out the outcome of a fact with one mistake.
func (s *search) trySingle(f *fact, i int) {
	if f.tried.has(i) {
		return
	}
	f.tried.add(i)
	m := s.mistakes[i]
	if !f.kind.concerned(m) || !f.question.Concerns(m) {
		return
	}
	s.bound.spend(f)
	if got := f.outcome(s.relations.steps[i]); f.differ(f.due, got) {
		f.affected.add(i)
		f.known[single(i)] = f.reproduced(got)
	}
}

// affecting returns the members of a set that change the outcome of a fact when made alone. Those
// that have not been tried are tried now: most mistakes are never tried on what is right.
func (s *search) affecting(set bitset, f *fact) bitset {
	if untried := set.without(&f.tried); !untried.empty() && !s.bound.over() {
		for _, i := range untried.members() {
			s.trySingle(f, i)
		}
	}
	return set.and(&f.affected)
}

// Effects is the effect matrix: which single mistakes change the answer to which vectors.
type Effects struct {
	vectors  []*vectors.Vector
	affected []bitset
}

// NewEffects tries every mistake of the catalogue on every vector, on what is signed and sent.
func NewEffects(all []*vectors.Vector) *Effects {
	e := &Effects{all, make([]bitset, len(all))}
	r := related()
	parallel(len(all), func(at int) {
		d := newDue(all[at])
		for i := range r.mistakes {
			if r.affects(i, d) {
				e.affected[at].add(i)
			}
		}
	})
	return e
}

// due is what a right client signs and sends for a vector.
type due struct {
	question *mistake.Question
	answer   mistake.Answer
	sent     *signer.Sent
}

func newDue(v *vectors.Vector) *due {
	q, reference := mistake.NewQuestion(&v.Input), mistake.Set{}.Steps()
	return &due{q, reference.Sign(q), reference.Send(q)}
}

// affects reports whether a mistake alone changes what a server sees of a request.
func (r *relations) affects(i int, d *due) bool {
	switch m := r.mistakes[i]; {
	case !d.question.Concerns(m):
		return false
	case m.Sends():
		return !d.answer.Refused && d.sent != nil &&
			!wire.SameRequest(d.sent, r.steps[i].Send(d.question))
	}
	got := r.steps[i].Sign(d.question)
	return got.Refused != d.answer.Refused || got.Header != d.answer.Header ||
		got.Token != d.answer.Token
}

// Catching returns the ids of the vectors that a port with the mistake fails, in their order.
func (e *Effects) Catching(m *mistake.Mistake) (ids []string) {
	for i, known := range related().mistakes {
		for at, v := range e.vectors {
			if known == m && e.affected[at].has(i) {
				ids = append(ids, v.ID)
			}
		}
	}
	return ids
}

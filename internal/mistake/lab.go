package mistake

import (
	"math/bits"
	"runtime"
	"sync"

	"sigkit/signer"
	"sigkit/vectors"
)

// Lab knows what every single mistake does to every one of some vectors. It is safe for concurrent use.
type Lab struct {
	subjects []*subject
	mistakes []*Mistake
}

// subject is one vector on which mistakes are tried.
type subject struct {
	*question
	vector  *vectors.Vector
	right   answer
	sent    *signer.Sent
	touched bitset // mistakes that change the answer, or the request
}

// bitset is a set of mistakes, by their place in the catalogue.
type bitset [6]uint64

func (b *bitset) add(i int) { b[i/64] |= 1 << (i % 64) }

func (b *bitset) remove(i int) { b[i/64] &^= 1 << (i % 64) }

func (b *bitset) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }

func (b *bitset) and(o *bitset) (c bitset) {
	for i := range b {
		c[i] = b[i] & o[i]
	}
	return c
}

func (b *bitset) or(o *bitset) (c bitset) {
	for i := range b {
		c[i] = b[i] | o[i]
	}
	return c
}

func (b *bitset) size() (n int) {
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

func (b *bitset) empty() bool { return *b == bitset{} }

// each calls do for all members.
func (b *bitset) each(do func(i int)) {
	for word, w := range b {
		for ; w != 0; w &= w - 1 {
			do(word*64 + bits.TrailingZeros64(w))
		}
	}
}

// related says how the mistakes of the catalogue bear on each other.
type related struct {
	excludes []bitset // by mistake: those that cannot be made with it, itself included
	late     bitset   // those that work on the token: what they do depends on all that went before
}

var relations = sync.OnceValue(func() *related {
	r := &related{excludes: make([]bitset, len(Catalogue()))}
	for i, m := range Catalogue() {
		for j, other := range Catalogue() {
			if !compatible(m, other) {
				r.excludes[i].add(j)
			}
		}
		if m.slot == "spell" || m.slot == "decorate" || m.slot == "bytes" {
			r.late.add(i)
		}
	}
	return r
})

// NewLab tries every mistake of the catalogue on every vector.
func NewLab(all []*vectors.Vector) *Lab {
	l := &Lab{subjects: make([]*subject, len(all)), mistakes: Catalogue()}
	recipes := make([]*recipe, len(l.mistakes))
	for i, m := range l.mistakes {
		recipes[i] = Set{m}.recipe()
	}
	right := canonical()
	next := make(chan int)
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			for at := range next {
				l.subjects[at] = l.try(all[at], right, recipes)
			}
		})
	}
	for at := range all {
		next <- at
	}
	close(next)
	wg.Wait()
	return l
}

func (l *Lab) try(v *vectors.Vector, right *recipe, recipes []*recipe) *subject {
	s := &subject{question: newQuestion(&v.Input), vector: v}
	s.right = right.answer(s.question)
	if !s.right.refused {
		s.sent = right.send(s.question)
	}
	for i, m := range l.mistakes {
		if m.wire {
			if s.sent != nil && !sameRequest(s.sent, recipes[i].send(s.question)) {
				s.touched.add(i)
			}
		} else if got := recipes[i].answer(s.question); got.differs(&s.right) {
			s.touched.add(i)
		}
	}
	return s
}

// differs reports whether two answers differ in what a server sees.
func (a *answer) differs(b *answer) bool {
	return a.refused != b.refused || a.header != b.header || a.token != b.token
}

// Catches returns the ids of the vectors that a port with the mistake fails, in their order.
func (l *Lab) Catches(m *Mistake) (ids []string) {
	for _, s := range l.catching(m) {
		ids = append(ids, s.vector.ID)
	}
	return ids
}

func (l *Lab) catching(m *Mistake) (some []*subject) {
	for i, known := range l.mistakes {
		for _, s := range l.subjects {
			if known == m && s.touched.has(i) {
				some = append(some, s)
			}
		}
	}
	return some
}

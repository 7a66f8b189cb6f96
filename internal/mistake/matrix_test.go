package mistake

import (
	"runtime"
	"sync"

	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// outcome is what a server sees of one question: what is signed, or what is sent.
type outcome struct {
	refused bool
	header  string
	token   string
	sent    *signer.Sent
}

// same reports whether a server can see no difference.
func (o outcome) same(other outcome) bool {
	return o.refused == other.refused && o.header == other.header && o.token == other.token &&
		wire.SameRequest(o.sent, other.sent)
}

// outcomeOf returns what is sent of a question, or what is signed of it.
func (s *Steps) outcomeOf(q *Question, sends bool) outcome {
	if sends {
		return outcome{sent: s.Send(q)}
	}
	a := s.Sign(q)
	return outcome{refused: a.Refused, header: a.Header, token: a.Token}
}

// effects is what every mistake does to every built-in vector.
type effects struct {
	vectors   []vectors.Vector
	questions []*Question
	signed    []outcome              // the right outcomes, by vector
	sent      []outcome              // the right outcomes, by vector
	with      map[*Mistake][]outcome // by vector
	affected  map[*Mistake][]int     // the vectors whose outcome the mistake changes
}

// right returns the right outcomes on the side that a mistake changes.
func (e *effects) right(m *Mistake) []outcome {
	if m.Sends() {
		return e.sent
	}
	return e.signed
}

// builtIn is computed once for all tests.
var builtIn = sync.OnceValue(func() *effects {
	e := &effects{
		vectors:  vectors.All(),
		with:     map[*Mistake][]outcome{},
		affected: map[*Mistake][]int{},
	}
	for i := range e.vectors {
		e.questions = append(e.questions, NewQuestion(&e.vectors[i].Input))
	}
	e.signed = e.outcomes(Set{}.Steps(), false)
	e.sent = e.outcomes(Set{}.Steps(), true)
	var mutex sync.Mutex
	inParallel(Catalogue(), func(m *Mistake) {
		got := e.outcomes(Set{m}.Steps(), m.Sends())
		affected := e.changed(m, got)
		mutex.Lock()
		defer mutex.Unlock()
		e.with[m], e.affected[m] = got, affected
	})
	return e
})

func (e *effects) outcomes(s *Steps, sends bool) []outcome {
	all := make([]outcome, len(e.questions))
	for i, q := range e.questions {
		all[i] = s.outcomeOf(q, sends)
	}
	return all
}

// changed returns the vectors of which a mistake changes the outcome. A vector that the reference
// does not send shows no mistake in sending.
func (e *effects) changed(m *Mistake, got []outcome) (affected []int) {
	for i, right := range e.right(m) {
		if m.Sends() && e.vectors[i].Expect.Request == nil {
			continue
		}
		if !right.same(got[i]) {
			affected = append(affected, i)
		}
	}
	return affected
}

// inParallel calls do for every item, on all processors.
func inParallel[T any](items []T, do func(T)) {
	next := make(chan T)
	var running sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		running.Go(func() {
			for item := range next {
				do(item)
			}
		})
	}
	for _, item := range items {
		next <- item
	}
	close(next)
	running.Wait()
}

package mistake

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"sync"
	"testing"

	"sigkit/internal/testport"

	"github.com/stretchr/testify/assert"
)

// hides reports whether a port with both mistakes is as one with the first alone, on all vectors
// that show the second alone. Where the port refuses anyway, nothing else can show.
func (e *effects) hides(hider, hidden *Mistake) bool {
	steps := Set{hider, hidden}.Steps()
	answered := false
	for _, i := range e.affected[hidden] {
		alone := e.with[hider][i]
		if !steps.outcomeOf(e.questions[i], hider.Sends()).same(alone) {
			return false
		}
		answered = answered || !alone.refused
	}
	return answered
}

// thorough says that the tests try all pairs, not a random part of them.
var thorough = testport.Thorough()

// compatible reports whether a port can make both mistakes, on the same side.
func compatible(a, b *Mistake) bool {
	return a != b && a.Sends() == b.Sends() && !a.Excludes(b)
}

// compatiblePairs returns the pairs of mistakes on one side that do not exclude each other. Without
// thorough they are those within a family, and a random tenth of all others.
func compatiblePairs() (pairs []Set) {
	family := map[string]int{} // by id
	for i, mistakes := range families() {
		for _, m := range mistakes {
			family[m.ID] = i
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	for i, a := range Catalogue() {
		for _, b := range Catalogue()[:i] {
			chosen := r.IntN(10) == 0 || family[a.ID] == family[b.ID] || thorough
			if chosen && compatible(a, b) {
				pairs = append(pairs, Set{b, a})
			}
		}
	}
	return pairs
}

// Two mistakes that do not exclude each other are visible together: no pair is silently one of the
// two alone, unless the table of masks says so.
func TestCompatiblePairs(t *testing.T) {
	e := builtIn()
	pairs := compatiblePairs()
	var mutex sync.Mutex
	var hidden []string
	inParallel(pairs, func(pair Set) {
		for _, s := range []Set{pair, {pair[1], pair[0]}} {
			if e.hides(s[0], s[1]) && !masked(s[0], s[1]) {
				mutex.Lock()
				hidden = append(hidden, fmt.Sprintf("%s hides %s", s[0].ID, s[1].ID))
				mutex.Unlock()
			}
		}
	})
	slices.Sort(hidden)
	for _, message := range hidden {
		assert.Fail(t, message+": change one of them, or add the pair to masks with a reason")
	}
	t.Logf("%d pairs", len(pairs))
}

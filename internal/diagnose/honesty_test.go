package diagnose

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sigkit/internal/mistake"
	"sigkit/internal/testport"
	"sigkit/vectors"
)

// wrongPorts returns the ports of the honesty table, by the number of their mistakes. Every second
// one returns its message.
func wrongPorts() map[int][]*wrongPort {
	r := rand.New(rand.NewPCG(1, 2))
	counts, step := map[int]int{3: 1}, 600
	if testport.Thorough() {
		counts, step = map[int]int{2: 50, 3: 25, 5: 12, 10: 8}, 6
	}
	ports := map[int][]*wrongPort{}
	all := mistake.Catalogue()
	for i := 0; i < len(all); i += step {
		ports[1] = append(ports[1], newPort(len(ports[1])%2 == 0, all[i]))
	}
	for _, size := range []int{2, 3, 5, 10} {
		for i := range counts[size] {
			ports[size] = append(ports[size], newPort(i%2 == 0, draw(r, size)...))
		}
	}
	return ports
}

// Mistakes of the catalogue, alone and up to ten at once: none is certain that is not made, and
// nearly all that show in an answer are named. Half of the ports can be asked.
func TestHonesty(t *testing.T) {
	if testing.Short() {
		t.Skip("takes too long for a short run")
	}
	var all honesty
	for size, ports := range wrongPorts() {
		t.Run(fmt.Sprintf("mistakes=%d", size), func(t *testing.T) {
			var h honesty
			for i, p := range ports {
				h.check(t, p, i/2%2 == 0)
			}
			h.log(t)
			all.add(h)
		})
	}
	const one = 10 // a small sample may miss one
	assert.LessOrEqual(t, 10*all.missing, all.mistakes+one, "mistakes that show and are not named")
	assert.LessOrEqual(t, 100*all.untrue, all.mistakes, "mistakes that are named and not made")
}

// honesty counts how well ports were diagnosed.
type honesty struct {
	ports, exact, mistakes, missing, untrue int
	longest, total                          time.Duration
}

func (h *honesty) add(o honesty) {
	h.mistakes += o.mistakes
	h.missing += o.missing
	h.untrue += o.untrue
}

func (h *honesty) log(t *testing.T) {
	t.Logf("%d ports, %d exactly, %d mistakes, %d not named, %d untrue, longest %v, mean %v",
		h.ports, h.exact, h.mistakes, h.missing, h.untrue, h.longest.Round(time.Millisecond),
		(h.total / time.Duration(h.ports)).Round(time.Millisecond))
}

func (h *honesty) check(t *testing.T, p *wrongPort, asking bool) {
	observations := p.run(vectors.Quirk)
	c := patient(vectors.Quirk)
	if asking {
		c = p.asking(vectors.Quirk)
	}
	began := time.Now()
	d := c.Diagnose(t.Context(), observations)
	took := time.Since(began)
	h.ports++
	h.longest, h.total = max(h.longest, took), h.total+took
	if d == nil || d.Constant != "" {
		h.exact++
		return
	}
	r := p.compare(d, observations)
	assert.Empty(t, r.untrueCertain, "certain, but not made by %v", p.set)
	if r.exact {
		h.exact++
	} else {
		t.Logf("%v, message %t, asked %t: missing %v, untrue %v, complete %t",
			p.set, p.message, asking, r.missing, r.untrue, d.Complete)
	}
	h.mistakes += len(p.set)
	h.missing += len(r.missing)
	h.untrue += len(r.untrue)
}

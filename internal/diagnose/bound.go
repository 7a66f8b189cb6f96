package diagnose

import (
	"bytes"
	"context"
	"math"
	"sync/atomic"
	"time"

	"sigkit/vectors"
)

// bound limits a search by the bytes that it signs, not by time: a busy machine finds the same as
// an idle one. A context limits it, too. A nil bound does not limit.
type bound struct {
	ctx  context.Context
	left atomic.Int64
}

const (
	// signingRate is how many bytes two processors sign in a second, at least.
	signingRate = 250_000_000
	// signingCost is what a signing takes besides its bytes, and elementCost what each element of a
	// list or an object takes, in bytes.
	signingCost, elementCost = 1000, 200
	// slowest is how much slower a machine may be before time limits the search after all.
	slowest = 5
)

// newBound limits a search to the work of some time on an idle machine. The context ends later.
func newBound(ctx context.Context, d time.Duration) (*bound, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, slowest*d)
	b := &bound{ctx: ctx}
	b.left.Store(int64(d.Seconds() * signingRate))
	return b, cancel
}

// byContext returns a bound that only a context limits.
func byContext(ctx context.Context) *bound {
	b := &bound{ctx: ctx}
	b.left.Store(math.MaxInt64)
	return b
}

// workOf returns about how many bytes the signing of an input is worth.
func workOf(in *vectors.Input) int {
	elements := bytes.Count(in.Data, []byte{','})
	return len(in.Data) + len(in.Resource) + elementCost*elements + signingCost
}

// spend counts a signing.
func (b *bound) spend(f *fact) {
	if b != nil {
		b.left.Add(-int64(f.size))
	}
}

// over reports whether the search must end. What it works out from then on is no result.
func (b *bound) over() bool { return b != nil && (b.left.Load() <= 0 || b.ctx.Err() != nil) }

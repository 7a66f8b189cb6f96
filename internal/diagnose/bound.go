package diagnose

import (
	"context"
	"math"
	"sync/atomic"
	"time"

	"sigkit/vectors"
)

// bound limits a search by the bytes that it signs, not by time: a busy machine finds the same as
// an idle one. Each time that the search finds something, it may go on as long again, up to a limit
// for all of it. A context limits it, too. A nil bound does not limit.
type bound struct {
	ctx   context.Context
	share int64 // for which a search may go on without finding anything
	left  atomic.Int64
	all   atomic.Int64
}

const (
	// signingRate is about how many bytes two processors sign in a second.
	signingRate = 800_000_000
	// signingCost is what a signing takes besides its bytes, and elementCost what each element of a
	// list or an object takes, in bytes.
	signingCost, elementCost = 1000, 200
	// levelCost is how many levels of nested values take as much again as the text itself.
	levelCost = 20
	// maxDepth is how deep JSON can be.
	maxDepth = 1000
	// fileCost is how many times a key file or a dashboard config is read, in different ways.
	fileCost = 4
	// slowest is how much slower a machine may be before time limits the search after all.
	slowest = 5
	// maxShares is how many times as long a search may take that goes on finding something.
	maxShares = 4
)

// newBound limits a search to the work of some time on an idle machine. The context ends later.
func newBound(ctx context.Context, d time.Duration) (*bound, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(ctx, slowest*d)
	b := &bound{ctx: ctx, share: int64(d.Seconds() * signingRate)}
	b.left.Store(b.share)
	b.all.Store(maxShares * b.share)
	return b, cancel
}

// byContext returns a bound that only a context limits.
func byContext(ctx context.Context) *bound {
	b := &bound{ctx: ctx, share: math.MaxInt64}
	b.left.Store(b.share)
	b.all.Store(b.share)
	return b
}

// workOf returns about how many bytes the signing of an input is worth.
func workOf(in *vectors.Input) int {
	work := workOfJSON(in.Data) + len(in.Resource) + len(in.Method) + signingCost
	for _, file := range []*string{in.KeyFile, in.DashboardConfig} {
		if file != nil {
			work += fileCost * workOfJSON([]byte(*file))
		}
	}
	for _, text := range []*string{in.Email, in.Key, in.BaseURL} {
		if text != nil {
			work += len(*text)
		}
	}
	return work
}

// workOfJSON returns about how many bytes the writing of a JSON text is worth. Some languages write
// a nested value once for each level above it. What looks like JSON in a string counts, too.
func workOfJSON(text []byte) int {
	elements, depth, deepest := 0, 0, 0
	for _, c := range text {
		switch c {
		case ',':
			elements++
		case '[', '{':
			elements++
			depth++
			deepest = min(max(deepest, depth), maxDepth)
		case ']', '}':
			depth--
		}
	}
	return len(text)*(1+deepest/levelCost) + elementCost*elements
}

// spend counts a signing.
func (b *bound) spend(f *fact) {
	if b != nil {
		b.left.Add(-int64(f.size))
		b.all.Add(-int64(f.size))
	}
}

// renew lets a search that has found something go on, unless it is over.
func (b *bound) renew() {
	if b != nil && !b.over() {
		b.left.Store(min(b.share, b.all.Load()))
	}
}

// over reports whether the search must end. What it works out from then on is no result.
func (b *bound) over() bool { return b != nil && (b.left.Load() <= 0 || b.ctx.Err() != nil) }

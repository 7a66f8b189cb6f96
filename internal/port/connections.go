package port

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/semaphore"
)

// connections bounds how many questions an attached port is asked at a time. A port that takes them
// one by one makes the others wait, and that must not look like a timeout. So each question is
// asked alone until the first answer. After that, only as many are asked at a time as the port can
// answer one by one in half of the time limit.
type connections struct {
	Config
	free *semaphore.Weighted

	mu       sync.Mutex
	asked    bool
	quickest time.Duration // of all answers; 0 before the first
}

func newConnections(c Config) *connections {
	return &connections{Config: c, free: semaphore.NewWeighted(int64(c.Jobs))}
}

// limit is how long the next answer may take: the first question of a run has more time.
func (c *connections) limit() time.Duration {
	c.mu.Lock()
	defer c.mu.Unlock()
	if !c.asked {
		c.asked = true
		return c.StartTimeout
	}
	return c.Timeout
}

// acquire waits until one more question may be asked. The returned function ends it. The error is
// that of ctx.
func (c *connections) acquire(ctx context.Context) (done func(Reply), err error) {
	weight := c.weight()
	if err := c.free.Acquire(ctx, weight); err != nil {
		return nil, err
	}
	return func(r Reply) {
		c.seen(r)
		c.free.Release(weight)
	}, nil
}

func (c *connections) seen(r Reply) {
	c.mu.Lock()
	defer c.mu.Unlock()
	if r.Answer != nil && (c.quickest == 0 || r.Elapsed < c.quickest) {
		c.quickest = max(r.Elapsed, 1)
	}
}

// weight is how many of the jobs one question stands for.
func (c *connections) weight() int64 {
	c.mu.Lock()
	defer c.mu.Unlock()
	jobs := int64(c.Jobs)
	if c.quickest == 0 {
		return jobs
	}
	together := min(max(int64(c.Timeout/2/c.quickest), 1), jobs)
	return (jobs + together - 1) / together
}

package port

// Answers above heavyFrom bytes are large. At most maxHeavy of them are in memory at a time, however many processes there are; the others wait in their pipes.
const (
	heavyFrom = 1 << 20
	maxHeavy  = 2
)

// token is the right to hold one large answer.
type token struct {
	pool chan struct{}
	held bool
}

// acquire waits for the right, if an answer of so many bytes needs it.
func (t *token) acquire(size int) {
	if size > heavyFrom && !t.held {
		t.pool <- struct{}{}
		t.held = true
	}
}

func (t *token) release() {
	if t.held {
		<-t.pool
		t.held = false
	}
}

package stub

import (
	"context"
	"crypto/tls"
	"errors"
	"io"
	"net"
	"net/http"
	"strings"
	"sync"

	"golang.org/x/sync/semaphore"
)

// Bounds of what all senders together may hold.
const (
	maxConnections = 100       // of a VerifyingServer at a time
	maxSenders     = 8         // of a Server, likewise
	maxHeader      = 512 << 10 // bytes of a header of a VerifyingServer
	maxSentHeader  = 2 << 20   // bytes of a header of a Server
	bodiesInMemory = MostBody  // bytes of all bodies that are being read
	freeBody       = 64 << 10  // bytes of a body that are always there
)

// Errors of a body.
var (
	errTooLarge = errors.New("the body is too large")
	errBusy     = errors.New("other requests take the memory: try again")
)

// bodies bounds the memory of the bodies that are being read.
type bodies struct{ free *semaphore.Weighted }

func newBodies(size int64) *bodies { return &bodies{semaphore.NewWeighted(size)} }

// read reads a body of at most a number of bytes. Release gives its memory back. What a slow sender
// has not sent yet takes none.
func (b *bodies) read(from io.Reader, most int64) (body string, release func(), err error) {
	var text strings.Builder
	var held int64
	release = func() { b.free.Release(held) }
	block := make([]byte, 16<<10)
	for {
		n, err := from.Read(block)
		size := int64(text.Len() + n)
		if size > most {
			return "", release, errTooLarge
		}
		if size > freeBody {
			if !b.free.TryAcquire(int64(n)) {
				return "", release, errBusy
			}
			held += int64(n)
		}
		text.Write(block[:n])
		if errors.Is(err, io.EOF) {
			return text.String(), release, nil
		}
		if err != nil {
			return "", release, err
		}
	}
}

// senders bounds the connections of a server. When there are too many, the oldest one that has not
// sent a whole request is closed, so that idle and slow ones do not keep others out.
type senders struct {
	most int

	mu    sync.Mutex
	count int
	all   map[net.Conn]*sender
}

// sender is a connection.
type sender struct {
	conn      net.Conn
	number    int
	answering bool // a whole request has arrived
}

func newSenders(most int) *senders { return &senders{most: most, all: map[net.Conn]*sender{}} }

type senderKey struct{}

// watch has a server report its connections.
func (s *senders) watch(server *http.Server) {
	server.ConnContext = func(ctx context.Context, c net.Conn) context.Context {
		return context.WithValue(ctx, senderKey{}, s.add(c))
	}
	other := server.ConnState
	server.ConnState = func(c net.Conn, state http.ConnState) {
		if state == http.StateClosed || state == http.StateHijacked {
			s.mu.Lock()
			delete(s.all, c)
			s.mu.Unlock()
		}
		if other != nil {
			other(c, state)
		}
	}
}

func (s *senders) add(c net.Conn) *sender {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.count++
	if len(s.all) >= s.most {
		s.closeOldest()
	}
	added := &sender{conn: c, number: s.count}
	s.all[c] = added
	return added
}

func (s *senders) closeOldest() {
	var oldest *sender
	for _, c := range s.all {
		if !c.answering && (oldest == nil || c.number < oldest.number) {
			oldest = c
		}
	}
	if oldest == nil {
		return
	}
	delete(s.all, oldest.conn)
	if secure, ok := oldest.conn.(*tls.Conn); ok {
		_ = secure.NetConn().Close() // its own Close waits for the client
		return
	}
	_ = oldest.conn.Close()
}

// answer keeps the connection of a request from being closed until the returned function is called.
func (s *senders) answer(r *http.Request) (done func()) {
	c, ok := r.Context().Value(senderKey{}).(*sender)
	if !ok {
		return func() {}
	}
	set := func(answering bool) {
		s.mu.Lock()
		defer s.mu.Unlock()
		c.answering = answering
	}
	set(true)
	return func() { set(false) }
}

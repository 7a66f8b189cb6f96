package port

import (
	"time"

	"sigkit/internal/stub"
)

// stand is the stand-in of one worker; nil where nothing is captured.
type stand struct{ server *stub.Server }

// arrival is how long a request may take to arrive when the port has answered already.
const arrival = 500 * time.Millisecond

// stand starts a stand-in if requests are to be captured.
func (c Config) stand() (*stand, error) {
	if !c.Capture {
		return nil, nil
	}
	server, err := stub.Start()
	if err != nil {
		return nil, err
	}
	return &stand{server}, nil
}

// base is the base_url of the questions, "" for their own.
func (s *stand) base() string {
	if s == nil {
		return ""
	}
	return s.server.URL()
}

// reset forgets what arrived too late for the question before.
func (s *stand) reset() {
	if s != nil {
		s.server.Take()
	}
}

// collect adds to a reply what arrived.
func (s *stand) collect(r *Reply) {
	if s == nil {
		return
	}
	if r.Fault == NoAnswer || r.Answer != nil && r.Answer.Error == nil && r.Answer.Unsupported == nil {
		s.server.Wait(arrival)
	}
	r.Base = s.server.URL()
	r.Arrived, r.Connections = s.server.Take()
}

func (s *stand) close() {
	if s != nil {
		s.server.Close()
	}
}

package stub

import (
	"cmp"
	"encoding/json"
	"io"
	"net/http"
	"sync"
	"time"
)

// Recorder writes requests and verdicts, one JSON object a line, without secrets.
type Recorder struct {
	mu  sync.Mutex
	w   io.Writer
	err error
}

// NewRecorder returns a recorder that writes to w.
func NewRecorder(w io.Writer) *Recorder { return &Recorder{w: w} }

// recorded is one line.
type recorded struct {
	Time    time.Time   `json:"time"`
	Method  string      `json:"method"`
	Target  string      `json:"target"`
	Headers http.Header `json:"headers"` // secrets are hidden
	Body    string      `json:"body,omitempty"`
	OK      bool        `json:"ok"`
	Reason  Reason      `json:"reason,omitempty"`
	Detail  string      `json:"detail,omitempty"`
	HMACMsg string      `json:"hmac_msg,omitempty"` // of a refused request
	Explanation
}

// Record writes one line. Several goroutines may call it. The first error is kept for
// [Recorder.Err].
func (r *Recorder) Record(at time.Time, q Request, v Verdict, why Explanation) error {
	line := recorded{
		Time:        at,
		Method:      q.Method,
		Target:      q.Target,
		Headers:     withoutSecrets(q.Header),
		Body:        q.Body,
		OK:          v.Reason == "",
		Reason:      v.Reason,
		Detail:      v.Detail,
		Explanation: why,
	}
	if !line.OK {
		line.HMACMsg = v.Message
	}
	text, err := json.Marshal(line)
	r.mu.Lock()
	defer r.mu.Unlock()
	if err == nil {
		_, err = r.w.Write(append(text, '\n'))
	}
	r.err = cmp.Or(r.err, err)
	return err
}

// Err returns the error of the first line that could not be written.
func (r *Recorder) Err() error {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.err
}

// withoutSecrets hides what lets somebody in. A signature is one: it can be sent again.
func withoutSecrets(header http.Header) http.Header {
	public := header.Clone()
	if public == nil {
		public = http.Header{}
	}
	for name := range public {
		if secretHeader.MatchString(name) {
			public[name] = []string{hidden}
		}
	}
	return public
}

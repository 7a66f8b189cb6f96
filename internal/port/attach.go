package port

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/url"
	"time"
)

// Attach asks a port that runs already: each question is POSTed to it, the answer is the body of its response.
type Attach struct {
	Config
	URL *url.URL
}

// ParseURL reads the address of a port that runs already.
func ParseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf("%q is no address of a port: write it as http://127.0.0.1:8080/sign", text)
	}
	return u, nil
}

// Mode is the name of the mode.
func (Attach) Mode() (name, note string) { return "attach", "" }

// Ask asks all questions and hands each reply to reply, which must be safe for concurrent use. The
// sender of the questions closes them, and stops when ctx ends or Ask has returned. Ask returns why it
// ended early.
func (a Attach) Ask(ctx context.Context, questions <-chan Question, reply func(Question, Reply)) error {
	a.Config = a.withTimes(1)
	client := &http.Client{
		Transport:     &http.Transport{Proxy: http.ProxyFromEnvironment, MaxIdleConnsPerHost: a.Jobs},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer client.CloseIdleConnections()
	return work(ctx, a.Jobs, questions, func(ctx context.Context, s *source) error {
		stand, err := a.stand()
		if err != nil {
			return err
		}
		defer stand.close()
		v := visit{Attach: a, client: client, stand: stand, limit: a.StartTimeout, heavy: token{pool: s.heavy}}
		for ctx.Err() == nil {
			q, ok := s.next(ctx)
			if !ok {
				return nil
			}
			r, err := v.ask(ctx, q)
			if err != nil {
				return err
			}
			if ctx.Err() != nil && r.Fault != "" {
				return nil // ended by us: no verdict
			}
			v.limit = a.Timeout
			reply(q, r)
			s.seen(r)
		}
		return nil
	})
}

// visit asks one port, question by question.
type visit struct {
	Attach
	client *http.Client
	stand  *stand
	limit  time.Duration
	heavy  token
}

// ask asks one question. An error means that there is no port at that address.
func (v *visit) ask(ctx context.Context, q Question) (Reply, error) {
	began := time.Now()
	v.stand.reset()
	ctx, cancel := context.WithTimeout(ctx, v.limit)
	defer cancel()
	defer v.heavy.release()
	status, body, err := v.post(ctx, q)
	r := Reply{}
	timeout, _ := errors.AsType[net.Error](err)
	dial, _ := errors.AsType[*net.OpError](err)
	switch {
	case err == nil:
		r = judgeResponse(q.ID, status, body)
	case timeout != nil && timeout.Timeout():
		r = Reply{Fault: Timeout, Detail: fmt.Sprintf("no answer within %v; raise %s if the port is only slow", v.limit, v.flag())}
	case dial != nil && dial.Op == "dial":
		return r, fmt.Errorf("connecting to the port at %s: %w", v.URL.Redacted(), dial.Err)
	default:
		r = Reply{Fault: Crashed, Detail: "it broke the connection: " + clip(cause(err).Error())}
	}
	r.Elapsed = time.Since(began)
	v.stand.collect(&r)
	v.Log.Debug("attach", "id", q.ID, "status", status, "bytes", len(body), "fault", r.Fault)
	return r, nil
}

// flag is the flag that says how long this answer may take.
func (v *visit) flag() string {
	if v.limit == v.StartTimeout && v.limit != v.Timeout {
		return "--start-timeout"
	}
	return "--timeout"
}

// cause is an error without the method and address that the client puts before it.
func cause(err error) error {
	if wrapped, ok := errors.AsType[*url.Error](err); ok {
		return wrapped.Err
	}
	return err
}

func (v *visit) post(ctx context.Context, q Question) (status int, body []byte, err error) {
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, v.URL.String(), bytes.NewReader(q.Line(v.stand.base())))
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	response, err := v.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	body, err = io.ReadAll(io.LimitReader(heavyReader{response.Body, new(int), &v.heavy}, MaxAnswer+1))
	return response.StatusCode, body, err
}

// heavyReader waits for the right to hold a large answer.
type heavyReader struct {
	io.Reader
	size  *int
	heavy *token
}

// Read reads on when the right is there.
func (r heavyReader) Read(p []byte) (int, error) {
	n, err := r.Reader.Read(p)
	*r.size += n
	r.heavy.acquire(*r.size)
	return n, err
}

// judgeResponse turns a response into a reply. A status that is no success makes an answer of it only where that refuses.
func judgeResponse(id string, status int, body []byte) Reply {
	if len(body) > MaxAnswer {
		return Reply{Fault: Flooded, Detail: floodDetail}
	}
	blank := len(bytes.TrimSpace(body)) == 0
	success := status >= 200 && status < 300
	if blank && success {
		return Reply{Fault: NoAnswer, Detail: fmt.Sprintf("the response, HTTP status %d, has no body", status)}
	}
	answer, err := parseOutput(body)
	if err == nil {
		err = answer.checkID(id)
	}
	switch {
	case status >= 500:
		return Reply{Fault: Crashed, Detail: fmt.Sprintf("it answered with HTTP status %d", status), Stderr: clip(string(body))}
	case !success && (err != nil || answer.Error == nil):
		return Reply{Fault: Garbage, Detail: fmt.Sprintf("it answered with HTTP status %d: is the address right?", status), Stderr: clip(string(body))}
	case err != nil:
		return Reply{Fault: Garbage, Detail: err.Error()}
	}
	return Reply{Answer: answer}
}

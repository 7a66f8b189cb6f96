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
	"strings"
	"time"
)

// Attach asks a port that runs already: each question is POSTed to it, the answer is the body of
// its response. Jobs, the number of connections at a time, is [AttachJobs] if zero.
type Attach struct {
	Config
	URL *url.URL
}

// VectorHeader is the header of a request to an attached port that holds the id of the question.
const VectorHeader = "X-Sigcheck-Vector"

// AttachJobs is how many connections [Attach] uses if nothing else is said.
const AttachJobs = 8

// ParseURL reads the address of a port that runs already.
func ParseURL(text string) (*url.URL, error) {
	u, err := url.Parse(text)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return nil, fmt.Errorf(
			"%q is no address of a port: write it as http://127.0.0.1:8080/sign", withoutSecrets(text))
	}
	return u, nil
}

// hidden stands in the place of what may be secret.
const hidden = "xxxxx"

// Redacted returns an address of a port for people and results: without the password, a user who
// needs none, and the values of the query. Each of them may be a token.
func Redacted(u *url.URL) string {
	shown := *u
	shown.RawQuery = withoutValues(u.RawQuery)
	if _, given := u.User.Password(); u.User != nil && !given {
		shown.User = url.User(hidden)
	}
	return shown.Redacted()
}

// withoutValues hides the values of a query. What has no name is a value.
func withoutValues(query string) string {
	parts := strings.Split(query, "&")
	for i, part := range parts {
		name, _, named := strings.Cut(part, "=")
		switch {
		case named:
			parts[i] = name + "=" + hidden
		case part != "":
			parts[i] = hidden
		}
	}
	return strings.Join(parts, "&")
}

// withoutSecrets hides user, password and query in what may be a URL.
func withoutSecrets(text string) string {
	if at := strings.LastIndexByte(text, '@'); at >= 0 {
		scheme, _, found := strings.Cut(text, "//")
		if found {
			scheme += "//"
		} else {
			scheme = ""
		}
		text = scheme + hidden + text[at:]
	}
	address, query, found := strings.Cut(text, "?")
	if found {
		address += "?" + withoutValues(query)
	}
	return address
}

// Mode is the name of the mode.
func (Attach) Mode() (name, note string) { return "attach", "" }

// Ask asks all questions and hands each reply to reply, which must be safe for concurrent use. The
// sender of the questions closes them, and stops when ctx ends or Ask has returned. Ask returns why
// it ended early.
func (a Attach) Ask(
	ctx context.Context, questions <-chan Question, reply func(Question, Reply),
) error {
	a.Config = a.withLimits(AttachJobs)
	client := &http.Client{
		// A server with one thread serves a connection until it is closed, so none is kept: the other
		// connections would wait for ever.
		Transport: &http.Transport{Proxy: http.ProxyFromEnvironment, DisableKeepAlives: true},
		CheckRedirect: func(*http.Request, []*http.Request) error {
			return http.ErrUseLastResponse
		},
	}
	connections := newConnections(a.Config)
	return work(ctx, a.Jobs, questions, func(ctx context.Context, s *source) error {
		capture, err := a.startCapture()
		if err != nil {
			return err
		}
		defer capture.close()
		v := visitor{
			Attach:      a,
			client:      client,
			capture:     capture,
			memory:      memory{large: s.large},
			connections: connections,
		}
		return s.each(ctx, v.ask, reply)
	})
}

// visitor asks an attached port one question at a time.
type visitor struct {
	Attach
	client      *http.Client
	capture     *capture
	limit       time.Duration // for this answer
	memory      memory
	connections *connections
}

// ask asks one question. An error means that there is no port at that address.
func (v *visitor) ask(ctx context.Context, q Question) (Reply, error) {
	done, err := v.connections.acquire(ctx)
	if err != nil {
		return Reply{Fault: Timeout}, nil // the run has ended
	}
	defer v.memory.release()
	began := time.Now()
	v.capture.reset()
	v.limit = v.connections.limit()
	r, err := v.send(ctx, q)
	r.Elapsed = time.Since(began)
	done(r)
	if err == nil {
		v.capture.collect(&r)
	}
	return r, err
}

func (v *visitor) send(ctx context.Context, q Question) (Reply, error) {
	ctx, cancel := context.WithTimeout(ctx, v.limit)
	defer cancel()
	status, body, err := v.post(ctx, q)
	timeout, _ := errors.AsType[net.Error](err)
	dial, _ := errors.AsType[*net.OpError](err)
	var r Reply
	switch {
	case err == nil:
		r = judgeResponse(q.ID, status, body)
	case timeout != nil && timeout.Timeout():
		r.Fault = Timeout
		r.Detail = fmt.Sprintf("no answer within %v; raise %s if the port is only slow",
			v.limit, v.flag())
	case dial != nil && dial.Op == "dial":
		return r, fmt.Errorf("connecting to the port at %s: %w", Redacted(v.URL), dial.Err)
	default:
		r.Fault, r.Detail = Crashed, "it broke the connection: "+clip(cause(err).Error())
	}
	v.Log.Debug("attach", "id", q.ID, "status", status, "bytes", len(body), "fault", r.Fault)
	return r, nil
}

// flag is the flag that says how long this answer may take.
func (v *visitor) flag() string {
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

func (v *visitor) post(ctx context.Context, q Question) (status int, body []byte, err error) {
	line := bytes.NewReader(q.Line(v.capture.base()))
	request, err := http.NewRequestWithContext(ctx, http.MethodPost, v.URL.String(), line)
	if err != nil {
		return 0, nil, err
	}
	request.Header.Set("Content-Type", "application/json")
	request.Header.Set(VectorHeader, q.ID)
	response, err := v.client.Do(request)
	if err != nil {
		return 0, nil, err
	}
	defer response.Body.Close()
	if response.StatusCode == http.StatusSwitchingProtocols {
		return response.StatusCode, nil, nil // what follows is no body, and no timeout ends it
	}
	bounded := &boundedReader{Reader: response.Body, ctx: ctx, memory: &v.memory}
	body, err = io.ReadAll(io.LimitReader(bounded, MaxAnswer+1))
	return response.StatusCode, body, err
}

// judgeResponse turns a response into a reply. With a status that is no success, only a refusal
// counts as an answer.
func judgeResponse(id string, status int, body []byte) Reply {
	success := status >= 200 && status < 300
	switch {
	case len(body) > MaxAnswer:
		return Reply{Fault: Flooded, Detail: floodDetail}
	case success && len(bytes.TrimSpace(body)) == 0:
		detail := fmt.Sprintf("the response, HTTP status %d, has no body", status)
		return Reply{Fault: NoAnswer, Detail: detail}
	}
	detail := fmt.Sprintf("it answered with HTTP status %d", status)
	answer, err := parseOutput(body)
	if err == nil {
		err = answer.checkID(id)
	}
	switch {
	case status >= 500:
		return Reply{Fault: Crashed, Detail: detail, Stderr: clip(string(body))}
	case !success && (err != nil || answer.Error == nil):
		detail += ": is the address right?"
		return Reply{Fault: Garbage, Detail: detail, Stderr: clip(string(body))}
	case err != nil:
		return Reply{Fault: Garbage, Detail: err.Error()}
	}
	return Reply{Answer: answer}
}

package testport

import (
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"strings"

	"sigkit/signer"
)

// clients are ports that send their requests to the base URL of the question: the right request,
// with one change each.
func clients() map[string]behaviour {
	return map[string]behaviour{
		"client":              sending(func(*http.Request) {}),
		"client-says-little":  {answer: sendAndExit},
		"client-json":         sending(contentTypeJSON),
		"client-other-data":   sending(otherData),
		"client-no-query":     sending(func(r *http.Request) { r.URL.RawQuery = "" }),
		"client-other-method": sending(func(r *http.Request) { r.Method = "OPTIONS" }),
		"client-other-path":   sending(func(r *http.Request) { r.URL.Path += "/" }),
		"client-no-header":    sending(func(r *http.Request) { r.Header.Del(signer.Header) }),
		"client-two-headers":  sending(func(r *http.Request) { r.Header.Add(signer.Header, "x") }),
		"client-wrong-token":  sending(func(r *http.Request) { r.Header.Set(signer.Header, sameToken) }),
		"client-sends-twice":  {answer: sendTwice},
		"client-only-says":    {answer: answer},
		"client-connects":     {answer: func(p *Port) { p.connect("GET "); p.say() }},
		"client-not-http":     {answer: func(p *Port) { p.connect("\x16\x03\x01\r\n\r\n"); p.say() }},
		"client-refuses":      {answer: refuseAndSend},
	}
}

// sending sends the right request, changed, and answers with as little as a client may.
func sending(change func(*http.Request)) behaviour {
	return behaviour{answer: func(p *Port) { p.send(change); p.say() }}
}

func sendTwice(p *Port) {
	p.send(func(*http.Request) {})
	p.send(func(*http.Request) {})
	p.say()
}

// sendAndExit prints nothing: the request is the answer, and exit code 1 a refusal.
func sendAndExit(p *Port) {
	p.send(func(*http.Request) {})
	if p.refusing() {
		os.Exit(1)
	}
	os.Exit(0)
}

func contentTypeJSON(r *http.Request) {
	if r.Body != nil {
		r.Header.Set("Content-Type", "application/json")
	}
}

// otherData makes a client that signs one thing and sends another.
func otherData(r *http.Request) {
	if r.Body != nil {
		setBody(r, "email=other%40example.com")
		return
	}
	r.URL.RawQuery = "email=other%40example.com"
}

// refuseAndSend refuses everything, but sends a request for what must be refused.
func refuseAndSend(p *Port) {
	if p.refusing() {
		_, _ = http.Get(p.base())
	}
	p.print(`{"error":"no"}`)
}

func (p *Port) base() string {
	line := p.question()
	return *line.Vector.Input.BaseURL
}

// send sends the right request, changed. What must be refused is not sent.
func (p *Port) send(change func(*http.Request)) {
	e := p.expected()
	if e.Request == nil {
		return
	}
	r, err := http.NewRequest(e.Request.Method, e.Request.URL, nil)
	if err != nil {
		panic(err)
	}
	r.Header.Set(signer.Header, e.Token)
	if e.Request.Body != nil {
		r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		setBody(r, *e.Request.Body)
	}
	change(r)
	response, err := http.DefaultClient.Do(r)
	if err != nil {
		panic(err)
	}
	_, _ = io.Copy(io.Discard, response.Body)
	response.Body.Close()
}

// say answers with as little as a client may.
func (p *Port) say() {
	if p.refusing() {
		p.print(`{"error":"no"}`)
	} else {
		p.print("{}")
	}
}

func setBody(r *http.Request, body string) {
	r.Body, r.ContentLength = io.NopCloser(strings.NewReader(body)), int64(len(body))
}

// connect sends some bytes that are no request.
func (p *Port) connect(text string) {
	u, err := url.Parse(p.base())
	if err != nil {
		panic(err)
	}
	conn, err := net.Dial("tcp", u.Host)
	if err != nil {
		panic(err)
	}
	_, _ = io.WriteString(conn, text)
	conn.Close()
}

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

// clients are animals that send their requests to the base URL of the question: rightly, but for what each does to the request first.
func clients() map[string]func(*Port) {
	sending := func(change func(*http.Request)) func(*Port) {
		return func(p *Port) { p.send(change); p.say() }
	}
	return map[string]func(*Port){
		"client": sending(func(*http.Request) {}),
		"client-says-little": func(p *Port) {
			p.send(func(*http.Request) {})
			if p.refusing() {
				os.Exit(1)
			}
			os.Exit(0)
		},
		"client-json": sending(func(r *http.Request) {
			if r.Body != nil {
				r.Header.Set("Content-Type", "application/json")
			}
		}),
		"client-other-data": sending(func(r *http.Request) { // signs one thing and sends another
			if r.Body != nil {
				setBody(r, "email=other%40example.com")
			} else {
				r.URL.RawQuery = "email=other%40example.com"
			}
		}),
		"client-no-query":     sending(func(r *http.Request) { r.URL.RawQuery = "" }),
		"client-other-method": sending(func(r *http.Request) { r.Method = "OPTIONS" }),
		"client-other-path":   sending(func(r *http.Request) { r.URL.Path += "/" }),
		"client-no-header":    sending(func(r *http.Request) { r.Header.Del(signer.Header) }),
		"client-two-headers":  sending(func(r *http.Request) { r.Header.Add(signer.Header, "x") }),
		"client-wrong-token":  sending(func(r *http.Request) { r.Header.Set(signer.Header, sameToken) }),
		"client-sends-twice":  func(p *Port) { p.send(func(*http.Request) {}); p.send(func(*http.Request) {}); p.say() },
		"client-only-says":    answer,
		"client-connects":     func(p *Port) { p.connect("GET "); p.say() },
		"client-not-http":     func(p *Port) { p.connect("\x16\x03\x01\r\n\r\n"); p.say() },
		"client-refuses": func(p *Port) { // and sends all the same
			if p.refusing() {
				_, _ = http.Get(p.base())
			}
			p.Print(`{"error":"no"}`)
		},
	}
}

func (p *Port) base() string {
	line := p.question()
	return *line.Vector.Input.BaseURL
}

// send sends the right request, changed. What must be refused is not sent.
func (p *Port) send(change func(*http.Request)) {
	line := p.question()
	e := line.Vector.Input.Expected()
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
		p.Print(`{"error":"no"}`)
	} else {
		p.Print("{}")
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

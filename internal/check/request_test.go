package check

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"

	"sigkit/internal/port"
	"sigkit/internal/stub"
	"sigkit/internal/wire"
	"sigkit/vectors"
)

func TestJudgeCapture(t *testing.T) {
	const base = "http://127.0.0.1:8080"
	token := http.Header{"X-Auth-Signature": {signed().Expect.Token}, "Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"}}
	right := stub.Request{Method: "POST", Target: "/r", Header: token, Body: "b=x+y&a=True&email=user%40example.com"}
	change := func(do func(*stub.Request)) []stub.Request {
		r := right
		r.Header = token.Clone()
		do(&r)
		return []stub.Request{r}
	}
	for _, c := range []struct {
		name    string
		vector  *vectors.Vector
		answer  port.Answer
		arrived []stub.Request
		fault   port.Fault
		detail  string
	}{
		{"right", signed(), port.Answer{}, []stub.Request{right}, "", ""},
		{"right, and says otherwise", signed(), port.Answer{URL: new("http://other/"), Headers: []wire.Header{{Name: "X", Value: "y"}}}, []stub.Request{right}, "", ""},
		{"other message", signed(), port.Answer{HMACMsg: new("POST")}, []stub.Request{right}, WrongMessage, "the message ends after byte 4, 37 bytes too early; the token is right all the same, so hmac_msg is not what was signed"},
		{"nothing arrived", signed(), port.Answer{Headers: []wire.Header{{Name: "X-Auth-Signature", Value: signed().Expect.Token}}}, nil, WrongRequest, "no request arrived at base_url: with --capture the port must send it there"},
		{"two", signed(), port.Answer{}, []stub.Request{right, right}, WrongRequest, "2 requests arrived where one is due: POST /r, POST /r"},
		{"method", signed(), port.Answer{}, change(func(r *stub.Request) { r.Method = "PUT" }), WrongRequest, "the signature is right, and the request was sent with the method PUT, not POST"},
		{"type", signed(), port.Answer{}, change(func(r *stub.Request) { r.Header.Set("Content-Type", "text/plain") }), WrongRequest,
			`the signature is right, and the body was sent with Content-Type "text/plain": a server reads a form only from application/x-www-form-urlencoded`},
		{"target", signed(), port.Answer{}, change(func(r *stub.Request) { r.Target = "/s" }), WrongRequest, "the signature is right, and the URL would reach the server as something else"},
		{"body", signed(), port.Answer{}, change(func(r *stub.Request) { r.Body = "a=1" }), WrongRequest, "the signature is right, and the body would reach the server as something else"},
		{"no header", signed(), port.Answer{}, change(func(r *stub.Request) { r.Header.Del("X-Auth-Signature") }), WrongHeader, "the answer has no X-Auth-Signature among its headers (Content-Type)"},
		{"refused", signed(), port.Answer{Error: new("no")}, nil, Refused, "it refused an input that must be signed: no"},
		{"refusal", refusal(), port.Answer{Error: new("no")}, nil, "", ""},
		{"refusal and sent", refusal(), port.Answer{Error: new("no")}, []stub.Request{right}, Accepted, "it refused the input and sent a request all the same"},
		{"accepted", refusal(), port.Answer{}, []stub.Request{right}, Accepted, "it signed an input that must be refused (key-file)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Judge(c.vector, port.Reply{Answer: &c.answer, Base: base, Arrived: c.arrived})
			assert.Equal(t, c.fault, got.Fault)
			assert.Equal(t, c.detail, got.Detail)
		})
	}
}

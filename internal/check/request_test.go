package check

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
	"sigkit/internal/stub"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// Of a request, only what a server can see counts.
func TestJudgeRequest(t *testing.T) {
	const server = "https://linuxlink.timesys.com"
	get := vector("g/get", vectors.Input{
		Email:    new("user@example.com"),
		Key:      new("test-key"),
		Method:   "GET",
		Resource: "/r",
		Data:     []byte(`{"b":["x y","z"],"a":true}`),
	})
	for _, c := range []struct {
		name      string
		vector    *vectors.Vector
		url, body *string
		detail    string // behind "the signature is right, but "
	}{
		{"body in another order", signed(), nil, new("b=x+y&email=user@example.com&a=True"), ""},
		{"body in other escapes", signed(), nil, new("a=True&b=x%20y&email=user%40example.com&"), ""},
		{"query in another order", get,
			new(server + "/r?email=user%40example.com&b=x+y&a=True&b=z"), nil, ""},
		{"URL in another spelling", signed(), new("HTTPS://linuxlink.timesys.com/%72"), nil, ""},
		{"empty query", signed(), new(server + "/r?"), nil, ""},
		{"empty body of a GET", get, nil, new(""), ""},
		{"list in another order", get,
			new(server + "/r?email=user%40example.com&a=True&b=z&b=x+y"), nil,
			`the parameter "b" of the query differs`},
		{"body of a GET", get, nil, new("a=1"), "there is a body, which only a POST has"},
		{"path", signed(), new(server + "/r/"), nil, "the path differs"},
		{"server", signed(), new("https://example.com/r"), nil, "the server differs"},
		{"value in the body", signed(), nil, new("a=true&b=x+y&email=user@example.com"),
			`the parameter "a" of the body differs`},
		{"missing in the body", signed(), nil, new("a=True&b=x+y"),
			`the parameter "email" of the body differs`},
		{"too much in the body", signed(), nil, new("a=True&b=x+y&email=user@example.com&c="),
			`the parameter "c" of the body differs`},
	} {
		t.Run(c.name, func(t *testing.T) {
			answer := port.Answer{Headers: headers(c.vector.Expect.Token), URL: c.url, Body: c.body}
			want := judgement{"", c.vector, answer, Pass, "", ""}
			if c.detail != "" {
				want.outcome, want.fault = Fail, WrongRequest
				want.detail = "the signature is right, but " + c.detail
			}
			want.run(t)
		})
	}
}

// A port may put the tokens of a dashboard config into the body in any order.
func TestJudgeOrderOfDashboardTokens(t *testing.T) {
	const config = `{"product":"P","folder":"F"}`
	v := vector("g/upload", vectors.Input{
		Email:           new("user@example.com"),
		Key:             new("test-key"),
		DashboardConfig: new(config),
		Method:          "POST",
		Resource:        "/api/v1/vigiles/manifests",
		Data:            []byte(`{"manifest":"x"}`),
	})
	require.Contains(t, *v.Expect.Request.Body, "folder_token=F")
	body := "folder_token=F&manifest=x&product_token=P&email=user@example.com"
	for _, got := range []string{
		body,
		"product_token=P&folder_token=F&manifest=x&email=user@example.com",
	} {
		answer := port.Answer{Headers: headers(v.Expect.Token), Body: &got}
		judgement{"", v, answer, Pass, "", ""}.run(t)
	}
}

const base = "http://127.0.0.1:8080"

// sentRequest is what a right port sends for signed.
func sentRequest() stub.Request {
	return stub.Request{
		Method: "POST",
		Target: "/r",
		Header: http.Header{
			signer.Header:  {signed().Expect.Token},
			"Content-Type": {"application/x-www-form-urlencoded; charset=utf-8"},
		},
		Body: "b=x+y&a=True&email=user%40example.com",
	}
}

// changed is the right request with a change.
func changed(do func(*stub.Request)) []stub.Request {
	r := sentRequest()
	do(&r)
	return []stub.Request{r}
}

func TestJudgeCapture(t *testing.T) {
	right := sentRequest()
	claims := port.Answer{
		URL:     new("http://other/"),
		Headers: []wire.Header{{Name: "X", Value: "y"}},
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
		{"right, but claims otherwise", signed(), claims, []stub.Request{right}, "", ""},
		{"message", signed(), port.Answer{HMACMsg: new("POST")}, []stub.Request{right}, WrongMessage,
			"the message ends after byte 4 of 41; " +
				"but the token is right, so hmac_msg is not the message that was signed"},
		{"nothing arrived", signed(), port.Answer{Headers: rightHeaders()}, nil, WrongRequest,
			"no request arrived at base_url: with --capture the port must send it there"},
		{"two requests", signed(), port.Answer{}, []stub.Request{right, right}, WrongRequest,
			"2 requests arrived instead of one: POST /r, POST /r"},
		{"method", signed(), port.Answer{}, changed(func(r *stub.Request) { r.Method = "PUT" }),
			WrongRequest,
			"the signature is right, but the request was sent with the method PUT instead of POST"},
		{"type", signed(), port.Answer{},
			changed(func(r *stub.Request) { r.Header.Set("Content-Type", "text/plain") }), WrongRequest,
			`the signature is right, but the body was sent with Content-Type "text/plain": ` +
				"a server reads a form only from application/x-www-form-urlencoded"},
		{"two types", signed(), port.Answer{},
			changed(func(r *stub.Request) { r.Header.Add("Content-Type", "text/plain") }), WrongRequest,
			"the signature is right, but the body was sent with Content-Type " +
				`"application/x-www-form-urlencoded; charset=utf-8, text/plain": ` +
				"a server reads a form only from application/x-www-form-urlencoded"},
		{"target", signed(), port.Answer{}, changed(func(r *stub.Request) { r.Target = "/s" }),
			WrongRequest, "the signature is right, but the path differs"},
		{"body", signed(), port.Answer{}, changed(func(r *stub.Request) { r.Body = "a=1" }),
			WrongRequest, `the signature is right, but the parameter "b" of the body differs`},
		{"no header", signed(), port.Answer{},
			changed(func(r *stub.Request) { r.Header.Del(signer.Header) }), WrongHeader,
			"the answer has no X-Auth-Signature among its headers (Content-Type)"},
		{"refused", signed(), port.Answer{Error: new("no")}, nil, Refused,
			"it refused an input that must be signed: no"},
		{"refusal", refusal(), port.Answer{Error: new("no")}, nil, "", ""},
		{"refusal, but sent", refusal(), port.Answer{Error: new("no")}, []stub.Request{right}, Accepted,
			"it refused the input, but sent a request"},
		{"accepted", refusal(), port.Answer{}, []stub.Request{right}, Accepted,
			"it signed an input that must be refused (key-file)"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Judge(c.vector, port.Reply{Answer: &c.answer, Base: base, Arrived: c.arrived})
			assert.Equal(t, c.fault, got.Fault)
			assert.Equal(t, c.detail, got.Detail)
		})
	}
}

// A client that connects but sends nothing is told so.
func TestJudgeConnectionWithoutRequest(t *testing.T) {
	reply := port.Reply{Answer: &port.Answer{}, Base: base, Connections: 1}
	got := Judge(signed(), reply)
	assert.Equal(t, "it connected to base_url, but sent no complete HTTP request", got.Detail)
}

// What arrived is judged first, then the signature, then the rest of the request.
func TestJudgeInOneDirection(t *testing.T) {
	wrong := func(r *stub.Request) {
		r.Header.Set(signer.Header, "x")
		r.Target = "/s"
	}
	reply := port.Reply{Answer: &port.Answer{}, Base: base, Arrived: changed(wrong)}
	assert.Equal(t, WrongToken, Judge(signed(), reply).Fault)
	reply.Arrived = append(reply.Arrived, reply.Arrived[0])
	got := Judge(signed(), reply)
	assert.Equal(t, WrongRequest, got.Fault)
	assert.Equal(t, "2 requests arrived instead of one: POST /s, POST /s", got.Detail)
}

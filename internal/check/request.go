package check

import (
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"

	"sigkit/internal/port"
	"sigkit/internal/stub"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// question is the line that a port is asked. A base that is not empty replaces the base URL.
func question(v vectors.Vector, base string) []byte {
	if base != "" {
		v.Input.BaseURL = &base
	}
	return v.AppendQuestion(nil)
}

// capturable reports whether a port can send the vector's request to a stand-in server: there must
// be a request, and the resource must not continue the host name.
func capturable(v *vectors.Vector) bool {
	if v.Expect.Error != "" {
		return true
	}
	return v.Expect.Request != nil &&
		(v.Input.Resource == "" || strings.ContainsAny(v.Input.Resource[:1], "/?#"))
}

// evidenceOf puts together what is judged. With a stand-in server in the place of the real one, the
// headers, URL and body that arrived there count, not those that the port claims.
func evidenceOf(v *vectors.Vector, r port.Reply) *evidence {
	e := &evidence{vector: v, want: v.Expect, got: r.Answer, reply: r}
	if r.Base == "" {
		return e
	}
	if v.Expect.Request != nil {
		want, in := *v.Expect, v.Input
		in.BaseURL = &r.Base
		want.Request = in.Expected().Request
		e.want = &want
	}
	if len(r.Arrived) == 0 || r.Answer.Error != nil || r.Answer.Unsupported != nil {
		return e
	}
	got, sent := *r.Answer, r.Arrived[0]
	got.URL, got.Body, got.Headers = new(r.Base+sent.Target), &sent.Body, nil
	for name, values := range sent.Header {
		for _, value := range values {
			got.Headers = append(got.Headers, wire.Header{Name: name, Value: value})
		}
	}
	slices.SortFunc(got.Headers, func(a, b wire.Header) int {
		return strings.Compare(a.Name, b.Name)
	})
	e.got = &got
	return e
}

// arrived judges what came to the stand-in server, if there was one: one request if the input must
// be signed, none if it must be refused.
func (e *evidence) arrived() finding {
	requests := e.reply.Arrived
	switch {
	case e.reply.Base == "":
	case e.got.Error != nil && len(requests) > 0 && e.want.Error != "":
		return finding{Accepted, "it refused the input, but sent a request"}
	case e.got.Error != nil || e.want.Error != "":
	case len(requests) == 0 && e.reply.Connections > 0:
		return finding{WrongRequest, "it connected to base_url, but sent no complete HTTP request"}
	case len(requests) == 0:
		detail := "no request arrived at base_url: with --capture the port must send it there"
		return finding{WrongRequest, detail}
	case len(requests) > 1:
		detail := fmt.Sprintf("%d requests arrived instead of one: %s",
			len(requests), requestLines(requests))
		return finding{WrongRequest, detail}
	}
	return finding{}
}

func requestLines(all []stub.Request) string {
	lines := make([]string, len(all))
	for i, r := range all {
		lines[i] = r.Method + " " + clipped(r.Target, 0)
	}
	return strings.Join(lines, ", ")
}

// sent judges the request, whose signature is right: URL and body by what a server decodes from
// them, and if it really arrived, its method and content type.
func (e *evidence) sent() finding {
	want := e.want.Request
	if want == nil || e.got.Error != nil {
		return finding{}
	}
	if e.got.URL != nil {
		if d := wire.CompareURL(want.URL, *e.got.URL); d != nil {
			return wrongRequest(d.Where + " differs")
		}
	}
	if e.got.Body != nil {
		if want.Body == nil && *e.got.Body != "" {
			return wrongRequest("there is a body, which only a POST has")
		}
		if d := wire.CompareBody(want.Body, e.got.Body); d != nil {
			return wrongRequest(d.Where + " differs")
		}
	}
	if len(e.reply.Arrived) > 0 {
		return sentOtherwise(want, e.reply.Arrived[0])
	}
	return finding{}
}

// sentOtherwise judges what is neither header, URL nor body.
func sentOtherwise(want *signer.Sent, sent stub.Request) finding {
	if sent.Method != want.Method {
		return wrongRequest(fmt.Sprintf("the request was sent with the method %s instead of %s",
			clipped(sent.Method, 0), want.Method))
	}
	if want.Method != http.MethodPost {
		return finding{}
	}
	given := sent.ContentType()
	if kind, _, err := mime.ParseMediaType(given); err != nil || kind != signer.FormType {
		return wrongRequest(fmt.Sprintf(
			"the body was sent with Content-Type %q: a server reads a form only from %s",
			clipped(given, 0), signer.FormType))
	}
	return finding{}
}

func wrongRequest(detail string) finding {
	return finding{WrongRequest, "the signature is right, but " + detail}
}

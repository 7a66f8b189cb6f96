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

// question is the line a port is asked; a base that is not empty takes the place of the base URL.
func question(v vectors.Vector, base string) []byte {
	if base != "" {
		v.Input.BaseURL = &base
	}
	return v.AppendQuestion(nil)
}

// capturable reports whether a port can send the vector's request to a stand-in: the resource must not run on where the host ends, and the request must have a form.
func capturable(v *vectors.Vector) bool {
	if v.Expect.Error != "" {
		return true
	}
	return v.Expect.Request != nil && (v.Input.Resource == "" || strings.ContainsAny(v.Input.Resource[:1], "/?#"))
}

// atStandIn returns what is wanted of a vector, and what was got, when a stand-in has taken the server's place: headers, URL and body are those that arrived there.
func atStandIn(v *vectors.Vector, r port.Reply) (*vectors.Expect, *port.Answer) {
	want, got := *v.Expect, *r.Answer
	if want.Request != nil {
		in := v.Input
		in.BaseURL = &r.Base
		want.Request = in.Expected().Request
	}
	if len(r.Arrived) == 0 || got.Error != nil || got.Unsupported != nil {
		return &want, &got
	}
	sent := r.Arrived[0]
	got.URL, got.Body, got.Headers = new(r.Base+sent.Target), &sent.Body, nil
	for name, values := range sent.Header {
		for _, value := range values {
			got.Headers = append(got.Headers, wire.Header{Name: name, Value: value})
		}
	}
	slices.SortFunc(got.Headers, func(x, y wire.Header) int { return strings.Compare(x.Name, y.Name) })
	return &want, &got
}

// arrivalFault looks at what arrived, if there was a stand-in: one request where the input is signed, none where it is refused.
func arrivalFault(v *vectors.Vector, got *port.Answer, r port.Reply) (port.Fault, string) {
	switch {
	case r.Base == "":
	case got.Error != nil && len(r.Arrived) > 0 && v.Expect.Error != "":
		return Accepted, "it refused the input and sent a request all the same"
	case got.Error != nil || v.Expect.Error != "":
	case len(r.Arrived) == 0 && r.Connections > 0:
		return WrongRequest, "it connected to base_url and sent no whole HTTP request"
	case len(r.Arrived) == 0:
		return WrongRequest, "no request arrived at base_url: with --capture the port must send it there"
	case len(r.Arrived) > 1:
		return WrongRequest, fmt.Sprintf("%d requests arrived where one is due: %s", len(r.Arrived), requestLines(r.Arrived))
	}
	return "", ""
}

func requestLines(all []stub.Request) string {
	lines := make([]string, len(all))
	for i, r := range all {
		lines[i] = r.Method + " " + clipped(r.Target, 0)
	}
	return strings.Join(lines, ", ")
}

// sentFault compares what is neither header, URL nor body.
func sentFault(want *signer.Sent, sent stub.Request) (port.Fault, string) {
	if sent.Method != want.Method {
		return WrongRequest, fmt.Sprintf("the signature is right, and the request was sent with the method %s, not %s", clipped(sent.Method, 0), want.Method)
	}
	if want.Method == http.MethodPost {
		given := sent.Header.Get("Content-Type")
		if kind, _, err := mime.ParseMediaType(given); err != nil || kind != "application/x-www-form-urlencoded" {
			return WrongRequest, fmt.Sprintf("the signature is right, and the body was sent with Content-Type %q: a server reads a form only from application/x-www-form-urlencoded", clipped(given, 0))
		}
	}
	return "", ""
}

// requestFault compares URL and body by what a server would decode from them.
func requestFault(want *signer.Sent, got *port.Answer) (port.Fault, string) {
	if want == nil {
		return "", ""
	}
	if got.URL != nil && !wire.SameURL(*got.URL, want.URL) {
		return WrongRequest, "the signature is right, and the URL would reach the server as something else"
	}
	if got.Body != nil && want.Body == nil && *got.Body != "" {
		return WrongRequest, "the signature is right, and there is a body, which only a POST has"
	}
	if got.Body != nil && want.Body != nil && !wire.SameForm(*got.Body, *want.Body) {
		return WrongRequest, "the signature is right, and the body would reach the server as something else"
	}
	return "", ""
}

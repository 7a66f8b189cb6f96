package check

import (
	"fmt"
	"strings"

	"sigkit/internal/mistake"
	"sigkit/internal/port"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// Outcome is what a vector came to.
type Outcome string

// The outcomes.
const (
	Pass        Outcome = "pass"
	Fail        Outcome = "fail"
	Error       Outcome = "error"       // the port could not be judged on this vector
	Unsupported Outcome = "unsupported" // the port said so
)

// The faults of a failure, in the order in which they are looked for. Those of an error are package
// port's.
const (
	Accepted     port.Fault = "accepted"      // signed what must be refused
	Refused      port.Fault = "refused"       // refused what must be signed
	WrongMessage port.Fault = "wrong-message" // the message returned is not the one to sign
	WrongHeader  port.Fault = "wrong-header"  // no X-Auth-Signature among the headers
	WrongToken   port.Fault = "wrong-token"   // the message is right or unknown, the token is not
	WrongRequest port.Fault = "wrong-request" // the signature is right, the request is another
)

// Side is one side of a comparison: what was wanted, or what came. Nil members are unknown.
type Side struct {
	HMACMsg     *string `json:"hmac_msg,omitempty"`
	Token       *string `json:"token,omitempty"`
	URL         *string `json:"url,omitempty"`
	Body        *string `json:"body,omitempty"`
	Error       *string `json:"error,omitempty"`
	Unsupported *string `json:"unsupported,omitempty"`
}

// Judge compares a reply with what the vector expects. It is a pure function.
func Judge(v *vectors.Vector, r port.Reply) Result {
	result := Result{
		ID: v.ID, Level: v.Level, Rule: v.Rule, Why: v.Why, Outcome: Pass,
		Want: wanted(v.Expect), Stderr: r.Stderr, Seconds: r.Elapsed.Seconds(),
	}
	if r.Answer == nil {
		result.Outcome, result.Fault, result.Detail = Error, r.Fault, r.Detail
		return result
	}
	want, got := v.Expect, r.Answer
	if r.Base != "" {
		want, got = atStandIn(v, r)
		result.Want = wanted(want)
	}
	if got.Unsupported != nil {
		result.Outcome, result.Detail = Unsupported, clipped(*got.Unsupported, 0)
	} else if result.Fault, result.Detail = firstFault(v, want, got, r); result.Fault != "" {
		result.Outcome = Fail
	}
	if result.Outcome == Pass {
		result.Want = Side{Error: result.Want.Error} // nothing differs, and a run of a million passes must fit into memory
	} else {
		token, _ := signature(got.Headers)
		result.Got = kept(Side{got.HMACMsg, token, got.URL, got.Body, got.Error, got.Unsupported}, result.Want)
	}
	return result
}

// firstFault looks at what arrived, at the answer, and at how the request was sent.
func firstFault(v *vectors.Vector, want *vectors.Expect, got *port.Answer, r port.Reply) (port.Fault, string) {
	f, detail := arrivalFault(v, got, r)
	if f == "" {
		f, detail = fault(v, want, got)
	}
	if f == "" && len(r.Arrived) > 0 && want.Request != nil {
		f, detail = sentFault(want.Request, r.Arrived[0])
	}
	return f, detail
}

// kept is what of an answer is kept: enough to compare it, but not all that a port may print.
func kept(got, want Side) Side {
	cut := func(got, want *string) *string {
		if got == nil {
			return nil
		}
		size := 0
		if want != nil {
			size = len(*want)
		}
		return new(clipped(*got, size))
	}
	return Side{
		HMACMsg: cut(got.HMACMsg, want.HMACMsg), Token: cut(got.Token, want.Token), URL: cut(got.URL, want.URL), Body: cut(got.Body, want.Body),
		Error: cut(got.Error, nil), Unsupported: cut(got.Unsupported, nil),
	}
}

// clipped cuts a text that is far longer than due.
func clipped(text string, due int) string {
	const more = 4096
	if len(text) <= due+more {
		return text
	}
	return fmt.Sprintf("%s\u2026 [%d bytes in all]", strings.ToValidUTF8(text[:due+more], ""), len(text))
}

func wanted(e *vectors.Expect) Side {
	if e.Error != "" {
		return Side{Error: &e.Error}
	}
	side := Side{HMACMsg: &e.HMACMsg, Token: &e.Token}
	if e.Request != nil {
		side.URL, side.Body = &e.Request.URL, e.Request.Body
	}
	return side
}

// signature returns the token among the headers, and how many headers claim to be it.
func signature(headers []wire.Header) (token *string, count int) {
	for i := range headers {
		if strings.EqualFold(headers[i].Name, signer.Header) {
			token = &headers[i].Value
			count++
		}
	}
	return token, count
}

func fault(v *vectors.Vector, want *vectors.Expect, got *port.Answer) (port.Fault, string) {
	token, tokens := signature(got.Headers)
	switch {
	case want.Error != "" && got.Error == nil:
		return Accepted, fmt.Sprintf("it signed an input that must be refused (%s)", want.Error)
	case want.Error != "":
		return "", ""
	case got.Error != nil:
		return Refused, fmt.Sprintf("it refused an input that must be signed: %s", clipped(*got.Error, 0))
	case got.HMACMsg != nil && *got.HMACMsg != want.HMACMsg:
		return WrongMessage, messageDetail(v, want, *got.HMACMsg, token)
	case tokens > 1:
		return WrongHeader, fmt.Sprintf("it gave %s %d times", signer.Header, tokens)
	case token == nil:
		return WrongHeader, headerDetail(got)
	case *token != want.Token:
		return WrongToken, tokenDetail(got.HMACMsg != nil)
	}
	return requestFault(want.Request, got)
}

func messageDetail(v *vectors.Vector, want *vectors.Expect, got string, token *string) string {
	at := firstDifference(want.HMACMsg, got)
	detail := fmt.Sprintf("the message differs from byte %d on, %s", at+1, mistake.Place(&v.Input, at))
	switch {
	case at == len(got):
		detail = fmt.Sprintf("the message ends after byte %d, %d bytes too early", at, len(want.HMACMsg)-at)
	case at == len(want.HMACMsg):
		detail = fmt.Sprintf("the message has %d bytes too many after byte %d", len(got)-at, at)
	}
	if token != nil && *token == want.Token {
		detail += "; the token is right all the same, so hmac_msg is not what was signed"
	}
	return detail
}

// firstDifference returns the index of the first byte in which a and b differ, or the length of the shorter one.
func firstDifference(a, b string) int {
	n := min(len(a), len(b))
	for i := range n {
		if a[i] != b[i] {
			return i
		}
	}
	return n
}

func headerDetail(got *port.Answer) string {
	if len(got.Headers) == 0 && len(got.Unknown) > 0 {
		return fmt.Sprintf("the answer has no headers, so no %s; members that are not known: %s", signer.Header, strings.Join(got.Unknown, ", "))
	}
	if len(got.Headers) == 0 {
		return "the answer has no headers, so no " + signer.Header
	}
	names := make([]string, len(got.Headers))
	for i, h := range got.Headers {
		names[i] = h.Name
	}
	return fmt.Sprintf("the answer has no %s among its headers (%s)", signer.Header, clipped(strings.Join(names, ", "), 0))
}

func tokenDetail(messageKnown bool) string {
	if messageKnown {
		return "the message is right and the token is not: look at the key, the hash and the base64"
	}
	return "the token differs; return hmac_msg too, and you will see whether it is the message"
}

package check

import (
	"fmt"
	"strings"

	"sigkit/internal/diagnose"
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
	WrongToken   port.Fault = "wrong-token"   // the message is right or unknown, the token is wrong
	WrongRequest port.Fault = "wrong-request" // the signature is right, the request is wrong
)

// finding is what one part of the judgement found. No fault means that the part is right.
type finding struct {
	fault  port.Fault
	detail string // what is wrong, in one sentence
}

// Judge compares a reply with what the vector expects: what arrived at the stand-in server, then
// what is signed, then what is sent. It is a pure function.
func Judge(v *vectors.Vector, r port.Reply) Result {
	result := Result{
		ID:      v.ID,
		Level:   v.Level,
		Rule:    v.Rule,
		Why:     v.Why,
		Outcome: Pass,
		Stderr:  r.Stderr,
		Seconds: r.Elapsed.Seconds(),
	}
	if r.Answer != nil && r.Answer.NotUTF8 != "" {
		r = port.Reply{Fault: port.Garbage, Detail: r.Answer.NotUTF8}
	}
	if r.Answer == nil {
		result.Outcome, result.Fault, result.Detail = Error, r.Fault, r.Detail
		result.Want = diagnose.Wanted(v.Expect)
		return result
	}
	r.Answer = shortened(v, r.Answer)
	e := evidenceOf(v, r)
	if e.got.Unsupported != nil {
		result.Outcome, result.Detail = Unsupported, clipped(*e.got.Unsupported, 0)
	} else if f := e.judge(); f.fault != "" {
		result.Outcome, result.Fault, result.Detail = Fail, f.fault, f.detail
	}
	if result.Outcome == Pass { // nothing differs, and a million passes must fit into memory
		result.Want = Side{Error: diagnose.Wanted(e.want).Error}
		return result
	}
	result.Want = diagnose.Wanted(e.want)
	result.Got = kept(e.got, result.Want)
	return result
}

// evidence is one answer with what was expected of it. With a stand-in server, want is what must
// arrive there, and got has the headers, URL and body that did arrive.
type evidence struct {
	vector *vectors.Vector
	want   *vectors.Expect
	got    *port.Answer
	reply  port.Reply
}

// judge returns the first thing that is wrong.
func (e *evidence) judge() finding {
	for _, part := range []func() finding{e.arrived, e.signed, e.sent} {
		if f := part(); f.fault != "" {
			return f
		}
	}
	return finding{}
}

// signed judges the signature.
func (e *evidence) signed() finding {
	token, tokens := signature(e.got.Headers)
	want, got := e.want, e.got
	switch {
	case want.Error != "" && got.Error == nil:
		detail := fmt.Sprintf("it signed an input that must be refused (%s)", want.Error)
		return finding{Accepted, detail}
	case want.Error != "":
		return finding{}
	case got.Error != nil:
		detail := "it refused an input that must be signed: " + clipped(*got.Error, 0)
		return finding{Refused, detail}
	case got.HMACMsg != nil && *got.HMACMsg != want.HMACMsg:
		return finding{WrongMessage, messageDetail(e.vector, want, *got.HMACMsg, token)}
	case tokens > 1:
		return finding{WrongHeader, fmt.Sprintf("it gave %s %d times", signer.Header, tokens)}
	case token == nil:
		return finding{WrongHeader, headerDetail(got)}
	case *token != want.Token:
		return finding{WrongToken, tokenDetail(got.HMACMsg != nil)}
	}
	return finding{}
}

// signature returns the token among the headers, and how many headers claim to be it.
func signature(headers []wire.Header) (token *string, count int) {
	values := wire.Values(headers, signer.Header)
	if len(values) == 0 {
		return nil, 0
	}
	return &values[len(values)-1], len(values)
}

// kept returns what of an answer is kept: enough to compare it, but not all that a port may print.
func kept(got *port.Answer, want Side) Side {
	cut := func(got, want *string) *string {
		switch {
		case got == nil:
			return nil
		case want == nil:
			return new(clipped(*got, 0))
		}
		return new(clipped(*got, len(*want)))
	}
	token, _ := signature(got.Headers)
	return Side{
		HMACMsg:     cut(got.HMACMsg, want.HMACMsg),
		Token:       cut(token, want.Token),
		URL:         cut(got.URL, want.URL),
		Body:        cut(got.Body, want.Body),
		Error:       cut(got.Error, nil),
		Unsupported: cut(got.Unsupported, nil),
	}
}

// clipMargin is how many bytes a text may be longer than expected before it is cut.
const clipMargin = 4096

// clipped cuts a text that is far longer than expected.
func clipped(text string, expected int) string {
	if len(text) <= expected+clipMargin {
		return text
	}
	start := strings.ToValidUTF8(text[:expected+clipMargin], "")
	return fmt.Sprintf("%s\u2026 [%d bytes in all]", start, len(text))
}

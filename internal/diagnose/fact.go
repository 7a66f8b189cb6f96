package diagnose

import (
	"fmt"
	"strings"

	"sigkit/internal/mistake"
	"sigkit/internal/wire"
	"sigkit/signer"
)

// kind says which part of an answer a fact is about.
type kind int

const (
	whole   kind = iota // refusal or token, where the message is not known
	message             // refusal or message
	token               // the token of the message that the port returned
	shape               // header name, length and alphabet of the token
	url
	body
)

// sent reports whether the fact is about what is sent, not about what is signed.
func (k kind) sent() bool { return k == url || k == body }

// fact is one part of an answer, which some set of mistakes reproduces or does not. A returned
// message makes two facts of a signature, so that mistakes in the message and in the token are
// found independently.
type fact struct {
	kind kind
	*Observation
	question *mistake.Question
	extra    bool // it was asked for the diagnosis, and is no part of the run
	shrunk   bool // it is the smallest of some failures, and so no evidence of its own

	right    bool   // the reference reproduces it
	refused  bool   // the reference refuses the input
	size     int    // bytes to sign, about
	affected bitset // mistakes that change the outcome when made alone
	known    map[bitset]bool
}

// outcome is what some steps make of a fact.
type outcome struct {
	refused bool
	name    string // of the header
	text    string // token, message, URL or body
}

// factsOf returns the facts of what is signed, and of what is sent.
func factsOf(observations []Observation) (signed, sent []*fact) {
	shapes := 0
	for i := range observations {
		o := &observations[i]
		q := mistake.NewQuestion(&o.Vector.Input)
		add := func(k kind) *fact {
			return &fact{
				kind:        k,
				Observation: o,
				question:    q,
				size:        len(o.Vector.Input.Data) + len(o.Vector.Input.Resource),
				known:       map[bitset]bool{},
			}
		}
		if o.Answer.HMACMsg == nil || o.Answer.Error != nil {
			signed = append(signed, add(whole))
		} else {
			signed = append(signed, add(message), add(token))
		}
		if o.Answer.Error == nil && o.Vector.Expect.Error == "" && shapes < maxShapes {
			signed = append(signed, add(shape))
			shapes++
		}
		if o.Answer.Error != nil || o.Vector.Expect.Request == nil {
			continue // there is no request to look at
		}
		if o.Answer.URL != nil {
			sent = append(sent, add(url))
		}
		if o.Answer.Body != nil {
			sent = append(sent, add(body))
		}
	}
	return signed, sent
}

// outcome returns what a port with these steps does.
func (f *fact) outcome(steps *mistake.Steps) outcome {
	switch f.kind {
	case whole:
		a := steps.Sign(f.question)
		return outcome{a.Refused, a.Header, a.Token}
	case message:
		a := steps.Sign(f.question)
		return outcome{refused: a.Refused, text: a.Message}
	case token:
		a := steps.TokenOf(f.question, *f.Answer.HMACMsg)
		return outcome{a.Refused, a.Header, a.Token}
	case shape:
		a := steps.TokenOf(f.question, f.Vector.Expect.HMACMsg)
		return outcome{a.Refused, strings.ToLower(a.Header), shapeOf(a.Token)}
	}
	sent := steps.Send(f.question)
	switch {
	case sent == nil:
		return outcome{refused: true}
	case f.kind == url:
		return outcome{text: sent.URL}
	case sent.Body != nil:
		return outcome{text: *sent.Body}
	}
	return outcome{}
}

// differ reports whether two outcomes of a fact differ.
func (f *fact) differ(a, b outcome) bool {
	if a.refused || b.refused {
		return a.refused != b.refused
	}
	switch f.kind {
	case url:
		return wire.CompareURL(a.text, b.text) != nil
	case body:
		return wire.CompareBody(&a.text, &b.text) != nil
	}
	return a != b
}

// reproduced reports whether an outcome is what was observed.
func (f *fact) reproduced(o outcome) bool {
	refuses := f.Answer.Error != nil
	if o.refused || refuses {
		return o.refused == refuses
	}
	switch f.kind {
	case message:
		return o.text == *f.Answer.HMACMsg
	case url:
		return wire.CompareURL(o.text, *f.Answer.URL) == nil
	case body:
		return wire.CompareBody(&o.text, f.Answer.Body) == nil
	case shape:
		return hasShape(f.Answer.Headers, o.name, o.text)
	}
	return hasToken(f.Answer.Headers, o.name, o.text)
}

// hasToken reports whether a token stands once in the header of a name, and nowhere else in a
// header that could be taken for the signature.
func hasToken(headers []wire.Header, name, token string) bool {
	found := 0
	for _, h := range headers {
		switch {
		case strings.EqualFold(h.Name, name):
			if found++; h.Value != token {
				return false
			}
		case strings.EqualFold(h.Name, signer.Header):
			return false
		}
	}
	return found == 1
}

// maxShapes is how many facts of kind shape are looked at: all of a port are the same.
const maxShapes = 12

// shapeOf returns length and alphabet of a token, and what stands around it. A wrong message
// changes none of this.
func shapeOf(token string) string {
	prefix := token[:strings.LastIndexByte(token, ' ')+1]
	word := strings.Trim(token, `b'" `+"\n")
	alphabet := "other"
	switch {
	case strings.Trim(word, "0123456789abcdef") == "":
		alphabet = "hex"
	case strings.Trim(word, "0123456789ABCDEF") == "":
		alphabet = "HEX"
	case strings.ToLower(word) == word:
		alphabet = "lower case"
	}
	ends := token
	if len(token) > 2 {
		ends = strings.Trim(token[:1]+token[len(token)-1:], alphanumeric)
	}
	return fmt.Sprintf("%s %d %s %q", prefix, len(token), alphabet, ends)
}

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/-_"

// hasShape reports whether a header of a name holds a token of a shape.
func hasShape(headers []wire.Header, name, shape string) bool {
	for _, h := range headers {
		if strings.EqualFold(h.Name, name) {
			return shapeOf(h.Value) == shape
		}
	}
	return false
}

// concerned reports whether a mistake can bear on facts of this kind at all, by the steps that it
// changes. It saves signing.
func (k kind) concerned(m *mistake.Mistake) bool {
	switch {
	case k == token || k == shape:
		return m.Changes(
			"Generation", "ReadFile", "MemberText", "MissingMember", "Secret", "InvalidKey", "StripKey",
			"KeyBytes", "Encode", "ChangeBytes", "MAC", "EncodeToken", "ChangeToken", "HeaderName")
	case k.sent():
		return m.Sends() || m.Changes(
			"Generation", "ReadFile", "MemberText", "MissingMember", "Secret", "InvalidKey", "StripEmail",
			"StripToken", "ChangeEmail", "AddTokens", "AddEmail", "EmailPlace")
	}
	return !m.Sends()
}

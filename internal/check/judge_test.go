package check

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sigkit/internal/port"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// vector is a vector of level core with an input and what the reference answers.
func vector(id string, in vectors.Input) *vectors.Vector {
	return &vectors.Vector{
		ID:     id,
		Level:  vectors.Core,
		Rule:   "r",
		Tags:   []string{"t"},
		Input:  in,
		Expect: new(in.Expected()),
	}
}

// signed is a vector that expects a token, refusal one that expects an error.
func signed() *vectors.Vector {
	return vector("g/signed", vectors.Input{
		Email:    new("user@example.com"),
		Key:      new("test-key"),
		Method:   "POST",
		Resource: "/r",
		Data:     []byte(`{"b":"x y","a":true}`),
	})
}

func refusal() *vectors.Vector {
	return &vectors.Vector{
		ID:     "g/refusal",
		Level:  vectors.Extended,
		Rule:   "s",
		Expect: &vectors.Expect{Error: "key-file"},
	}
}

// headers are the headers of an answer with one token.
func headers(token string) []wire.Header {
	return []wire.Header{{Name: signer.Header, Value: token}}
}

// rightHeaders are those of the right answer to signed.
func rightHeaders() []wire.Header { return headers(signed().Expect.Token) }

type judgement struct {
	name    string
	vector  *vectors.Vector
	answer  port.Answer
	outcome Outcome
	fault   port.Fault
	detail  string
}

func (c judgement) run(t *testing.T) {
	got := Judge(c.vector, port.Reply{Answer: &c.answer})
	assert.Equal(t, c.outcome, got.Outcome)
	assert.Equal(t, c.fault, got.Fault)
	assert.Equal(t, c.detail, got.Detail)
}

func TestJudgeRightAnswers(t *testing.T) {
	want := signed().Expect
	right := headers(want.Token)
	otherCase := []wire.Header{{Name: "x-AUTH-signature", Value: want.Token}}
	for _, c := range []judgement{
		{"header alone", signed(), port.Answer{Headers: otherCase}, Pass, "", ""},
		{"everything", signed(), port.Answer{
			Headers: right,
			HMACMsg: &want.HMACMsg,
			URL:     &want.Request.URL,
			Body:    want.Request.Body,
		}, Pass, "", ""},
		{"refusal", refusal(), port.Answer{Error: new("no")}, Pass, "", ""},
		{"unsupported", signed(), port.Answer{Unsupported: new("lists")}, Unsupported, "", "lists"},
	} {
		t.Run(c.name, c.run)
	}
}

func TestJudgeSignature(t *testing.T) {
	want := signed().Expect
	wrong := headers("x")
	for _, c := range []judgement{
		{"token", signed(), port.Answer{Headers: wrong}, Fail, WrongToken,
			"the token differs; return hmac_msg too, to see whether the message is wrong"},
		{"token with the right message", signed(), port.Answer{Headers: wrong, HMACMsg: &want.HMACMsg},
			Fail, WrongToken,
			"the message is right, but the token is not: check the key, the hash and the base64"},
		{"message", signed(),
			port.Answer{Headers: wrong, HMACMsg: new("POST/ra=true&b=x y&email=user@example.com")},
			Fail, WrongMessage,
			`the message differs from byte 9 on, in the value of "a", pair 1 of 3`},
		{"short message", signed(), port.Answer{Headers: wrong, HMACMsg: new("POST/r")},
			Fail, WrongMessage, "the message ends after byte 6 of 41"},
		{"long message", signed(), port.Answer{Headers: wrong, HMACMsg: new(want.HMACMsg + "\n")},
			Fail, WrongMessage, "the message goes on after byte 41, where it must end"},
		{"message with the right token", signed(),
			port.Answer{Headers: rightHeaders(), HMACMsg: new("")}, Fail, WrongMessage,
			"the message ends after byte 0 of 41; " +
				"but the token is right, so hmac_msg is not the message that was signed"},
		{"no headers", signed(), port.Answer{}, Fail, WrongHeader,
			"the answer has no headers, so no X-Auth-Signature"},
		{"no headers but unknown members", signed(), port.Answer{Unknown: []string{"token", "msg"}},
			Fail, WrongHeader,
			"the answer has no headers, so no X-Auth-Signature; its unknown members are: token, msg"},
		{"another header", signed(),
			port.Answer{Headers: []wire.Header{{Name: "Authorization", Value: want.Token}}},
			Fail, WrongHeader,
			"the answer has no X-Auth-Signature among its headers (Authorization)"},
		{"two headers", signed(), port.Answer{Headers: append(rightHeaders(), wrong...)},
			Fail, WrongHeader, "it gave X-Auth-Signature 2 times"},
		{"refused", signed(), port.Answer{Error: new("no")}, Fail, Refused,
			"it refused an input that must be signed: no"},
		{"accepted", refusal(), port.Answer{Headers: rightHeaders()}, Fail, Accepted,
			"it signed an input that must be refused (key-file)"},
	} {
		t.Run(c.name, c.run)
	}
}

// The signature is judged before the request.
func TestJudgeSignatureFirst(t *testing.T) {
	judgement{"", signed(), port.Answer{Headers: headers("x"), URL: new("https://h/")},
		Fail, WrongToken,
		"the token differs; return hmac_msg too, to see whether the message is wrong"}.run(t)
}

func TestJudgeFault(t *testing.T) {
	got := Judge(signed(), port.Reply{Fault: port.Timeout, Detail: "late", Stderr: "e"})
	assert.Equal(t, Error, got.Outcome)
	assert.Equal(t, port.Timeout, got.Fault)
	assert.Equal(t, "late", got.Detail)
	assert.Equal(t, "e", got.Stderr)
	assert.Equal(t, signed().Expect.HMACMsg, *got.Want.HMACMsg)
}

// What a port may print is kept only as far as it helps.
func TestHugeAnswersAreCut(t *testing.T) {
	huge := strings.Repeat("h", 1<<20)
	answer := &port.Answer{HMACMsg: &huge, Headers: headers(huge)}
	got := Judge(signed(), port.Reply{Answer: answer})
	assert.Less(t, len(*got.Got.HMACMsg)+len(*got.Got.Token), 10000)
	assert.True(t, strings.HasSuffix(*got.Got.Token, "hhh\u2026 [1048576 bytes in all]"))
}

// What is kept of an answer while it waits to be judged is bounded, and judged as the whole would
// be.
func TestShortened(t *testing.T) {
	v := signed()
	huge := v.Expect.HMACMsg + strings.Repeat("h", 2<<20)
	refused := &port.Answer{Error: &huge}
	assert.Less(t, len(*shortened(v, refused).Error), 10000)
	whole := &port.Answer{HMACMsg: &huge, URL: &huge, Body: &huge, Headers: headers(huge)}
	short := shortened(v, whole)
	kept := len(*short.HMACMsg) + len(*short.URL) + len(*short.Body) + len(short.Headers[0].Value)
	assert.Less(t, kept, 20000)
	assert.Equal(t, Judge(v, port.Reply{Answer: whole}), Judge(v, port.Reply{Answer: short}))
	assert.Contains(t, Judge(v, port.Reply{Answer: short}).Detail, "goes on after byte")
	right := &port.Answer{HMACMsg: &v.Expect.HMACMsg, Headers: headers(v.Expect.Token)}
	assert.Equal(t, right, shortened(v, right))
}

package check

import (
	"fmt"
	"net/url"
	"slices"
	"strings"

	"sigkit/internal/target"
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

// Fault is the code of a failure, or of an error (then one of package target's).
type Fault string

// The faults of a failure, in the order in which they are looked for.
const (
	Accepted     Fault = "accepted"      // signed what must be refused
	Refused      Fault = "refused"       // refused what must be signed
	WrongMessage Fault = "wrong-message" // the message returned is not the one to sign
	WrongHeader  Fault = "wrong-header"  // no X-Auth-Signature among the headers
	WrongToken   Fault = "wrong-token"   // the message is right or unknown, the token is not
	WrongRequest Fault = "wrong-request" // the signature is right, the request is another
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
func Judge(v *vectors.Vector, r target.Reply) Result {
	result := Result{
		ID: v.ID, Level: v.Level, Rule: v.Rule, Why: v.Why, Outcome: Pass,
		Want: wanted(v.Expect), Stderr: r.Stderr, Seconds: r.Elapsed.Seconds(),
	}
	if r.Answer == nil {
		result.Outcome, result.Fault, result.Detail = Error, Fault(r.Fault), r.Detail
		return result
	}
	token, tokens := signature(r.Answer.Headers)
	result.Got = Side{r.Answer.HMACMsg, token, r.Answer.URL, r.Answer.Body, r.Answer.Error, r.Answer.Unsupported}
	if r.Answer.Unsupported != nil {
		result.Outcome, result.Detail = Unsupported, *r.Answer.Unsupported
		return result
	}
	if result.Fault, result.Detail = fault(v.Expect, r.Answer, token, tokens); result.Fault != "" {
		result.Outcome = Fail
		return result
	}
	result.Got, result.Want = Side{}, Side{Error: result.Want.Error} // nothing differs, and a run of a million passes must fit into memory
	return result
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
func signature(headers []target.Header) (token *string, count int) {
	for i := range headers {
		if strings.EqualFold(headers[i].Name, signer.Header) {
			token = &headers[i].Value
			count++
		}
	}
	return token, count
}

func fault(want *vectors.Expect, got *target.Answer, token *string, tokens int) (Fault, string) {
	switch {
	case want.Error != "" && got.Error == nil:
		return Accepted, fmt.Sprintf("it signed an input that must be refused (%s)", want.Error)
	case want.Error != "":
		return "", ""
	case got.Error != nil:
		return Refused, fmt.Sprintf("it refused an input that must be signed: %s", *got.Error)
	case got.HMACMsg != nil && *got.HMACMsg != want.HMACMsg:
		return WrongMessage, messageDetail(want, *got.HMACMsg, token)
	case tokens > 1:
		return WrongHeader, fmt.Sprintf("it gave %s %d times", signer.Header, tokens)
	case token == nil:
		return WrongHeader, headerDetail(got.Headers)
	case *token != want.Token:
		return WrongToken, tokenDetail(got.HMACMsg != nil)
	}
	return requestFault(want.Request, got)
}

func messageDetail(want *vectors.Expect, got string, token *string) string {
	at := firstDifference(want.HMACMsg, got)
	detail := fmt.Sprintf("the message differs from byte %d on", at+1)
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

func headerDetail(headers []target.Header) string {
	if len(headers) == 0 {
		return "the answer has no headers, so no " + signer.Header
	}
	names := make([]string, len(headers))
	for i, h := range headers {
		names[i] = h.Name
	}
	return fmt.Sprintf("the answer has no %s among its headers (%s)", signer.Header, strings.Join(names, ", "))
}

func tokenDetail(messageKnown bool) string {
	if messageKnown {
		return "the message is right and the token is not: look at the key, the hash and the base64"
	}
	return "the token differs; return hmac_msg too, and you will see whether it is the message"
}

// requestFault compares URL and body by what a server would decode from them.
func requestFault(want *vectors.Request, got *target.Answer) (Fault, string) {
	if want == nil {
		return "", ""
	}
	if got.URL != nil && *got.URL != want.URL && decodedURL(*got.URL) != decodedURL(want.URL) {
		return WrongRequest, "the signature is right, and the URL would reach the server as something else"
	}
	if got.Body != nil && want.Body == nil && *got.Body != "" {
		return WrongRequest, "the signature is right, and there is a body, which only a POST has"
	}
	if got.Body != nil && want.Body != nil && *got.Body != *want.Body && !slices.Equal(decodedPairs(*got.Body), decodedPairs(*want.Body)) {
		return WrongRequest, "the signature is right, and the body would reach the server as something else"
	}
	return "", ""
}

// decodedURL is a URL as a server sees it: its target with path and query decoded.
func decodedURL(raw string) string {
	target, err := signer.Target(raw)
	if err != nil {
		return raw
	}
	authority, _, _ := strings.Cut(raw, "://")
	rest := raw[len(authority)+len("://"):]
	if end := strings.IndexAny(rest, "/?#"); end >= 0 {
		rest = rest[:end]
	}
	path, query, _ := strings.Cut(target, "?")
	if plain, err := url.PathUnescape(path); err == nil {
		path = plain
	}
	return strings.ToLower(authority+"://"+rest) + path + "?" + strings.Join(decodedPairs(query), "&")
}

// decodedPairs are the pairs of a form, decoded, each as text that no other pair has.
func decodedPairs(form string) []string {
	var pairs []string
	for part := range strings.SplitSeq(form, "&") {
		if part == "" {
			continue
		}
		key, value, _ := strings.Cut(part, "=")
		pairs = append(pairs, fmt.Sprintf("%q=%q", unescaped(key), unescaped(value)))
	}
	return pairs
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

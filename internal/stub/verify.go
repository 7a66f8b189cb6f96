package stub

import (
	"crypto/hmac"
	"fmt"
	"mime"
	"net/http"
	"strings"

	"sigkit/internal/wire"
	"sigkit/signer"
)

// Verifier checks the signature of requests from the wire alone, as the real server must. It knows
// one user.
type Verifier struct {
	Email string
	Token func(message string) string // see signer.Signer.Token
}

// Reason says why a request is refused.
type Reason string

// The reasons.
const (
	NoSignature    Reason = "no-signature"    // the header is missing, empty or given twice
	WrongType      Reason = "wrong-type"      // a body that is no form
	UnknownEmail   Reason = "unknown-email"   // it is missing, or not that of the key
	WrongSignature Reason = "wrong-signature" // the token is not that of the message
	NotRebuildable Reason = "not-rebuildable" // the token is right, the message cannot be rebuilt
)

// Verdict is the result of a check. Reason is empty if the request is accepted.
type Verdict struct {
	Reason  Reason
	Detail  string // in one sentence, with the fix
	Message string // that was built from the request
	Token   string // that came
}

// Check verifies a request.
func (v *Verifier) Check(r Request) Verdict {
	d := Verdict{Message: signer.Rebuild(r.Method, r.Target, r.Body)}
	tokens := r.Header.Values(signer.Header)
	if len(tokens) != 1 || tokens[0] == "" {
		d.Reason = NoSignature
		d.Detail = fmt.Sprintf("the request has %d headers %s; send one, with the token",
			len(tokens), signer.Header)
		return d
	}
	d.Token = tokens[0]
	if given := r.Header.Get("Content-Type"); r.Method == http.MethodPost && r.Body != "" {
		kind, _, err := mime.ParseMediaType(given)
		if err != nil || kind != "application/x-www-form-urlencoded" {
			d.Reason = WrongType
			d.Detail = fmt.Sprintf("the body has Content-Type %q; send the data form-encoded, "+
				"as application/x-www-form-urlencoded", given)
			return d
		}
	}
	v.checkSigner(r, &d)
	return d
}

// checkSigner checks the email and the token.
func (v *Verifier) checkSigner(r Request, d *Verdict) {
	switch email, given := v.email(r); {
	case !given:
		d.Reason = UnknownEmail
		d.Detail = "the request has no parameter email; " +
			"add the key file's to the data before signing and sending"
	case email != v.Email:
		d.Reason = UnknownEmail
		d.Detail = fmt.Sprintf("the request is of %q, and the key of %q; use the key file's email",
			email, v.Email)
	case !hmac.Equal([]byte(d.Token), []byte(v.Token(d.Message))):
		d.Reason = WrongSignature
		d.Detail = "the token is not that of the message which the server builds from the request"
	}
}

// email is the parameter email of a request. Where the resource has a query of its own, a second ?
// stands before the parameters.
func (v *Verifier) email(r Request) (email string, given bool) {
	_, form, _ := Split(r, false)
	_, other, _ := Split(r, true)
	for _, p := range append(wire.Pairs(form), wire.Pairs(other)...) {
		if p.Key == "email" {
			email, given = p.Value, true
		}
	}
	return email, given
}

// Split divides a request into its resource and its parameters: at the first ?, or at the last one,
// which is another one where two is true. The parameters of a POST are its body.
func Split(r Request, last bool) (resource, form string, two bool) {
	if r.Method == http.MethodPost {
		return r.Target, r.Body, false
	}
	first := strings.IndexByte(r.Target, '?')
	if first < 0 {
		return r.Target, "", false
	}
	at := strings.LastIndexByte(r.Target, '?')
	if !last {
		return r.Target[:first], r.Target[first+1:], at > first
	}
	return r.Target[:at], r.Target[at+1:], at > first
}

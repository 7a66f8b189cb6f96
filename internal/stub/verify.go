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
	UnknownEmail   Reason = "unknown-email"   // it is missing, given twice, or not that of the key
	WrongSignature Reason = "wrong-signature" // the token is not that of the message
	NotRebuildable Reason = "not-rebuildable" // the token is right, the message cannot be rebuilt
	BrokenBody     Reason = "broken-body"     // it is not all there
	TooLarge       Reason = "too-large"       // it has too many bytes or parameters
	Busy           Reason = "busy"            // other requests take the memory
)

// Verdict is the result of a check. Reason is empty if the request is accepted.
type Verdict struct {
	Reason  Reason
	Detail  string // in one sentence, with the fix
	Message string // that was built from the request
	Token   string // that came
}

// Check verifies a request. The message of a large one without a signature is not built: that takes
// memory, and anybody could ask for it.
func (v *Verifier) Check(r Request) (d Verdict) {
	tokens := r.Header.Values(signer.Header)
	without := len(tokens) != 1 || tokens[0] == ""
	if !without || len(r.Body) <= freeBody {
		d.Message = signer.Rebuild(r.Method, r.Target, r.Body)
	}
	if without {
		d.Reason = NoSignature
		d.Detail = fmt.Sprintf("the request has %d headers %s; send one, with the token",
			len(tokens), signer.Header)
		return d
	}
	d.Token = tokens[0]
	if given := r.ContentType(); r.Method == http.MethodPost && r.Body != "" && !isForm(given) {
		d.Reason = WrongType
		d.Detail = fmt.Sprintf("the body has Content-Type %q; send the data form-encoded, "+
			"as application/x-www-form-urlencoded", given)
		return d
	}
	v.checkSigner(r, &d)
	return d
}

// ContentType is the content type of a request: all of them where it has several, which is no form.
func (r Request) ContentType() string { return strings.Join(r.Header.Values("Content-Type"), ", ") }

func isForm(contentType string) bool {
	kind, _, err := mime.ParseMediaType(contentType)
	return err == nil && kind == signer.FormType
}

// checkSigner checks the email and the token. It does not tell the account's email to who does not
// know it.
func (v *Verifier) checkSigner(r Request, d *Verdict) {
	switch emails := v.emails(r); {
	case len(emails) == 0:
		d.Reason = UnknownEmail
		d.Detail = "the request has no parameter email; " +
			"add the key file's to the data before signing and sending"
	case len(emails) > 1:
		d.Reason = UnknownEmail
		d.Detail = "the request has several parameters email; send one, the key file's"
	case emails[0] != v.Email:
		d.Reason = UnknownEmail
		d.Detail = fmt.Sprintf("the request is of %q, and the key of somebody else; "+
			"use the key file's email", emails[0])
	case !hmac.Equal([]byte(d.Token), []byte(v.Token(d.Message))):
		d.Reason = WrongSignature
		d.Detail = "the token is not that of the message which the server builds from the request"
	}
}

// emails are the first two parameters email of a request. Where the resource has a query of its
// own, a second ? stands before the parameters.
func (v *Verifier) emails(r Request) (emails []string) {
	_, form, two := Split(r, false)
	forms := []string{form}
	if two {
		_, other, _ := Split(r, true)
		forms = append(forms, other)
	}
	for _, form := range forms {
		var inForm []string
		for p := range wire.EachPair(form) {
			if p.Key == "email" && len(inForm) < 2 {
				inForm = append(inForm, p.Value)
			}
		}
		if len(inForm) > len(emails) || len(inForm) == 1 {
			emails = inForm
		}
	}
	return emails
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

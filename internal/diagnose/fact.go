package diagnose

import (
	"strings"
	"unicode/utf8"

	"sigkit/internal/mistake"
	"sigkit/internal/wire"
	"sigkit/signer"
)

// kind says which part of an answer a fact is about.
type kind int

const (
	whole      kind = iota // refusal or token, where the message is not known
	message                // refusal or message
	token                  // the token of the message that the port returned
	headerName             // the name of the header with the signature
	around                 // what stands before and after the token
	alphabet               // length and alphabet of the token
	urlSent
	bodySent
)

// sent reports whether the fact is about what is sent, not about what is signed.
func (k kind) sent() bool { return k == urlSent || k == bodySent }

// fact is one part of an answer, which some set of mistakes reproduces or does not. A returned
// message makes two facts of a signature, so that mistakes in the message and in the token are
// found independently.
type fact struct {
	kind kind
	*Observation
	question *mistake.Question
	extra    bool // it was asked for the diagnosis, and is no part of the run
	beyond   bool // it is about a vector above the level of the run, and extra
	shrunk   bool // it is the smallest of some failures, and so no evidence of its own

	right    bool    // the reference reproduces it
	refused  bool    // the reference refuses the input
	size     int     // the work of signing it, in bytes
	due      outcome // that of the reference
	ofFile   bitset  // mistakes in how its file is read
	tried    bitset  // mistakes that were tried alone
	affected bitset  // those of them that change the outcome
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
	forms := 0
	for i := range observations {
		o := &observations[i]
		q := mistake.NewQuestion(&o.Vector.Input)
		add := func(k kind) *fact {
			return &fact{
				kind:        k,
				Observation: o,
				question:    q,
				size:        workOf(&o.Vector.Input),
				known:       map[bitset]bool{},
			}
		}
		if o.Answer.HMACMsg == nil || o.Answer.Error != nil {
			signed = append(signed, add(whole))
		} else {
			signed = append(signed, add(message), add(token))
		}
		_, _, found := signature(o.Answer.Headers)
		if found && o.Vector.Expect.Error == "" && forms < maxForms {
			signed = append(signed, add(headerName), add(around), add(alphabet))
			forms++
		}
		if o.Answer.Error != nil || o.Vector.Expect.Request == nil {
			continue // there is no request to look at
		}
		if o.Answer.URL != nil {
			sent = append(sent, add(urlSent))
		}
		if o.Answer.Body != nil {
			sent = append(sent, add(bodySent))
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
		if f.returns(steps, a.Message) {
			return outcome{refused: a.Refused, text: *f.Answer.HMACMsg}
		}
		return outcome{refused: a.Refused, text: returnable(steps, a.Message)}
	case token:
		if strings.Contains(*f.Answer.HMACMsg, lost) || steps.ChangesEncoding() {
			if a := steps.Sign(f.question); !a.Refused && f.returns(steps, a.Message) {
				return outcome{a.Refused, a.Header, a.Token}
			}
		}
		a := steps.TokenOf(f.question, *f.Answer.HMACMsg)
		return outcome{a.Refused, a.Header, a.Token}
	case headerName, around, alphabet:
		a := steps.TokenOf(f.question, f.Vector.Expect.HMACMsg)
		return outcome{refused: a.Refused, text: formOf(f.kind, a.Header, a.Token)}
	}
	sent := steps.Send(f.question)
	switch {
	case sent == nil:
		return outcome{refused: true}
	case f.kind == urlSent:
		return outcome{text: sent.URL}
	case sent.Body != nil:
		return outcome{text: *sent.Body}
	}
	return outcome{}
}

// lost stands in a returned message for an unpaired surrogate, which JSON cannot hold.
const lost = "\ufffd"

// returns reports whether the port returned a message in another form than it was signed: an
// unpaired surrogate got lost on its way, or the returned text is made of the encoded bytes.
func (f *fact) returns(steps *mistake.Steps, message string) bool {
	returned := *f.Answer.HMACMsg
	if steps.ChangesEncoding() && returned != message && utf8.ValidString(message) {
		encoded, err := steps.Encode(message)
		return err == nil && returned == string(encoded)
	}
	return strings.Contains(returned, lost) && !utf8.ValidString(message) &&
		returned == mistake.ReplaceSurrogates(message, lost)
}

// returnable is a message as a port can return it. JSON cannot hold an unpaired surrogate, so it is
// what the port makes of it when it encodes the message, if that is UTF-8.
func returnable(steps *mistake.Steps, message string) string {
	if utf8.ValidString(message) {
		return message
	}
	if encoded, err := steps.Encode(message); err == nil && utf8.Valid(encoded) {
		return string(encoded)
	}
	return mistake.ReplaceSurrogates(message, lost)
}

// differ reports whether two outcomes of a fact differ.
func (f *fact) differ(a, b outcome) bool {
	if a.refused || b.refused {
		return a.refused != b.refused
	}
	switch f.kind {
	case urlSent:
		return !sameURL(a.text, b.text)
	case bodySent:
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
	case urlSent:
		return sameURL(o.text, *f.Answer.URL)
	case bodySent:
		return wire.CompareBody(&o.text, f.Answer.Body) == nil
	case headerName, around, alphabet:
		name, value, ok := signature(f.Answer.Headers)
		return ok && o.text == formOf(f.kind, name, value)
	}
	return hasToken(f.Answer.Headers, o.name, o.text)
}

// sameURL reports whether two URLs are the same to a server, or would be if each # and each further
// ? were escaped: which pairs stand behind it depends on their order, and that is no mistake.
func sameURL(a, b string) bool {
	if wire.CompareURL(a, b) == nil {
		return true
	}
	oneA, oneB := inOneQuery(a), inOneQuery(b)
	return (oneA != a || oneB != b) && wire.CompareURL(oneA, oneB) == nil
}

var escapeMarks = strings.NewReplacer("#", "%23", "?", "%3F")

func inOneQuery(url string) string {
	path, query, found := strings.Cut(url, "?")
	if !found || !strings.ContainsAny(query, "#?") {
		return url
	}
	return path + "?" + escapeMarks.Replace(query)
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

// concerned reports whether a mistake can bear on facts of this kind at all, by the steps that it
// changes. It saves signing.
func (k kind) concerned(m *mistake.Mistake) bool {
	switch {
	case k == token || k.form():
		return m.ChangesToken()
	case k.sent():
		return m.ChangesSent()
	}
	return !m.Sends()
}

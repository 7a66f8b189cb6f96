package signer

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"sync"
	"unicode/utf8"
)

// Header is the name of the header that carries the token.
const Header = "X-Auth-Signature"

// Signer signs requests with one set of credentials. It is safe for concurrent use.
type Signer struct {
	credentials Credentials
	email       Member
	workspaces  sync.Pool
}

// New returns a signer. An error is of [KindInvalidUnicode]: the key cannot be encoded as UTF-8.
func New(c Credentials) (*Signer, error) {
	if !utf8.ValidString(c.Key.reveal()) {
		return nil, &Error{
			Kind:    KindInvalidUnicode,
			Where:   "key",
			Problem: "it contains an unpaired surrogate or invalid UTF-8",
			Fix:     "download the key file again",
		}
	}
	s := &Signer{credentials: c, email: Member{emailKey, String(c.Email)}}
	s.workspaces.New = func() any {
		return &workspace{mac: hmac.New(sha256.New, []byte(c.Key.reveal()))}
	}
	return s, nil
}

// Message returns the text that is signed for r (steps 2 to 7). The reference's dry run calls it
// hmac_msg. An error is an [*Error].
func (s *Signer) Message(r Request) (string, error) {
	w := s.borrow()
	defer s.giveBack(w)
	message, err := w.message(r, s.email)
	return string(message), err
}

// Sign returns the token of r, the value of [Header] (steps 2 to 8). An error is an [*Error].
func (s *Signer) Sign(r Request) (string, error) {
	w := s.borrow()
	defer s.giveBack(w)
	message, err := w.message(r, s.email)
	if err != nil {
		return "", err
	}
	return w.token(message), nil
}

// Token returns the token of a finished message (step 8): what a server computes for a message
// that it has rebuilt.
func (s *Signer) Token(message string) string {
	w := s.borrow()
	defer s.giveBack(w)
	w.built = append(w.built[:0], message...)
	return w.token(w.built)
}

// token is base64 of the HMAC-SHA256 of a message (rules token-hmac, token-base64).
func (w *workspace) token(message []byte) string {
	w.mac.Reset()
	w.mac.Write(message)
	w.text = base64.StdEncoding.AppendEncode(w.text[:0], w.mac.Sum(w.sum[:0]))
	return string(w.text)
}

package signer

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"hash"
	"sync"
	"unicode/utf8"
)

// Header is the name of the header that carries the token.
const Header = "X-Auth-Signature"

// Signer signs requests with one set of credentials. It is safe for concurrent use.
type Signer struct {
	credentials   Credentials
	email         Value
	baseHasNoPath bool
	pool          sync.Pool
}

// New returns a signer. The error is of [KindInvalidUnicode], for a key that has no UTF-8 form.
func New(c Credentials) (*Signer, error) {
	if !utf8.ValidString(c.Key.reveal()) {
		return nil, &Error{KindInvalidUnicode, "key", "it holds an unpaired surrogate or invalid UTF-8", "download the key file again"}
	}
	base, err := SplitURL(c.BaseURL)
	s := &Signer{
		credentials:   c,
		email:         String(c.Email),
		baseHasNoPath: err == nil && base.Server() == c.BaseURL,
	}
	s.pool.New = func() any { return &state{mac: hmac.New(sha256.New, []byte(c.Key.reveal()))} }
	return s, nil
}

// state is what one signature in progress needs.
type state struct {
	scratch
	rebuilder
	mac  hash.Hash
	sum  [sha256.Size]byte
	out  []byte
	text []byte
}

// Message returns the text that is signed for r (steps 2 to 7), which the reference's dry run shows as hmac_msg.
func (s *Signer) Message(r Request) (string, error) {
	st := s.pool.Get().(*state)
	defer s.pool.Put(st)
	if err := st.build(r, s.email); err != nil {
		return "", err
	}
	return string(st.message), nil
}

// Sign returns the token of r, the value of [Header] (steps 2 to 8).
func (s *Signer) Sign(r Request) (string, error) {
	st := s.pool.Get().(*state)
	defer s.pool.Put(st)
	if err := st.build(r, s.email); err != nil {
		return "", err
	}
	var token [44]byte
	return string(st.appendToken(token[:0])), nil
}

// Token returns the token of a message as it stands (step 8): what a server computes for a message that it has rebuilt.
func (s *Signer) Token(message string) string {
	st := s.pool.Get().(*state)
	defer s.pool.Put(st)
	st.message = append(st.message[:0], message...)
	var token [44]byte
	return string(st.appendToken(token[:0]))
}

// appendToken appends the token of the message that was built (step 8).
func (st *state) appendToken(dst []byte) []byte {
	st.mac.Reset()
	st.mac.Write(st.message)
	return base64.StdEncoding.AppendEncode(dst, st.mac.Sum(st.sum[:0]))
}

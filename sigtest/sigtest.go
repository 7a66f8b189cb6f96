// Package sigtest runs a signer written in Go through the vectors, inside its own `go test`, with
// one subtest for each vector:
//
//	func TestSignature(t *testing.T) {
//		sigtest.Run(t, func(in vectors.Input) (sigtest.Signature, error) {
//			message, token, err := mySign(in)
//			return sigtest.Signature{Token: token, Message: message}, err
//		})
//	}
//
// An error is a refusal, which is right if the vector expects one. Return [Unsupported] for what
// the signer cannot do. The package needs only the packages testing and vectors, so it adds no
// other dependency. It does not name mistakes: the command sigcheck does.
package sigtest

import (
	"errors"
	"fmt"
	"testing"

	"sigkit/vectors"
)

// Signature is what a port makes of an input. Message, the text that was signed, is optional and
// makes a failure clearer.
type Signature struct {
	Token   string // the value of X-Auth-Signature
	Message string
}

// Sign signs an input, or returns why it refuses to. A panic fails the vector.
type Sign func(vectors.Input) (Signature, error)

// Unsupported returns an error that says what a signer lacks: the vector is skipped, except at
// level core, where it fails.
func Unsupported(what string) error { return &unsupported{what} }

type unsupported struct{ what string }

func (u *unsupported) Error() string { return "unsupported: " + u.what }

// Run runs sign through all vectors of the levels core and extended. To choose others, use
// [Config].
func Run(t *testing.T, sign Sign) {
	t.Helper()
	Config{}.Run(t, sign)
}

// Config says which vectors to use. The zero value means the built-in ones up to level extended.
type Config struct {
	Level   vectors.Level    // the highest; extended if empty
	Vectors []vectors.Vector // the built-in ones if nil; see vectors.Load for those of a file
	Strict  bool             // what is unsupported fails at every level
}

// Run runs sign through the vectors, one subtest each, named by id. It fails if there is none.
func (c Config) Run(t *testing.T, sign Sign) {
	t.Helper()
	if c.Level == "" {
		c.Level = vectors.Extended
	}
	if c.Vectors == nil {
		c.Vectors = vectors.All()
	}
	asked := 0
	for _, v := range c.Vectors {
		if !c.Level.Includes(v.Level) {
			continue
		}
		asked++
		t.Run(v.ID, func(t *testing.T) { c.check(t, &v, sign) })
	}
	if asked == 0 {
		t.Errorf("no vector of level %s or below among %d", c.Level, len(c.Vectors))
	}
}

func (c Config) check(t *testing.T, v *vectors.Vector, sign Sign) {
	got, err := call(sign, v.Input)
	missing, isMissing := errors.AsType[*unsupported](err)
	if isMissing && v.Level != vectors.Core && !c.Strict {
		t.Skip(missing)
	}
	if problem := judge(v, got, err); problem != "" {
		t.Errorf("%s\nwhy this vector: %s", problem, v.Why)
	}
}

// judge says how an answer differs from what the vector expects. It returns "" if it does not.
func judge(v *vectors.Vector, got Signature, err error) string {
	crash, crashed := errors.AsType[*panicked](err)
	missing, isMissing := errors.AsType[*unsupported](err)
	switch want := v.Expect; {
	case crashed:
		return fmt.Sprintf("crashed: %v", crash)
	case isMissing:
		return fmt.Sprintf("%v, at level %s", missing, v.Level)
	case want.Error != "" && err == nil:
		return fmt.Sprintf("accepted: it signed an input that must be refused (%s)", want.Error)
	case want.Error != "":
		return ""
	case err != nil:
		return fmt.Sprintf("refused: it refused an input that must be signed: %v", err)
	case got.Message != "" && got.Message != want.HMACMsg:
		at := vectors.FirstDifference(want.HMACMsg, got.Message)
		return fmt.Sprintf("wrong-message: the message differs from byte %d on\nwant %q\ngot  %q",
			at+1, want.HMACMsg, got.Message)
	case got.Token != want.Token:
		return fmt.Sprintf("wrong-token: the token is %q, want %q\nmessage to sign: %q",
			got.Token, want.Token, want.HMACMsg)
	}
	return ""
}

// panicked is a panic of the signer. It is not a refusal.
type panicked struct{ value any }

func (p *panicked) Error() string { return fmt.Sprint(p.value) }

func call(sign Sign, in vectors.Input) (s Signature, err error) {
	defer func() {
		if value := recover(); value != nil {
			err = &panicked{value}
		}
	}()
	return sign(in)
}

// Package sigtest runs a signer written in Go through the vectors, inside its own `go test`, one subtest a vector:
//
//	func TestSignature(t *testing.T) {
//		sigtest.Run(t, func(in vectors.Input) (sigtest.Signature, error) {
//			message, token, err := mySign(in)
//			return sigtest.Signature{Token: token, Message: message}, err
//		})
//	}
//
// Any error is a refusal, which is right where a vector expects one; [Unsupported] is what a signer lacks. The package needs nothing but testing and the vectors, so it adds
// no other dependency to a port; what it cannot do, such as naming a mistake, the command sigcheck does.
package sigtest

import (
	"errors"
	"fmt"
	"testing"

	"sigkit/vectors"
)

// Signature is what a port makes of an input. Message, the text that was signed, is optional and makes a failure clearer.
type Signature struct {
	Token   string // the value of X-Auth-Signature
	Message string
}

// Sign signs an input, or returns why it refuses to. A panic fails the vector.
type Sign func(vectors.Input) (Signature, error)

// Unsupported returns an error that says what a signer lacks: the vector is skipped, except at level core, where it fails.
func Unsupported(what string) error { return &unsupported{what} }

type unsupported struct{ what string }

func (u *unsupported) Error() string { return "unsupported: " + u.what }

// Run runs sign through all vectors of the levels core and extended. To choose others, use [Config].
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
	lacks, lacking := errors.AsType[*unsupported](err)
	crash, crashed := errors.AsType[*panicked](err)
	switch want := v.Expect; {
	case crashed:
		t.Errorf("crashed: %v\nwhy this vector: %s", crash, v.Why)
	case lacking && v.Level != vectors.Core && !c.Strict:
		t.Skip(lacks)
	case lacking:
		t.Errorf("%v, at level %s\nwhy this vector: %s", lacks, v.Level, v.Why)
	case want.Error != "" && err == nil:
		t.Errorf("accepted: it signed an input that must be refused (%s)\nwhy this vector: %s", want.Error, v.Why)
	case want.Error != "":
	case err != nil:
		t.Errorf("refused: it refused an input that must be signed: %v\nwhy this vector: %s", err, v.Why)
	case got.Message != "" && got.Message != want.HMACMsg:
		at := firstDifference(want.HMACMsg, got.Message)
		t.Errorf("wrong-message: the message differs from byte %d on\nwhy this vector: %s\nwant %q\ngot  %q", at+1, v.Why, want.HMACMsg, got.Message)
	case got.Token != want.Token:
		t.Errorf("wrong-token: the token is %q, want %q\nwhy this vector: %s\nmessage to sign: %q", got.Token, want.Token, v.Why, want.HMACMsg)
	}
}

// panicked is a panic of the signer, which is no refusal.
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

func firstDifference(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

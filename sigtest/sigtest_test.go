package sigtest_test

import (
	"errors"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/sigtest"
	"sigkit/vectors"
)

// right signs as the reference does.
func right(in vectors.Input) (sigtest.Signature, error) {
	e := in.Expected()
	if e.Error != "" {
		return sigtest.Signature{}, errors.New(e.Error)
	}
	return sigtest.Signature{Token: e.Token, Message: e.HMACMsg}, nil
}

func TestRightSigner(t *testing.T) { sigtest.Run(t, right) }

func TestAllLevels(t *testing.T) {
	sigtest.Config{Level: vectors.Quirk, Strict: true}.Run(t, right)
}

// broken is a signer with one mistake, and what `go test` must print about it.
type broken struct {
	sign   sigtest.Sign
	config sigtest.Config
	output string // a regular expression
}

// signers are run by the test binary, which starts itself.
var signers = map[string]broken{
	"refuses": {
		sign:   func(vectors.Input) (s sigtest.Signature, err error) { return s, errors.New("no") },
		output: `refused: it refused an input that must be signed: no`,
	},
	"accepts": {
		sign:   func(vectors.Input) (s sigtest.Signature, err error) { return s, nil },
		output: `accepted: it signed an input that must be refused \(key-file\)`,
	},
	"one token": {
		sign: func(vectors.Input) (sigtest.Signature, error) {
			return sigtest.Signature{Token: "x"}, nil
		},
		output: `wrong-token: the token is "x", want "`,
	},
	"panics": {
		sign:   func(vectors.Input) (sigtest.Signature, error) { panic("boom") },
		output: `crashed: boom`,
	},
	"lower case": {
		sign:   lower,
		config: sigtest.Config{Level: vectors.Core},
		output: `wrong-message: the message differs from byte 1 on\n` +
			`.*want "GET/.*\n.*got .*\n.*why this vector: `,
	},
	"lacks core": {
		sign:   lacking(vectors.Core),
		output: `unsupported: everything, at level core`,
	},
	"lacks quirk": {
		sign:   lacking(vectors.Quirk),
		config: sigtest.Config{Level: vectors.Quirk},
		output: `sigtest.go:\d+: unsupported: everything`,
	},
	"strict": {
		sign:   lacking(vectors.Quirk),
		config: sigtest.Config{Level: vectors.Quirk, Strict: true},
		output: `unsupported: everything, at level quirk`,
	},
	"nothing": {
		sign:   right,
		config: sigtest.Config{Vectors: []vectors.Vector{}},
		output: `no vector of level extended or below among 0`,
	},
}

func lower(in vectors.Input) (sigtest.Signature, error) {
	s, err := right(in)
	s.Message = strings.ToLower(s.Message)
	return s, err
}

// lacking does not support what belongs to a level.
func lacking(level vectors.Level) sigtest.Sign {
	ids := map[string]bool{}
	for _, v := range vectors.All() {
		if v.Level == level {
			ids[string(v.Input.AppendJSON(nil))] = true
		}
	}
	return func(in vectors.Input) (sigtest.Signature, error) {
		if ids[string(in.AppendJSON(nil))] {
			return sigtest.Signature{}, sigtest.Unsupported("everything")
		}
		return right(in)
	}
}

const signerVariable = "SIGKIT_SIGTEST"

func TestBrokenSigner(t *testing.T) {
	broken, ok := signers[os.Getenv(signerVariable)]
	if !ok {
		t.Skip("run by TestFailuresAreReported")
	}
	broken.config.Run(t, broken.sign)
}

func TestFailuresAreReported(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	for name, broken := range signers {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(self, "-test.run", "^TestBrokenSigner$", "-test.v")
			cmd.Env = append(os.Environ(), signerVariable+"="+name)
			out, err := cmd.CombinedOutput()
			assert.Equal(t, name == "lacks quirk", err == nil, "exit code")
			assert.Regexp(t, regexp.MustCompile(broken.output), string(out))
		})
	}
}

// The package needs the standard library, the vectors and what they need, and nothing else.
func TestDependencies(t *testing.T) {
	format := "{{if not .Standard}}{{.ImportPath}}{{end}}"
	out, err := exec.Command("go", "list", "-deps", "-f", format, ".").Output()
	require.NoError(t, err)
	allowed := regexp.MustCompile(
		`^(github.com/go-json-experiment/json(/.*)?|sigkit/(signer|vectors|sigtest))$`)
	for path := range strings.Lines(string(out)) {
		assert.Regexp(t, allowed, strings.TrimSpace(path))
	}
}

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

func TestAllLevels(t *testing.T) { sigtest.Config{Level: vectors.Quirk, Strict: true}.Run(t, right) }

// signers are ports with a fault each, and what `go test` must say of them. The test binary runs itself to show it.
var signers = map[string]struct {
	sign   sigtest.Sign
	config sigtest.Config
	output string // a regular expression; a test that passes prints "ok"
}{
	"refuses":     {func(vectors.Input) (sigtest.Signature, error) { return sigtest.Signature{}, errors.New("no") }, sigtest.Config{}, `refused: it refused an input that must be signed: no`},
	"accepts":     {func(vectors.Input) (sigtest.Signature, error) { return sigtest.Signature{}, nil }, sigtest.Config{}, `accepted: it signed an input that must be refused \(key-file\)`},
	"one token":   {func(vectors.Input) (sigtest.Signature, error) { return sigtest.Signature{Token: "x"}, nil }, sigtest.Config{}, `wrong-token: the token is "x", want "`},
	"panics":      {func(vectors.Input) (sigtest.Signature, error) { panic("boom") }, sigtest.Config{}, `crashed: boom`},
	"lower case":  {lower, sigtest.Config{Level: vectors.Core}, `wrong-message: the message differs from byte 1 on\n.*why this vector: .*\n.*want "GET/`},
	"lacks core":  {lacking(vectors.Core), sigtest.Config{}, `unsupported: everything, at level core`},
	"lacks quirk": {lacking(vectors.Quirk), sigtest.Config{Level: vectors.Quirk}, `sigtest.go:\d+: unsupported: everything`},
	"strict":      {lacking(vectors.Quirk), sigtest.Config{Level: vectors.Quirk, Strict: true}, `unsupported: everything, at level quirk`},
	"nothing":     {right, sigtest.Config{Vectors: []vectors.Vector{}}, `no vector of level extended or below among 0`},
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
			ids[string(v.Input.Data)+v.Input.Resource] = true
		}
	}
	return func(in vectors.Input) (sigtest.Signature, error) {
		if ids[string(in.Data)+in.Resource] {
			return sigtest.Signature{}, sigtest.Unsupported("everything")
		}
		return right(in)
	}
}

const faultVariable = "SIGKIT_SIGTEST"

func TestFault(t *testing.T) {
	fault, ok := signers[os.Getenv(faultVariable)]
	if !ok {
		t.Skip("run by TestFaultsAreTold")
	}
	fault.config.Run(t, fault.sign)
}

func TestFaultsAreTold(t *testing.T) {
	self, err := os.Executable()
	require.NoError(t, err)
	for name, fault := range signers {
		t.Run(name, func(t *testing.T) {
			cmd := exec.Command(self, "-test.run", "^TestFault$", "-test.v")
			cmd.Env = append(os.Environ(), faultVariable+"="+name)
			out, err := cmd.CombinedOutput()
			assert.Equal(t, name == "lacks quirk", err == nil, "exit code")
			assert.Regexp(t, regexp.MustCompile(fault.output), string(out))
		})
	}
}

// Importing the package brings in the standard library, the vectors and what they need.
func TestDependencies(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "-f", "{{if not .Standard}}{{.ImportPath}}{{end}}", ".").Output()
	require.NoError(t, err)
	for path := range strings.Lines(string(out)) {
		path = strings.TrimSpace(path)
		assert.True(t, strings.HasPrefix(path, "github.com/go-json-experiment/json") || path == "sigkit/signer" || path == "sigkit/vectors" || path == "sigkit/sigtest", path)
	}
}

package signer_test

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/testport"
	"sigkit/signer"
)

const secret = "test-key-that-must-not-be-seen"

func newSigner(t testing.TB) *signer.Signer {
	s, err := signer.New(signer.Credentials{
		Email:   "user@example.com",
		Key:     signer.NewKey(secret),
		BaseURL: "https://host.example.com",
	})
	require.NoError(t, err)
	return s
}

func message(t testing.TB, data string) (string, error) {
	object, err := signer.ParseData([]byte(data))
	if err != nil {
		return "", err
	}
	return newSigner(t).Message(signer.Request{Method: "GET", Resource: "/r?", Data: object})
}

func TestMessageOf(t *testing.T) {
	for data, want := range map[string]string{
		`{}`:                     "",
		`{"a":[10,9,2]}`:         "a=2&a=9&a=10&",
		`{"a":[2,true,1.0,1]}`:   "a=True&a=1.0&a=1&a=2&",
		`{"a":[1e400,-1e400,5]}`: "a=-inf&a=5&a=inf&",
		`{"a":[9007199254740993,9007199254740992.0]}`:  "a=9007199254740992.0&a=9007199254740993&",
		`{"a":[[2],[1,5],[1]]}`:                        "a=[1]&a=[1, 5]&a=[2]&",
		`{"a":[[null],[null]]}`:                        "a=[None]&a=[None]&",
		`{"a":[[{"x":1}],[{"x":1.0}]]}`:                "a=[{'x': 1}]&a=[{'x': 1.0}]&",
		`{"a":{"y":1,"x":2,"y":3}}`:                    "a=y&a=x&",
		`{"a":1,"b":2,"a":3}`:                          "a=3&b=2&",
		`{"a":[],"b":""}`:                              "b=&",
		`{"a":-0,"b":-0.0,"c":1E5}`:                    "a=0&b=-0.0&c=100000.0&",
		`{"a":[["it's","say \"x\"","both'\""]]}`:       `a=["it's", 'say "x"', 'both\'"']&`,
		`{"a":[["\u00a0\u200b\n\ud83d\ud83d\ude00"]]}`: `a=['\xa0\u200b\n\ud83d` + "\U0001f600']&",
	} {
		t.Run(data, func(t *testing.T) {
			got, err := message(t, data)
			require.NoError(t, err)
			assert.Equal(t, "GET/r?"+want+"email=user@example.com", got)
		})
	}
}

// The package comment shows the texts that Example computes.
func TestDocShowsTheExample(t *testing.T) {
	doc, err := os.ReadFile("doc.go")
	require.NoError(t, err)
	code, err := os.ReadFile("example_test.go")
	require.NoError(t, err)
	_, output, ok := strings.Cut(string(code), "// Output:\n")
	require.True(t, ok)
	output, _, _ = strings.Cut(output, "}\n")
	for line := range strings.Lines(output) {
		text := strings.TrimPrefix(line, "\t// ")
		if !strings.HasPrefix(text, "hmac_msg") { // the message again
			assert.True(t, strings.Contains(string(doc), "//\t"+text), "doc.go lacks %q", text)
		}
	}
}

// The table in printable.go is that of Python, for every code point.
func TestPrintableAgreesWithPython(t *testing.T) {
	testport.TakesLong(t)
	script := `import unicodedata
if unicodedata.unidata_version == "14.0.0":
    for c in range(0x110000):
        if not 0xD800 <= c < 0xE000: print(repr(chr(c)).encode("utf-8").hex())`
	out, err := exec.Command("python3", "-c", script).Output()
	if err != nil || len(out) == 0 {
		t.Skipf("needs python3 with Unicode 14, which is CPython 3.11: %v", err)
	}
	lines := strings.Split(strings.TrimSpace(string(out)), "\n")
	i := 0
	for c := range rune(0x110000) {
		if c >= 0xD800 && c < 0xE000 {
			continue
		}
		got := signer.AppendRepr(nil, signer.String(string(c)))
		if want := lines[i]; fmt.Sprintf("%x", got) != want {
			t.Fatalf("U+%04X: got %x, want %s", c, got, want)
		}
		i++
	}
	assert.Len(t, lines, i)
}

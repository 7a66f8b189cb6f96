package signer_test

import (
	"errors"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/signer"
)

// failing is a text that is refused, with the error: kind, place, problem and fix.
type failing struct {
	text string
	kind signer.Kind
	want string
}

// assertRefused checks that an error is what a test wants, and that it shows no key.
func assertRefused(t *testing.T, want failing, err error) {
	t.Helper()
	refused, ok := errors.AsType[*signer.Error](err)
	require.True(t, ok, "%v", err)
	assert.Equal(t, want.kind, refused.Kind)
	assert.Equal(t, want.want, err.Error())
	assert.NotContains(t, err.Error(), secret)
}

var tooDeep = strings.Repeat("[", signer.MaxDepth) + strings.Repeat("]", signer.MaxDepth)

func TestErrorsOfData(t *testing.T) {
	for name, c := range map[string]failing{
		"a list": {
			`[1]`, signer.KindInvalidData,
			`data: it is a list, not an object; write the parameters as {"name": value}`,
		},
		"empty": {
			``, signer.KindInvalidData,
			"data, line 1, column 1: it is not valid JSON: it ends too early; complete it",
		},
		"cut": {
			"{\"a\":\n [1,", signer.KindInvalidData,
			"data, line 2, column 5: it is not valid JSON: it ends too early; complete it",
		},
		"one comma too many": {
			`{"a":1,}`, signer.KindInvalidData,
			"data, line 1, column 7: it is not valid JSON; correct it there",
		},
		"two values": {
			`{} {}`, signer.KindInvalidData,
			"data, line 1, column 5: more text follows the JSON value; remove it",
		},
		"NaN": {
			`{"a":NaN}`, signer.KindInvalidData,
			"data, line 1, column 6: it is not valid JSON; correct it there",
		},
		"byte order mark": {
			"\ufeff{}", signer.KindInvalidData,
			"data, line 1, column 1: it starts with a byte order mark; save it as UTF-8 without BOM",
		},
		"not UTF-8": {
			"{\"a\":\"\xff\"}", signer.KindInvalidData,
			"data, line 1, column 7: it is not valid UTF-8; save it as UTF-8",
		},
		"too deep": {
			`{"a":` + tooDeep + `}`, signer.KindTooDeep,
			"data, line 1, column 1006: lists and objects nest deeper than 1000; flatten the value",
		},
		"null beside text": {
			`{"a":["x",null]}`, signer.KindUnorderableList,
			`data["a"]: null and a string in it cannot be ordered; ` +
				`give it elements of one kind, strings or numbers`,
		},
		"two objects": {
			`{"a":[{},{}]}`, signer.KindUnorderableList,
			`data["a"]: an object and an object in it cannot be ordered; ` +
				`give it elements of one kind, strings or numbers`,
		},
		"surrogate in a value": {
			`{"a":"x\ud83d"}`, signer.KindInvalidUnicode,
			`data["a"]: an unpaired surrogate or invalid UTF-8 at byte 1; ` +
				`send text that can be encoded as UTF-8`,
		},
		"surrogate in a key": {
			`{"\udc00":1}`, signer.KindInvalidUnicode,
			`a key of data, "\xed\xb0\x80": an unpaired surrogate or invalid UTF-8 at byte 0; ` +
				`send text that can be encoded as UTF-8`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := message(t, c.text)
			assertRefused(t, c, err)
		})
	}
}

func TestErrorsOfKeyFiles(t *testing.T) {
	for name, c := range map[string]failing{
		"no key": {
			`{"email":"a"}`, signer.KindKeyFile,
			`key file: member "key" is missing; write "key": "…"`,
		},
		"key is a number": {
			`{"email":"a","key":1}`, signer.KindKeyFile,
			`key file: member "key" is an integer, not a string; write "key": "…"`,
		},
		"a number": {
			`1`, signer.KindKeyFile,
			`key file: it is an integer, not an object; write {"member": "value"}`,
		},
		"broken": {
			`{"email":"a","key":` + secret + `}`, signer.KindKeyFile,
			"key file, line 1, column 21: it is not valid JSON; correct it there",
		},
		"too deep": {
			`{"a":` + tooDeep + `}`, signer.KindKeyFile,
			"key file, line 1, column 1006: lists and objects nest deeper than 1000; flatten the value",
		},
		"surrogate in the key": {
			`{"email":"a","key":"k\ud800"}`, signer.KindKeyFile,
			`key file: member "key" contains an unpaired surrogate; write "key": "…"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			_, err := signer.ParseKeyFile(signer.LinuxLink, []byte(c.text))
			assertRefused(t, c, err)
		})
	}
}

func TestOtherErrors(t *testing.T) {
	_, err := newSigner(t).Sign(signer.Request{Method: "get"})
	assertRefused(t, failing{
		kind: signer.KindInvalidMethod,
		want: `method: "get" is not in upper-case letters; ` +
			`write it as GET, POST, PUT, PATCH or DELETE`,
	}, err)

	_, err = signer.ParseDashboardConfig(signer.LinuxLink, []byte(`{"folder":"f"}`))
	assertRefused(t, failing{
		kind: signer.KindDashboardConfig,
		want: `dashboard config: member "product" is missing; write "product": "…"`,
	}, err)

	_, err = signer.Target("/api/v1/x")
	assertRefused(t, failing{
		kind: signer.KindInvalidURL,
		want: `URL "/api/v1/x": it has no http or https scheme; ` +
			`give a base URL such as https://host.example.com`,
	}, err)

	_, err = signer.New(signer.Credentials{Key: signer.NewKey("k\xff")})
	assertRefused(t, failing{
		kind: signer.KindInvalidUnicode,
		want: `key: it contains an unpaired surrogate or invalid UTF-8; download the key file again`,
	}, err)
}

func TestDepthLimitIsReached(t *testing.T) {
	inner := signer.MaxDepth - 1 // the data object has depth 1
	_, err := message(t, `{"a":`+strings.Repeat("[", inner)+strings.Repeat("]", inner)+`}`)
	assert.NoError(t, err)
}

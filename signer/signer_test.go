package signer_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"log/slog"
	"os/exec"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/signer"
)

const secret = "test-key-that-must-not-be-seen"

func newSigner(t testing.TB) *signer.Signer {
	s, err := signer.New(signer.Credentials{Email: "user@example.com", Key: signer.NewKey(secret), BaseURL: "https://host.example.com"})
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
		`{"a":[9007199254740993,9007199254740992.0]}`:        "a=9007199254740992.0&a=9007199254740993&",
		`{"a":[[2],[1,5],[1]]}`:                              "a=[1]&a=[1, 5]&a=[2]&",
		`{"a":[[null],[null]]}`:                              "a=[None]&a=[None]&",
		`{"a":[[{"x":1}],[{"x":1.0}]]}`:                      "a=[{'x': 1}]&a=[{'x': 1.0}]&",
		`{"a":{"y":1,"x":2,"y":3}}`:                          "a=y&a=x&",
		`{"a":1,"b":2,"a":3}`:                                "a=3&b=2&",
		`{"a":[],"b":""}`:                                    "b=&",
		`{"a":-0,"b":-0.0,"c":1E5}`:                          "a=0&b=-0.0&c=100000.0&",
		`{"a":[["it's","say \"x\"","both'\""]]}`:             `a=["it's", 'say "x"', 'both\'"']&`,
		`{"a":[["\u00a0\u200b\n\ud83d\ud83d\ude00\u00e9"]]}`: `a=['\xa0\u200b\n\ud83d` + "\U0001f600\u00e9']&",
	} {
		t.Run(data, func(t *testing.T) {
			got, err := message(t, data)
			require.NoError(t, err)
			assert.Equal(t, "GET/r?"+want+"email=user@example.com", got)
		})
	}
}

// Every error says its kind, where, and what to do.
func TestErrors(t *testing.T) {
	deep := strings.Repeat("[", signer.MaxDepth) + strings.Repeat("]", signer.MaxDepth)
	for _, c := range []struct {
		name string
		do   func() error
		kind signer.Kind
		want string
	}{
		{"data is a list", data(t, `[1]`), signer.KindInvalidData, `data: it is a list, not an object; write the parameters as {"name": value}`},
		{"data is empty", data(t, ``), signer.KindInvalidData, "data, line 1, column 1: it is not valid JSON: it ends too early; complete it"},
		{"data is cut", data(t, "{\"a\":\n [1,"), signer.KindInvalidData, "data, line 2, column 5: it is not valid JSON: it ends too early; complete it"},
		{"data has a comma too many", data(t, `{"a":1,}`), signer.KindInvalidData, "data, line 1, column 7: it is not valid JSON; correct it there"},
		{"data and more", data(t, `{} {}`), signer.KindInvalidData, "data, line 1, column 5: more text follows the JSON value; remove it"},
		{"data has NaN", data(t, `{"a":NaN}`), signer.KindInvalidData, "data, line 1, column 6: it is not valid JSON; correct it there"},
		{"data has a BOM", data(t, "\ufeff{}"), signer.KindInvalidData, "data, line 1, column 1: it starts with a byte order mark; save it as UTF-8 without BOM"},
		{"data is not UTF-8", data(t, "{\"a\":\"\xff\"}"), signer.KindInvalidData, "data, line 1, column 7: it is not valid UTF-8; save it as UTF-8"},
		{"data is deep", data(t, `{"a":`+deep+`}`), signer.KindTooDeep, "data, line 1, column 1006: lists and objects nest deeper than 1000; flatten the value"},
		{"null beside text", data(t, `{"a":["x",null]}`), signer.KindUnorderableList, `data["a"]: null and a string in it cannot be ordered; give it elements of one kind, strings or numbers`},
		{"two objects", data(t, `{"a":[{},{}]}`), signer.KindUnorderableList, `data["a"]: an object and an object in it cannot be ordered; give it elements of one kind, strings or numbers`},
		{"surrogate in a value", data(t, `{"a":"x\ud83d"}`), signer.KindInvalidUnicode, `data["a"]: an unpaired surrogate or invalid UTF-8 at byte 1; send text that has a UTF-8 form`},
		{"surrogate in a key", data(t, `{"\udc00":1}`), signer.KindInvalidUnicode, `a key of data, "\xed\xb0\x80": an unpaired surrogate or invalid UTF-8 at byte 0; send text that has a UTF-8 form`},
		{"method in lower case", func() error {
			_, err := newSigner(t).Sign(signer.Request{Method: "get"})
			return err
		}, signer.KindInvalidMethod, `method: "get" is not in upper-case letters; write it as GET, POST, PUT, PATCH or DELETE`},
		{"no key", keyFile(`{"email":"a"}`), signer.KindKeyFile, `key file: member "key" is missing; write "key": "…"`},
		{"key is a number", keyFile(`{"email":"a","key":1}`), signer.KindKeyFile, `key file: member "key" is an integer, not a string; write "key": "…"`},
		{"key file is a number", keyFile(`1`), signer.KindKeyFile, `key file: it is an integer, not an object; write {"member": "value"}`},
		{"key file is broken", keyFile(`{"email":"a","key":` + secret + `}`), signer.KindKeyFile, "key file, line 1, column 21: it is not valid JSON; correct it there"},
		{"key file is deep", keyFile(`{"a":` + deep + `}`), signer.KindKeyFile, "key file, line 1, column 1006: lists and objects nest deeper than 1000; flatten the value"},
		{"no product", func() error {
			_, err := signer.ParseDashboardConfig(signer.LinuxLink, []byte(`{"folder":"f"}`))
			return err
		}, signer.KindDashboardConfig, `dashboard config: member "product" is missing; write "product": "…"`},
		{"no host", func() error { _, err := signer.Target("/api/v1/x"); return err }, signer.KindInvalidURL,
			`URL "/api/v1/x": it has no http or https scheme; give a base URL like https://host.example.com`},
	} {
		t.Run(c.name, func(t *testing.T) {
			err := c.do()
			fault, ok := errors.AsType[*signer.Error](err)
			require.True(t, ok, "%v", err)
			assert.Equal(t, c.kind, fault.Kind)
			assert.Equal(t, c.want, err.Error())
			assert.NotContains(t, err.Error(), secret)
		})
	}
}

func data(t testing.TB, text string) func() error {
	return func() error { _, err := message(t, text); return err }
}

func keyFile(text string) func() error {
	return func() error { _, err := signer.ParseKeyFile(signer.LinuxLink, []byte(text)); return err }
}

func TestDepthLimitIsReached(t *testing.T) {
	inner := signer.MaxDepth - 1 // the data object is the first
	_, err := message(t, `{"a":`+strings.Repeat("[", inner)+strings.Repeat("]", inner)+`}`)
	assert.NoError(t, err)
}

// The key stays hidden in whatever prints it, also deep inside of other things.
func TestKeyIsNeverShown(t *testing.T) {
	type holder struct {
		key    signer.Key
		Signer *signer.Signer
		inner  map[string]any
	}
	credentials := signer.Credentials{Email: "user@example.com", Key: signer.NewKey(secret)}
	s := newSigner(t)
	_, err := s.Sign(signer.Request{Method: "GET"}) // so that its pool is not empty
	require.NoError(t, err)
	var logged bytes.Buffer
	for _, v := range []any{credentials.Key, &credentials.Key, credentials, &credentials, s, &s, holder{credentials.Key, s, map[string]any{"c": credentials}}} {
		for _, verb := range []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p"} {
			assertHidden(t, verb, fmt.Sprintf(verb, v))
		}
		text, err := json.Marshal(v)
		assert.NoError(t, err)
		assertHidden(t, "json", string(text))
		for _, h := range []slog.Handler{slog.NewTextHandler(&logged, nil), slog.NewJSONHandler(&logged, nil)} {
			slog.New(h).Info("key", "value", v, "group", slog.GroupValue(slog.Any("k", v)))
		}
	}
	assertHidden(t, "slog", logged.String())
	assert.Contains(t, logged.String(), "[key]")
	assert.Equal(t, "[key]", fmt.Sprint(credentials.Key))
}

func assertHidden(t *testing.T, how, text string) {
	t.Helper()
	for _, form := range []string{secret, fmt.Sprintf("%x", secret), fmt.Sprintf("%X", secret), fmt.Sprint([]byte(secret))[1:20]} {
		assert.NotContains(t, text, form, "%s shows the key", how)
	}
}

// The order in which Python's table and ours say that a character is printable must not depend on the version of Go.
func TestPrintableIsPythons(t *testing.T) {
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

func TestTarget(t *testing.T) {
	for url, want := range map[string]string{
		"https://h.example.com":                   "/",
		"https://h.example.com?a=1":               "/?a=1",
		"https://h.example.com/a/./b/../c":        "/a/c",
		"https://h.example.com/a/..":              "/",
		"https://h.example.com/%7euser/%2f%c3%a9": "/~user/%2F%C3%A9",
		"https://h.example.com/100%/%20":          "/100%25/%2520",
		"https://h.example.com/a b?c d#e":         "/a%20b?c%20d",
		"https://h.example.com/a?":                "/a",
		"http://user:pw@[::1]:8080/a":             "/a",
		`https://h\a/b`:                           "/%5Ca/b", // as the reference's HTTP library sends it
	} {
		got, err := signer.Target(url)
		assert.NoError(t, err)
		assert.Equal(t, want, got, url)
	}
	for _, url := range []string{"", "/a", "ftp://h/a", "https:///a", "http://127.0.0.1:8080api/v1", "http://h:123456/", "http://[::1/a"} {
		_, err := signer.Target(url)
		assert.Error(t, err, url)
	}
}

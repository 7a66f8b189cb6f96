package port

import (
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/wire"
	"sigkit/schema"
)

func TestParseAnswer(t *testing.T) {
	const noObject = " came instead of a JSON object; logs belong on standard error"
	for text, want := range map[string]string{
		`{}`: "",
		`{"id":"a","headers":{"x-auth-signature":"t"},"hmac_msg":"m","url":"u","body":"b"}`: "",
		`{"error":"no"}`:             "",
		`{"id":null,"error":"no"}`:   "",
		`{"id":"","error":"no"}`:     "",
		`{"id":1}`:                   `member "id" of the answer is not a string`,
		` {"unsupported":"floats"} `: "",
		`{"token":"x","a":[{}]}`:     "",
		`{"headers":[]}`:             `member "headers" of the answer is not an object`,
		`{"headers":{"a":1}}`:        `member "a" of the answer is not a string`,
		`{"hmac_msg":null}`:          `member "hmac_msg" of the answer is not a string`,
		`{"id":"a"} {}`:              "more text follows the answer",
		`[1]`:                        "`[1]`" + noObject,
		`null`:                       "`null`" + noObject,
		"\n[1]\n{}":                  "`[1]`" + noObject,
		strings.Repeat("[", 100):     "`" + strings.Repeat("[", 80) + "`\u2026" + noObject,
		`{"a`:                        "the answer is not valid JSON at byte 4: unexpected EOF",
	} {
		assertParsed(t, text, want)
		assert.Equal(t, want == "", schema.Validate(schema.Answer, []byte(text)) == nil, text)
	}
	// The schema cannot see these.
	assertParsed(t, `{"id":"a","id":"b"}`,
		"the answer is not valid JSON at byte 11: duplicate object member name")
	assertParsed(t, "{\"hmac_msg\":\"\xff\"}",
		"the answer is not valid JSON at byte 14: invalid UTF-8")
	a, err := ParseAnswer([]byte(`{"hmac_msg":"a\ud83d"}`))
	assert.NoError(t, err)
	assert.Equal(t, "a\ufffd", *a.HMACMsg)
}

func TestParseAnswerThatIsNotUTF8(t *testing.T) {
	for bytes, looks := range map[string]string{
		"\xfc":         "0xfc looks like Latin-1 or Windows-1252",
		"\xed\xa0\xbd": "0xed looks like a surrogate, half of a character beyond U+FFFF",
	} {
		text := `{"id":"a","hmac_msg":"` + bytes + `","url":"u","headers":{"A":"b"}}`
		a, err := ParseAnswer([]byte(text))
		assert.NoError(t, err)
		assert.Equal(t, "the answer is not UTF-8 at byte 23: "+looks, a.NotUTF8)
		assert.Nil(t, a.HMACMsg)
		assert.Equal(t, "u", *a.URL)
		assert.Equal(t, []wire.Header{{Name: "A", Value: "b"}}, a.Headers)
	}
}

func assertParsed(t *testing.T, text, want string) {
	t.Helper()
	_, err := ParseAnswer([]byte(text))
	if want == "" {
		assert.NoError(t, err, text)
		return
	}
	assert.EqualError(t, err, want, text)
}

func TestParseOutput(t *testing.T) {
	for text, ok := range map[string]bool{
		"X-Auth-Signature: abc=\n":                 true,
		"\r\nX-Auth-Signature:abc=\r\nAccept: */*": true,
		`{"headers":{}}`:                           true,
		"Traceback (most recent call last): boom":  false,
		"hello":                                  false,
		"X-Auth-Signature: a\n{\"headers\": {}}": false,
		"{\"headers\":{}}\n{\"headers\":{}}":     false,
		"\xff\xfe":                               false,
	} {
		_, err := parseOutput([]byte(text))
		assert.Equal(t, ok, err == nil, "%q: %v", text, err)
	}
}

func FuzzParseOutput(f *testing.F) {
	f.Add([]byte(`{"id":"a","headers":{"X":"y"}}`))
	f.Add([]byte("X-Auth-Signature: abc"))
	f.Fuzz(func(t *testing.T, text []byte) {
		a, err := parseOutput(text)
		assert.Equal(t, err == nil, a != nil)
	})
}

// The names of a million members would take hundreds of megabytes, so they are not read.
func TestAnswerOfManyValues(t *testing.T) {
	var members strings.Builder
	for i := range 1_000_000 {
		fmt.Fprintf(&members, `,"a%d":0`, i)
	}
	for _, start := range []string{`{"x":0`, `{"x":{"y":0`} {
		text := start + members.String() + strings.Repeat("}", strings.Count(start, "{"))
		allocated := testing.AllocsPerRun(1, func() {
			_, err := ParseAnswer([]byte(text))
			assert.ErrorContains(t, err, "the answer has more than 20000 values")
		})
		assert.Less(t, allocated, 100.0)
	}
	_, err := ParseAnswer([]byte(`{"hmac_msg":"` + strings.Repeat(`,\",`, maxValues) + `"}`))
	assert.NoError(t, err, "commas in a text are no values")
}

// Header lines are bounded in number, and one of them does not keep all the others in memory.
func TestManyHeaderLines(t *testing.T) {
	_, err := parseOutput([]byte(strings.Repeat("X: y\n", maxHeaders+1)))
	assert.ErrorContains(t, err, "more than 1000 headers")
	const size = 4 << 20
	text := []byte("X: y\nY: " + strings.Repeat("y", size) + "\n")
	var kept []string
	var before, after runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&before)
	for range 20 {
		a, err := parseOutput(text)
		require.NoError(t, err)
		kept = append(kept, a.Headers[0].Value)
	}
	runtime.GC()
	runtime.ReadMemStats(&after)
	assert.Len(t, kept, 20)
	assert.Less(t, int(after.HeapAlloc)-int(before.HeapAlloc), 10*size)
}

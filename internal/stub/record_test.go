package stub

import (
	"bytes"
	"errors"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestRecorderHidesSecrets(t *testing.T) {
	var b bytes.Buffer
	header := http.Header{"X-Auth-Signature": {"secret"}, "Cookie": {"secret"}, "Accept": {"*/*"}}
	q := Request{Method: "GET", Target: "/r", Header: header}
	v := Verdict{Reason: WrongSignature, Detail: "why", Message: "GET/r", Token: "secret"}
	r := NewRecorder(&b)
	r.Record(time.Time{}, q, v, Explanation{Hint: "look"})
	r.Record(time.Time{}, Request{Method: "POST", Target: "/s"}, Verdict{Message: "m"}, Explanation{})
	assert.NoError(t, r.Err())
	assert.Equal(t, `{"time":"0001-01-01T00:00:00Z","method":"GET","target":"/r",`+
		`"headers":{"Accept":["*/*"],"Cookie":["[hidden]"],"X-Auth-Signature":["[hidden]"]},`+
		`"ok":false,"reason":"wrong-signature","detail":"why","hmac_msg":"GET/r","hint":"look"}`+"\n"+
		`{"time":"0001-01-01T00:00:00Z","method":"POST","target":"/s","headers":{},"ok":true}`+"\n",
		b.String())
	assert.Equal(t, "secret", header.Get("Cookie"), "the request itself is not changed")
}

type broken struct{}

func (broken) Write([]byte) (int, error) { return 0, errors.New("disk full") }

func TestRecorderKeepsErrors(t *testing.T) {
	r := NewRecorder(broken{})
	r.Record(time.Time{}, Request{}, Verdict{}, Explanation{})
	assert.EqualError(t, r.Err(), "disk full")
}

func TestReadFixtures(t *testing.T) {
	_, err := ReadFixtures([]string{"list.json"})
	assert.EqualError(t, err,
		`--fixture "list.json" is not of the form PATH=FILE: write /api/v1/x=answer.json`)
	_, err = ReadFixtures([]string{"/a=no-such-file"})
	assert.ErrorContains(t, err, "--fixture /a=no-such-file: no such file")
}

package port_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
)

// attached is a port that runs already and answers every question alike.
func attached(t *testing.T, answer http.HandlerFunc) port.Attach {
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	u, err := port.ParseURL(server.URL + "/sign")
	require.NoError(t, err)
	return port.Attach{URL: u, Config: port.Config{Timeout: 500 * time.Millisecond, StartTimeout: 500 * time.Millisecond}}
}

func TestAttach(t *testing.T) {
	asked := 0
	a := attached(t, func(w http.ResponseWriter, r *http.Request) {
		question, _ := io.ReadAll(r.Body)
		asked++
		assert.Equal(t, []string{"POST", "/sign", "application/json"}, []string{r.Method, r.URL.Path, r.Header.Get("Content-Type")})
		assert.True(t, strings.HasPrefix(string(question), fmt.Sprintf(`{"id":"q/%d",`, asked)), "%s", question)
		fmt.Fprintf(w, `{"id":"q/%d","headers":{}}`, asked)
	})
	faults, _, err := ask(t, a, questions(3))
	require.NoError(t, err)
	assert.Equal(t, map[string]port.Fault{"q/1": "", "q/2": "", "q/3": ""}, faults)
}

func TestAttachedPortsThatMisbehave(t *testing.T) {
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		fault  port.Fault
		detail string
	}{
		{"header lines", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "X-Auth-Signature: t") }, "", ""},
		{"refusal by status", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusBadRequest)
			fmt.Fprint(w, `{"error":"no"}`)
		}, "", ""},
		{"wrong path", http.NotFound, port.Garbage, "it answered with HTTP status 404: is the address right?"},
		{"redirect", func(w http.ResponseWriter, r *http.Request) {
			http.Redirect(w, r, "/other", http.StatusTemporaryRedirect)
		}, port.Garbage, "it answered with HTTP status 307: is the address right?"},
		{"broken", func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(http.StatusInternalServerError)
			fmt.Fprint(w, `{"error":"Traceback"}`)
		}, port.Crashed, "it answered with HTTP status 500"},
		{"empty", func(http.ResponseWriter, *http.Request) {}, port.NoAnswer, "the response, HTTP status 200, has no body"},
		{"garbage", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, "hello") }, port.Garbage, "`hello` came instead of a JSON object; logs belong on standard error"},
		{"other id", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprint(w, `{"id":"x"}`) }, port.Garbage, `it answered "x" where "q/1" was due: answers come once each, in the order of the questions`},
		{"hangs", func(_ http.ResponseWriter, r *http.Request) { _, _ = io.ReadAll(r.Body); <-r.Context().Done() }, port.Timeout, "no answer within 500ms; raise --timeout if the port is only slow"},
		{"breaks off", func(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }, port.Crashed, "it broke the connection: EOF"},
		{"floods", func(w http.ResponseWriter, _ *http.Request) {
			for block := make([]byte, 1<<20); ; {
				if _, err := w.Write(block); err != nil {
					return
				}
			}
		}, port.Flooded, "it printed more than 16 MiB for one answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, replies, err := ask(t, attached(t, c.answer), questions(1))
			require.NoError(t, err)
			assert.Equal(t, c.fault, replies["q/1"].Fault)
			assert.Equal(t, c.detail, replies["q/1"].Detail)
		})
	}
}

func TestAttachToNothing(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	u, err := port.ParseURL(server.URL)
	require.NoError(t, err)
	_, replies, err := ask(t, port.Attach{URL: u}, questions(3))
	assert.ErrorContains(t, err, "connecting to the port at "+server.URL)
	assert.Empty(t, replies)
	for _, bad := range []string{"", "port", "127.0.0.1:80", "ftp://h/", "http://"} {
		_, err := port.ParseURL(bad)
		assert.ErrorContains(t, err, "write it as http://127.0.0.1:8080/sign", bad)
	}
}

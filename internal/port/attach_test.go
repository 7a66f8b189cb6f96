package port_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os/exec"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
	"sigkit/internal/testport"
)

// attached is a port that runs already and answers every question in the same way.
func attached(t *testing.T, answer http.HandlerFunc) port.Attach {
	server := httptest.NewServer(answer)
	t.Cleanup(server.Close)
	u, err := port.ParseURL(server.URL + "/sign")
	require.NoError(t, err)
	return port.Attach{URL: u}
}

// echo answers with the id that the request names.
func echo(w http.ResponseWriter, r *http.Request) {
	fmt.Fprintf(w, `{"id":%q,"headers":{}}`, r.Header.Get(port.VectorHeader))
}

// Questions go out on several connections, each with its id, and answers belong to their questions.
func TestAttach(t *testing.T) {
	t.Parallel()
	var now, most atomic.Int32
	a := attached(t, func(w http.ResponseWriter, r *http.Request) {
		for n := now.Add(1); n > most.Load(); {
			most.Store(n)
		}
		defer now.Add(-1)
		question, _ := io.ReadAll(r.Body)
		assert.Equal(t, "POST /sign", r.Method+" "+r.URL.Path)
		assert.Equal(t, "application/json", r.Header.Get("Content-Type"))
		id := r.Header.Get("X-Sigcheck-Vector")
		assert.True(t, strings.HasPrefix(string(question), `{"id":"`+id+`",`), "%s", question)
		time.Sleep(5 * time.Millisecond)
		echo(w, r)
	})
	replies, err := ask(t, a, questions(100))
	require.NoError(t, err)
	assertAnswered(t, 100, replies)
	for id, r := range replies {
		assert.Equal(t, id, *r.Answer.ID)
	}
	assert.Greater(t, most.Load(), int32(1), "connections at a time")
	assert.LessOrEqual(t, most.Load(), int32(8))
}

// A port that takes one question at a time is not asked more than it can answer in time.
func TestAttachToASlowPort(t *testing.T) {
	t.Parallel()
	var one sync.Mutex
	a := attached(t, func(w http.ResponseWriter, r *http.Request) {
		one.Lock()
		defer one.Unlock()
		time.Sleep(250 * time.Millisecond)
		echo(w, r)
	})
	a.Timeout = 1500 * time.Millisecond // less than eight answers take
	replies, err := ask(t, a, questions(12))
	require.NoError(t, err)
	assertAnswered(t, 12, replies)
}

// pythonPort serves with one thread, as Python's http.server does unless told otherwise. It prints
// its port number first.
const pythonPort = `
import http.server, json, sys
class Port(http.server.BaseHTTPRequestHandler):
    protocol_version = sys.argv[1]
    def do_POST(self):
        question = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        answer = json.dumps({"id": question["id"], "headers": {}}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        self.wfile.write(answer)
    def log_message(self, *args): pass
server = http.server.HTTPServer(("127.0.0.1", 0), Port)
print(server.server_port, flush=True)
server.serve_forever()
`

// A server with one thread is asked over several connections, and none of them waits for ever.
func TestAttachToPython(t *testing.T) {
	t.Parallel()
	testport.NeedTool(t, "python3")
	for _, version := range []string{"HTTP/1.0", "HTTP/1.1"} {
		t.Run(version, func(t *testing.T) {
			t.Parallel()
			server := exec.CommandContext(t.Context(), "python3", "-c", pythonPort, version)
			stdout, err := server.StdoutPipe()
			require.NoError(t, err)
			require.NoError(t, server.Start())
			t.Cleanup(func() { _ = server.Process.Kill(); _ = server.Wait() })
			var number int
			_, err = fmt.Fscan(stdout, &number)
			require.NoError(t, err)
			u, err := port.ParseURL(fmt.Sprintf("http://127.0.0.1:%d/", number))
			require.NoError(t, err)
			began := time.Now()
			replies, err := ask(t, port.Attach{URL: u}, questions(300))
			require.NoError(t, err)
			assertAnswered(t, 300, replies)
			t.Logf("300 questions in %.2f s", time.Since(began).Seconds())
		})
	}
}

func TestAttachedPortsThatMisbehave(t *testing.T) {
	t.Parallel()
	status := func(code int, body string) http.HandlerFunc {
		return func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(code)
			fmt.Fprint(w, body)
		}
	}
	for _, c := range []struct {
		name   string
		answer http.HandlerFunc
		fault  port.Fault
		detail string
	}{
		{"header lines", status(200, "X-Auth-Signature: t"), "", ""},
		{"refusal by status", status(400, `{"error":"no"}`), "", ""},
		{
			"wrong path", http.NotFound, port.Garbage,
			"it answered with HTTP status 404: is the address right?",
		},
		{
			"redirect", http.RedirectHandler("/other", http.StatusTemporaryRedirect).ServeHTTP,
			port.Garbage, "it answered with HTTP status 307: is the address right?",
		},
		{
			"broken", status(500, `{"error":"Traceback"}`), port.Crashed,
			"it answered with HTTP status 500",
		},
		{"empty", status(200, ""), port.NoAnswer, "the response, HTTP status 200, has no body"},
		{
			"garbage", status(200, "hello"), port.Garbage,
			"`hello` came instead of a JSON object; logs belong on standard error",
		},
		{
			"other id", status(200, `{"id":"x"}`), port.Garbage,
			`it answered "x" where "q/1" was due: ` +
				"answers come once each, in the order of the questions",
		},
		{
			"hangs", hangUntilClosed, port.Timeout,
			"no answer within 500ms; raise --timeout if the port is only slow",
		},
		{"breaks off", breakOff, port.Crashed, "it broke the connection: EOF"},
		{"floods", flood, port.Flooded, "it printed more than 16 MiB for one answer"},
	} {
		t.Run(c.name, func(t *testing.T) {
			t.Parallel()
			a := attached(t, c.answer)
			if c.fault == port.Timeout {
				a.Timeout, a.StartTimeout = 500*time.Millisecond, 500*time.Millisecond
			}
			replies, err := ask(t, a, questions(1))
			require.NoError(t, err)
			assert.Equal(t, c.fault, replies["q/1"].Fault)
			assert.Equal(t, c.detail, replies["q/1"].Detail)
		})
	}
}

func hangUntilClosed(_ http.ResponseWriter, r *http.Request) {
	_, _ = io.ReadAll(r.Body)
	<-r.Context().Done()
}

func breakOff(http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }

func flood(w http.ResponseWriter, _ *http.Request) {
	for block := make([]byte, 1<<20); ; {
		if _, err := w.Write(block); err != nil {
			return
		}
	}
}

func TestAttachToNothing(t *testing.T) {
	server := httptest.NewServer(nil)
	server.Close()
	u, err := port.ParseURL(server.URL)
	require.NoError(t, err)
	replies, err := ask(t, port.Attach{URL: u}, questions(3))
	assert.ErrorContains(t, err, "connecting to the port at "+server.URL)
	assert.Empty(t, replies)
	for _, bad := range []string{"", "port", "127.0.0.1:80", "ftp://h/", "http://"} {
		_, err := port.ParseURL(bad)
		assert.ErrorContains(t, err, "write it as http://127.0.0.1:8080/sign", bad)
	}
}

// A server that switches to another protocol gives no answer, and what it sends is not read.
func TestAttachToAnotherProtocol(t *testing.T) {
	t.Parallel()
	a := attached(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Connection", "Upgrade")
		w.Header().Set("Upgrade", "websocket")
		w.WriteHeader(http.StatusSwitchingProtocols)
		conn, _, err := http.NewResponseController(w).Hijack()
		if assert.NoError(t, err) {
			t.Cleanup(func() { conn.Close() }) // open until the test ends
		}
	})
	replies, err := ask(t, a, questions(1))
	require.NoError(t, err)
	assert.Equal(t, port.Garbage, replies["q/1"].Fault)
	assert.Contains(t, replies["q/1"].Detail, "HTTP status 101")
}

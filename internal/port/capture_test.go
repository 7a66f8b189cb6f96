package port_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
	"sigkit/internal/testport"
)

// A port that answers but never sends its requests costs the long wait for a few questions only.
func TestCaptureOfAPortThatNeverSends(t *testing.T) {
	t.Parallel()
	began := time.Now()
	a := launch(t, "stream", "client-only-says", port.Config{Capture: true})
	replies, err := ask(t, a, questions(140))
	require.NoError(t, err)
	assertAnswered(t, 140, replies)
	assert.Less(t, time.Since(began), 20*time.Second, "140 long waits take 70 s")
}

// lateSender answers at once, and sends its request a while later.
const lateSender = `
import json, sys, threading, time, urllib.request
def send(url):
    time.sleep(0.1)
    urllib.request.urlopen(url).read()
for line in sys.stdin:
    print("{}", flush=True)
    send(json.loads(line)["base_url"])
`

// A port that does send is waited for, for every question.
func TestCaptureOfAPortThatSendsLate(t *testing.T) {
	t.Parallel()
	testport.NeedTool(t, "python3")
	a := port.Stream{Config: port.Config{
		Command: []string{"python3", "-c", lateSender},
		Capture: true,
	}}
	replies, err := ask(t, a, questions(8))
	require.NoError(t, err)
	for id, r := range replies {
		assert.Len(t, r.Arrived, 1, id)
	}
}

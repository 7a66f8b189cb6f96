package check

import (
	"bytes"
	"context"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// Whatever a port answers is judged, and passes only with the right token.
func FuzzJudge(f *testing.F) {
	f.Add(`{"headers":{"X-Auth-Signature":"x"},"hmac_msg":"POST/r","url":"%zz","body":"a=1&&=%"}`)
	f.Add(`{"error":"no"}`)
	f.Add(`{"unsupported":"::error::","headers":{}}`)
	f.Fuzz(func(t *testing.T, text string) {
		answer, err := port.ParseAnswer([]byte(text))
		if err != nil {
			return
		}
		signable, refused := signed(), refusal()
		if r := Judge(signable, port.Reply{Answer: answer}); r.Outcome == Pass {
			assert.Equal(t, []string{signable.Expect.Token}, wire.Values(answer.Headers, signer.Header))
		}
		if r := Judge(refused, port.Reply{Answer: answer}); r.Outcome == Pass {
			assert.NotNil(t, answer.Error)
		}
		observation(signable, port.Reply{Answer: answer}, true)
	})
}

// Whatever is read as a result is written and read again as the same, and every way to look at it
// agrees that it is the same.
func FuzzResult(f *testing.F) {
	config := Config{Asker: replies{}, Vectors: only("text/true"), Level: vectors.Core}
	run, err := config.Do(context.Background())
	require.NoError(f, err)
	text, err := run.Encode()
	require.NoError(f, err)
	f.Add(string(text))
	f.Add(strings.ReplaceAll(string(text), "text/true", "::error::"))
	f.Fuzz(func(t *testing.T, text string) {
		run, err := LoadRun("r", strings.NewReader(text))
		if err != nil {
			return
		}
		once, err := run.Encode()
		require.NoError(t, err)
		again, err := LoadRun("r", bytes.NewReader(once))
		require.NoError(t, err)
		twice, err := again.Encode()
		require.NoError(t, err)
		assert.Equal(t, string(once), string(twice))
		assert.Empty(t, NewDiff(run, again).Vectors)
		v := NewVerification("r", run, again)
		assert.Equal(t, len(v.Reasons) == 0, v.Holds)
		_, _ = JoinShards([]*Run{run})
		NewMatrix([]*Run{run, again})
	})
}

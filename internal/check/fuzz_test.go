package check

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sigkit/internal/port"
	"sigkit/internal/wire"
	"sigkit/signer"
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

package stub

import (
	"context"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sigkit/signer"
)

// Whatever arrives is answered, and no record or answer holds the key or the right token.
func FuzzRequest(f *testing.F) {
	f.Add("POST", "/x?product_token=abcd", "a=1&email=user%40example.com", "x", "text/plain")
	f.Add("GET", "*", "", "", "")
	f.Add("GET", "/a?b?c=d&%74est-key=%zz&email=", "{\"a\":\"test-key\"}", "test-key", ",;=")
	f.Fuzz(func(t *testing.T, method, target, body, token, contentType string) {
		const key = "test-key"
		var kept records
		server := NewVerifyingServer(Verifier{
			Email: "user@example.com", Token: testSigner(t, "").Token,
		})
		server.Record, server.Redact = kept.add, signer.NewKey(key).Redact
		server.Explain = func(context.Context, Request, Verdict) Explanation { return Explanation{} }
		r := httptest.NewRequestWithContext(t.Context(), "GET", "/", strings.NewReader(body))
		r.Method, r.RequestURI = method, target
		r.Header.Set(signer.Header, token)
		r.Header.Set("Content-Type", contentType)
		w := httptest.NewRecorder()
		server.ServeHTTP(w, r)
		assert.Contains(t, []int{200, 403, 413}, w.Code)
		right := server.Token(signer.Rebuild(method, target, body))
		for _, text := range []string{kept.text(), w.Body.String()} {
			assert.NotContains(t, text, key)
			assert.NotContains(t, text, right)
		}
	})
}

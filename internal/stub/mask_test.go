package stub

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/signer"
)

// No secret reaches a record or an answer, wherever a client puts it and however it escapes it.
func TestSecretsAreMasked(t *testing.T) {
	const key = "test-key" // that of the signer
	right := testSigner(t, "").Token("GET/x")
	other := strings.Repeat("aB3/", 10) + "xyz="
	for name, change := range map[string]func(*http.Request){
		"tokens": func(r *http.Request) {
			r.URL.RawQuery += "&product_token=s3cret-1&group_token=s3cret%2D1&folder%5Ftoken=s3cret-1"
		},
		"key in the query":     func(r *http.Request) { r.URL.RawQuery += "&x=a" + key },
		"key escaped":          func(r *http.Request) { r.URL.RawQuery += "&x=%74%65st-key" },
		"key escaped twice":    func(r *http.Request) { r.URL.RawQuery += "&x=%2574est-key" },
		"key in the path":      func(r *http.Request) { r.URL.Path = "/" + key },
		"key in a header":      func(r *http.Request) { r.Header.Set("X-Debug", "is "+key) },
		"key as type":          func(r *http.Request) { r.Header.Set("Content-Type", key) },
		"misspelt header":      func(r *http.Request) { r.Header.Set("X-Auth-Signatur", other) },
		"other header":         func(r *http.Request) { r.Header.Set("X-Other", other) },
		"signature in a query": func(r *http.Request) { r.URL.RawQuery += "&s=" + other },
		"password":             func(r *http.Request) { r.SetBasicAuth("user", "s3cret") },
		"right token":          func(r *http.Request) { r.Header.Set("X-T", right) },
	} {
		var kept records
		base, _ := verifying(t, func(g *VerifyingServer) {
			g.Record, g.Redact = kept.add, signer.NewKey(key).Redact
		})
		r := signed(t, base, "GET", "/x", `{"a": "1"}`)
		token := r.Header.Get(signer.Header)
		change(r)
		_, body := send(t, r)
		recorded := kept.text()
		require.NotEmpty(t, recorded)
		for _, text := range []string{recorded, body} {
			for _, secret := range []string{
				key, "st-key", "s3cret", right, other, token, "czNjcmV0",
			} {
				assert.NotContains(t, text, secret, name)
			}
		}
	}
}

// What is no secret stays readable.
func TestMaskLeavesTheRest(t *testing.T) {
	m := maskOf(Request{}, nil)
	assert.Equal(t, "/x?product_token=[hidden]&a=%26&b=c", m.text("/x?product_token=p&a=%26&b=c"))
}

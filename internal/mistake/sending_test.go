package mistake

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/vectors"
)

func TestSending(t *testing.T) {
	const data = `{"l": ["y", "x"], "e": [], "n": null, "t": true, "e+": 1}`
	for _, test := range []struct{ id, method, url, body string }{
		{"", "GET", "http://h/r?e%2B=1&email=a%2Bb&l=y&l=x&n=None&t=True", ""},
		{"", "POST", "http://h/r", "l=y&l=x&t=True&e%2B=1&email=a%2Bb"},
		{"sent-null-as-null", "POST", "http://h/r", "l=y&l=x&n=null&t=True&e%2B=1&email=a%2Bb"},
		{"sent-null-left-out", "GET", "http://h/r?e%2B=1&email=a%2Bb&l=y&l=x&t=True", ""},
		{"sent-booleans-as-digits", "POST", "http://h/r", "l=y&l=x&t=1&e%2B=1&email=a%2Bb"},
		{
			"sent-empty-lists-as-empty", "POST", "http://h/r",
			"l=y&l=x&e=&t=True&e%2B=1&email=a%2Bb",
		},
		{
			"sent-lists-comma-joined", "POST", "http://h/r",
			"l=y%2Cx&e=&t=True&e%2B=1&email=a%2Bb",
		},
		{
			"sent-lists-as-json", "POST", "http://h/r",
			"l=%5B%22y%22%2C%22x%22%5D&e=%5B%5D&t=True&e%2B=1&email=a%2Bb",
		},
		{
			"sent-lists-with-brackets", "POST", "http://h/r",
			"l%5B%5D=y&l%5B%5D=x&t=True&e%2B=1&email=a%2Bb",
		},
		{
			"sent-lists-with-indexes", "POST", "http://h/r",
			"l%5B0%5D=y&l%5B1%5D=x&t=True&e%2B=1&email=a%2Bb",
		},
		{"sent-email-unescaped", "POST", "http://h/r", "l=y&l=x&t=True&e%2B=1&email=a+b"},
		{
			"sent-in-body-of-put-patch-delete", "GET",
			"http://h/r?e%2B=1&email=a%2Bb&l=y&l=x&n=None&t=True", "",
		},
		{
			"sent-in-body-of-put-patch-delete", "DELETE", "http://h/r",
			"e%2B=1&email=a%2Bb&l=y&l=x&n=None&t=True",
		},
		{
			"sent-in-body-of-put-patch", "DELETE",
			"http://h/r?e%2B=1&email=a%2Bb&l=y&l=x&n=None&t=True", "",
		},
		{"sent-delete-without-data", "DELETE", "http://h/r", ""},
		{"base-url-slash-doubled", "POST", "http://h//r", "l=y&l=x&t=True&e%2B=1&email=a%2Bb"},
	} {
		set := Set{}
		if test.id != "" {
			set = Set{Find(test.id)}
		}
		sent := set.Steps().Send(NewQuestion(&vectors.Input{
			Email:    new("a+b"),
			Key:      new("k"),
			BaseURL:  new("http://h"),
			Method:   test.method,
			Resource: "/r",
			Data:     []byte(data),
		}))
		require.NotNil(t, sent, test.id)
		assert.Equal(t, test.url, sent.URL, "%s %s", test.id, test.method)
		body := ""
		if sent.Body != nil {
			body = *sent.Body
		}
		assert.Equal(t, test.body, body, "%s %s", test.id, test.method)
	}
}

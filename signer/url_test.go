package signer_test

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sigkit/signer"
)

func TestTarget(t *testing.T) {
	for url, want := range map[string]string{
		"https://h.example.com":                   "/",
		"https://h.example.com?a=1":               "/?a=1",
		"https://h.example.com/a/./b/../c":        "/a/c",
		"https://h.example.com/a/..":              "/",
		"https://h.example.com/.hidden/..x":       "/.hidden/..x",
		"https://h.example.com/%7euser/%2f%c3%a9": "/~user/%2F%C3%A9",
		"https://h.example.com/100%/%20":          "/100%25/%2520",
		"https://h.example.com/a b?c d#e":         "/a%20b?c%20d",
		"https://h.example.com/a?":                "/a",
		"http://user:pw@[::1]:8080/a":             "/a",
		`https://h\a/b`:                           "/%5Ca/b", // as the reference's HTTP library sends it
	} {
		got, err := signer.Target(url)
		assert.NoError(t, err)
		assert.Equal(t, want, got, url)
	}
	for _, url := range []string{
		"", "/a", "ftp://h/a", "https:///a", "http://127.0.0.1:8080api/v1", "http://h:123456/",
		"http://[::1/a",
	} {
		_, err := signer.Target(url)
		assert.Error(t, err, url)
	}
}

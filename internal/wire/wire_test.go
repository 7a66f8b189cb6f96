package wire

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestSameURL(t *testing.T) {
	for _, c := range []struct {
		a, b string
		same bool
	}{
		{"https://h/a?x=1", "https://h/a?x=1", true},
		{"HTTPS://H/%61?x=%31&", "https://h/a?x=1", true},
		{"https://h/a?x=a+b", "https://h/a?x=a%20b", true},
		{"https://h/a?x=1&y=2", "https://h/a?y=2&x=1", false},
		{"https://h/a/", "https://h/a", false},
		{"https://h/A", "https://h/a", false},
		{"https://h/b/../a", "https://h/a", true},
		{"http://h/a", "https://h/a", false},
		{"https://h:8443/a", "https://h/a", false},
		{"nothing", "nothing", true},
		{"nothing", "https://h/", false},
	} {
		assert.Equal(t, c.same, SameURL(c.a, c.b), "%s %s", c.a, c.b)
	}
}

func TestSameForm(t *testing.T) {
	assert.True(t, SameForm("a=x+y&b=", "a=x%20y&&b"))
	assert.False(t, SameForm("a=1&b=2", "b=2&a=1"))
	assert.False(t, SameForm("a=1", "a=1&a=1"))
	assert.False(t, SameForm("a=%2526", "a=%26"))
}

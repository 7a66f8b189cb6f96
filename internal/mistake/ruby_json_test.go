package mistake

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// What json 2.6.1 of Ruby 3.1.2 made of these texts. An empty text stands for a refusal.
func TestRubySurrogates(t *testing.T) {
	for text, want := range map[string]string{
		`["\ud800"]`:                "",
		`["a\ud800b"]`:              "",
		`["a\ud800bcdefgh"]`:        `["a?cdefgh"]`,
		`["\ud800\n"]`:              "",
		`["\ud800\n123456"]`:        `["?n123456"]`,
		`["\ud800\u0041"]`:          `["𐁁"]`,
		`["\ud800\ud801"]`:          `["𐀁"]`,
		`["\udbff\u0041b"]`:         `["􏱁b"]`,
		`["\ud800\\u0041"]`:         `["?\u0041"]`,
		`["\ud83d\ude00"]`:          `["😀"]`,
		`["\udc00x"]`:               `["\udc00x"]`,
		`["\udc00\ud800"]`:          "",
		`["\"\\","é\ud800bcdefgh"]`: `["\"\\","é?cdefgh"]`,
		`[1,"a"]`:                   `[1,"a"]`,
	} {
		got, ok := rubySurrogates(text)
		assert.Equal(t, want, got, text)
		assert.Equal(t, want != "", ok, text)
	}
}

package check

import (
	"bytes"
	"io"
	"net/url"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
	"sigkit/vectors"
)

// someRun is a run of two vectors that fail, with texts that JSON cannot hold as they are.
func someRun(t *testing.T) *Run {
	run, err := Config{
		Asker: replies{
			"api-calls/heartbeat": {
				Fault:  port.Crashed,
				Detail: "\xff<&>\u2028",
				Stderr: "a\x00\xed\xa0\x80",
			},
		},
		Vectors: only("api-calls/heartbeat", "text/true"),
		Version: "v1",
		Name:    "port",
	}.Do(t.Context())
	require.NoError(t, err)
	return run
}

// only yields the built-in vectors with some ids.
func only(ids ...string) func(func(vectors.Vector, error) bool) {
	return func(yield func(vectors.Vector, error) bool) {
		for _, v := range vectors.All() {
			for _, id := range ids {
				if v.ID == id && !yield(v, nil) {
					return
				}
			}
		}
	}
}

// A run that was saved and loaded is the one that was saved, and is saved as the same bytes again.
func TestLoadRun(t *testing.T) {
	saved, err := someRun(t).Saved()
	require.NoError(t, err)
	text, err := saved.Encode()
	require.NoError(t, err)
	loaded, err := LoadRun("r.json", bytes.NewReader(text))
	require.NoError(t, err)
	assert.Empty(t, cmp.Diff(saved, loaded))
	again, err := loaded.Encode()
	require.NoError(t, err)
	assert.Equal(t, string(text), string(again))
	first, err := someRun(t).Encode()
	require.NoError(t, err)
	saved.WithoutTimes()
	again, err = saved.Encode()
	require.NoError(t, err)
	assert.Contains(t, string(first), `"started"`)
	for _, member := range []string{`"started"`, `"seconds"`} {
		assert.NotContains(t, string(again), member)
	}
}

func TestLoadRunRefuses(t *testing.T) {
	text, err := someRun(t).Encode()
	require.NoError(t, err)
	for name, c := range map[string]struct{ old, new, err string }{
		"no JSON":    {`{`, ``, "r.json is no result of sigcheck: "},
		"vectors":    {`"sigkit-result/1"`, `"sigkit-vectors/1"`, "at /format: "},
		"counts":     {`"error": 2`, `"error": 1`, "contradicts itself: its counts"},
		"verdict":    {`"untested"`, `"conforms"`, `its verdict is "conforms", but 2 of its vectors`},
		"digest":     {`"digest": "`, `"digest": "0`, "at /digest: "},
		"level":      {`"id": "text/true"`, `"id": "text/false"`, "its digest is not that of"},
		"same twice": {`"id": "text/true"`, `"id": "api-calls/heartbeat"`, "is listed twice"},
	} {
		t.Run(name, func(t *testing.T) {
			require.Contains(t, string(text), c.old)
			other := strings.Replace(string(text), c.old, c.new, 1)
			_, err := LoadRun("r.json", strings.NewReader(other))
			assert.ErrorContains(t, err, c.err)
		})
	}
}

// blanks is an endless file.
type blanks struct{}

func (blanks) Read(p []byte) (int, error) {
	for i := range p {
		p[i] = ' '
	}
	return len(p), nil
}

func TestLoadRunIsBounded(t *testing.T) {
	if testing.Short() {
		t.Skip("reads 256 MiB")
	}
	_, err := LoadRun("r.json", io.Reader(blanks{}))
	assert.ErrorContains(t, err, "the result r.json has more than 256 MiB")
}

// The digest depends on what is asked and expected, and not on what is for people.
func TestDigest(t *testing.T) {
	v := vectors.All()[0]
	other := v
	other.Why, other.Rule, other.Tags = "x", "y", nil
	assert.Equal(t, Digest(&v), Digest(&other))
	other.Input.Method = "X"
	assert.NotEqual(t, Digest(&v), Digest(&other))
	level := v
	level.Level = vectors.Quirk
	assert.NotEqual(t, Digest(&v), Digest(&level))
}

// The command that asks a vector again has all that the answer depends on, and no password.
func TestReplay(t *testing.T) {
	address, err := url.Parse("http://user:secret@h:1/p?token=secret&secret")
	require.NoError(t, err)
	config := Config{Asker: replies{}, Vectors: only("text/true"), Attach: address}
	attached, err := config.Do(t.Context())
	require.NoError(t, err)
	attached.Mode = "attach"
	run := &Run{
		Command:   []string{"a b", "c"},
		Mode:      "exec",
		Level:     vectors.Core,
		Profile:   vectors.Vigiles,
		Capture:   true,
		Selection: Selected{Vectors: "v.json", Run: []string{"x"}},
	}
	assert.Equal(t, "sigcheck run --mode exec --level core --profile vigiles --vectors v.json "+
		"--capture --run x/y -- 'a b' c", run.Replay("x/y"))
	assert.Equal(t, "sigcheck run --attach 'http://user:xxxxx@h:1/p?token=xxxxx&xxxxx' "+
		"--level quirk --run x/y",
		attached.Replay("x/y"))
	assert.Empty(t, (&Run{Mode: "compare"}).Replay("x/y"))
	run.Selection.Random = &Random{}
	assert.Empty(t, run.Replay("x/y"))
}

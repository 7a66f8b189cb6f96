package diagnose

import (
	"bytes"
	"context"
	"encoding/binary"
	"fmt"
	"math/rand/v2"
	"runtime"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"

	"sigkit/signer"
	"sigkit/vectors"
)

// signedInput is a vector for some data, or for the text of a key file.
func signedInput(data string, keyFile *string) *vectors.Vector {
	v := &vectors.Vector{ID: "own/a", Level: vectors.Quirk, Input: vectors.Input{
		Method: "GET", Resource: "/api/v1/x", Data: []byte(data), KeyFile: keyFile,
	}}
	if keyFile == nil {
		v.Input.Email, v.Input.Key = new("user@example.com"), new("test-key-0123456789")
	}
	v.Expect = new(v.Input.Expected())
	return v
}

// Inputs that take long to sign are signed a few times in the two seconds of a search, not the
// hundreds of times that their length alone would allow.
func TestCostlyInputs(t *testing.T) {
	deep := strings.Repeat("[", 980) + "1" + strings.Repeat("]", 980)
	deepString := strings.Replace(deep, "1", fmt.Sprintf("%q", strings.Repeat("x", 1<<19)), 1)
	file := `{"email":"e","key":"k"` + strings.Repeat(`,"a":""`, 20_000) + `}`
	for name, v := range map[string]*vectors.Vector{
		"deep lists":         signedInput(`{"a":[`+strings.Repeat(deep+",", 300)+deep+`]}`, nil),
		"a deep string":      signedInput(`{"a":[`+deepString+`]}`, nil),
		"a large key file":   signedInput(`{}`, &file),
		"empty lists":        signedInput(`{"a":[`+strings.Repeat("[],", 100_000)+`[]]}`, nil),
		"many members":       signedInput(`{"a":{`+strings.Repeat(`"a":1,`, 100_000)+`"b":1}}`, nil),
		"a string of braces": signedInput(`{"a":"`+strings.Repeat("[", 1<<18)+`"}`, nil),
	} {
		b, cancel := newBound(t.Context(), searchLimit)
		times := b.left.Load() / int64(workOf(&v.Input))
		cancel()
		assert.Less(t, times, int64(50), name)
	}
}

// A search that finds something goes on as long again, but not for ever.
func TestBoundIsRenewed(t *testing.T) {
	b, cancel := newBound(t.Context(), searchLimit)
	defer cancel()
	part := &fact{size: int(b.share) * 2 / 3}
	for range maxShares {
		b.spend(part)
		assert.False(t, b.over())
		b.renew()
		assert.Equal(t, min(b.share, b.all.Load()), b.left.Load())
	}
	b.spend(part)
	b.spend(part)
	assert.True(t, b.over())
	b.renew()
	assert.True(t, b.over(), "what is over stays over")

	b, cancel = newBound(t.Context(), searchLimit)
	defer cancel()
	for range 10 * maxShares {
		b.spend(part)
		b.renew()
	}
	assert.True(t, b.over(), "all has a bound")
}

// FuzzDiagnose diagnoses ports with random mistakes that answer some vectors at random. Whatever
// they answer, a search does the work that it may, and the diagnosis agrees with itself.
func FuzzDiagnose(f *testing.F) {
	f.Add(uint64(1), uint8(2), uint8(10), `{"a":[[1],[2]]}`)
	f.Add(uint64(2), uint8(9), uint8(0), `{"a":[{"b":[null,1e5]},"é"],"a":true}`)
	f.Add(uint64(3), uint8(0), uint8(255), `{"a":"`+strings.Repeat("[", 5000)+`"}`)
	core := vectors.All()[:40]
	f.Fuzz(func(t *testing.T, seed uint64, mistakes, odd uint8, data string) {
		if _, err := signer.ParseData([]byte(data)); err != nil || !utf8.ValidString(data) {
			return // it is no vector
		}
		r := rand.New(rand.NewPCG(seed, 0))
		p := oddPort{newPort(seed%2 == 0, draw(r, int(mistakes%10))...), seed, odd}
		all := []*vectors.Vector{signedInput(data, nil), signedInput(`{}`, &data)}
		all[1].ID = "own/b"
		for i := range core {
			all = append(all, &core[i])
		}
		observations := p.ask(t.Context(), all)
		assertWork(t, observations)
		c := Config{Ask: p.ask, Shrink: true, Level: vectors.Quirk,
			SearchLimit: 20 * time.Millisecond, AskLimit: 20 * time.Millisecond}
		if d := c.Diagnose(t.Context(), observations); d != nil {
			assertAgrees(t, d, observations)
		}
	})
}

// oddPort answers some vectors with the token of something else, always in the same way.
type oddPort struct {
	*wrongPort
	seed uint64
	odd  uint8 // of 256 vectors
}

func (p oddPort) ask(ctx context.Context, all []*vectors.Vector) []Observation {
	observations := p.wrongPort.ask(ctx, all)
	for i := range observations {
		o := &observations[i]
		text := binary.BigEndian.AppendUint64(o.Vector.AppendQuestion(nil), p.seed)
		if h := hashOf(text); uint8(h) < p.odd && len(o.Answer.Headers) > 1 {
			o.Answer.Headers[1].Value = fmt.Sprintf("%x", h)
			o.Failed = true
		}
	}
	return observations
}

func hashOf(text []byte) (h uint64) {
	for _, c := range bytes.TrimSpace(text) {
		h = h*1_000_003 ^ uint64(c)
	}
	return h ^ h>>17
}

// assertWork asserts that a search ends when its work is done: each processor may be in the middle
// of one more signing.
func assertWork(t *testing.T, observations []Observation) {
	t.Helper()
	signed, _ := factsOf(observations)
	largest, done := 0, 0
	for _, f := range signed {
		largest = max(largest, f.size)
	}
	b, cancel := newBound(t.Context(), 20*time.Millisecond)
	defer cancel()
	may := int(b.left.Load())
	s := &search{relations: related(), bound: b}
	s.add(signed)
	s.best(s.state(bitset{}))
	for _, f := range s.facts {
		done += len(f.known) * f.size
	}
	over := runtime.GOMAXPROCS(0) * largest
	assert.GreaterOrEqual(t, int(b.left.Load()), -over)
	assert.LessOrEqual(t, done, may+over)
}

// assertAgrees asserts what is true of every diagnosis.
func assertAgrees(t *testing.T, d *Diagnosis, observations []Observation) {
	t.Helper()
	failed := map[string]bool{}
	for _, o := range observations {
		failed[o.Vector.ID] = failed[o.Vector.ID] || o.Failed
	}
	assert.LessOrEqual(t, d.Explained, d.Failures)
	assert.Equal(t, d.Explained, d.Signed+d.Sent)
	for _, finding := range d.Findings {
		assert.NotEmpty(t, finding.Mistakes)
		if finding.Confidence == Certain {
			assert.Empty(t, finding.Against)
		}
		for _, id := range finding.Explains {
			assert.True(t, failed[id], id)
		}
	}
	for _, u := range d.Unexplained {
		for _, id := range u.Vectors {
			assert.True(t, failed[id], id)
		}
	}
}

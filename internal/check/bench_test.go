package check_test

import (
	"bytes"
	"context"
	"fmt"
	"testing"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/internal/random"
	"sigkit/vectors"
)

// instant is an asker that answers at once, so that the pipes are not measured.
type instant struct{ answers map[string][]byte }

func (i instant) Ask(
	_ context.Context, questions <-chan port.Question, reply func(port.Question, port.Reply),
) error {
	for q := range questions {
		answer, err := port.ParseAnswer(i.answers[q.ID])
		if err != nil {
			return err
		}
		reply(q, port.Reply{Answer: answer})
	}
	return nil
}

func (instant) Mode() (name, note string) { return "stream", "" }

// BenchmarkVector is one vector: its line is read, the question made, the answer read and judged.
func BenchmarkVector(b *testing.B) {
	var lines []byte
	answers := map[string][]byte{}
	g := random.New(1, vectors.Extended)
	for n := range uint64(1000) {
		line := g.Append(nil, n)
		parsed, err := vectors.ParseLine("random", 1, line)
		if err != nil {
			b.Fatal(err)
		}
		lines = append(lines, line...)
		e := parsed.Vector.Expect
		answers[parsed.Vector.ID] = fmt.Appendf(nil,
			`{"id":%q,"headers":{"X-Auth-Signature":%q},"hmac_msg":%s,"url":%s}`+"\n",
			parsed.Vector.ID, e.Token,
			vectors.AppendString(nil, e.HMACMsg), vectors.AppendString(nil, e.Request.URL))
	}
	all := func(yield func(vectors.Vector, error) bool) {
		for line, err := range vectors.Stream("random", bytes.NewReader(lines)) {
			if !yield(line.Vector, err) {
				return
			}
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		run, err := check.Config{Asker: instant{answers}, Vectors: all}.Do(b.Context())
		if err != nil || run.Verdict != check.Conforms {
			b.Fatal(err, run.Verdict)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/vector")
}

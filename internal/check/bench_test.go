package check_test

import (
	"bytes"
	"context"
	"testing"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/internal/random"
	"sigkit/vectors"
)

// instant is an asker that answers at once, so that what is measured is all the work of sigcheck but the pipes.
type instant struct{ answers map[string][]byte }

func (i instant) Ask(_ context.Context, questions <-chan port.Question, reply func(port.Question, port.Reply)) error {
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

// BenchmarkVector is one vector: reading its line, making the question, reading the answer, judging it.
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
		answers[parsed.Vector.ID] = []byte(`{"id":"` + parsed.Vector.ID + `","headers":{"X-Auth-Signature":"` + e.Token + `"},"hmac_msg":` + string(vectors.AppendString(nil, e.HMACMsg)) +
			`,"url":` + string(vectors.AppendString(nil, e.Request.URL)) + `}` + "\n")
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

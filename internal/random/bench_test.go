package random

import (
	"crypto/hmac"
	"crypto/sha256"
	"testing"

	"sigkit/vectors"
)

// BenchmarkVectors makes random vectors. Compare with BenchmarkBareHMAC, the least that signing
// their messages can cost.
func BenchmarkVectors(b *testing.B) {
	g := New(7, vectors.Extended)
	var line []byte
	n := uint64(0)
	b.ReportAllocs()
	for b.Loop() {
		line = g.Append(line[:0], n)
		n++
	}
}

func BenchmarkBareHMAC(b *testing.B) {
	messages := make([][]byte, 4096)
	g := New(7, vectors.Extended)
	for n := range messages {
		line, err := vectors.ParseLine("random", n, g.Append(nil, uint64(n)))
		if err != nil {
			b.Fatal(err)
		}
		messages[n] = []byte(line.Vector.Expect.HMACMsg)
	}
	mac := hmac.New(sha256.New, []byte("test-key"))
	var sum []byte
	n := 0
	b.ReportAllocs()
	for b.Loop() {
		mac.Reset()
		mac.Write(messages[n&4095])
		sum = mac.Sum(sum[:0])
		n++
	}
}

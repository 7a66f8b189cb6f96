package mistake

import (
	"fmt"
	"testing"

	"sigkit/vectors"
)

// BenchmarkDiagnose is the diagnosis of a run in which every vector that is signed fails, by one, two and three mistakes, from the header alone. BenchmarkSign is what it costs to sign all
// vectors once, for comparison.
func BenchmarkDiagnose(b *testing.B) {
	for size, ids := range [][]string{{"hash-sha-1"}, {"hash-sha-1", "boolean-lower-case"}, {"hash-sha-1", "boolean-lower-case", "list-unsorted"}} {
		var set Set
		for _, m := range Catalogue() {
			for _, id := range ids {
				if m.ID == id {
					set = append(set, m)
				}
			}
		}
		seen := answers(builtIn(), set, false)
		b.Run(fmt.Sprintf("mistakes=%d", size+1), func(b *testing.B) {
			for b.Loop() {
				if d := Diagnose(b.Context(), seen); !d.Complete() || d.Fits[0].String() != set.String() {
					b.Fatal(d)
				}
			}
		})
	}
}

func BenchmarkSign(b *testing.B) {
	all := vectors.All()
	for b.Loop() {
		for i := range all {
			_ = all[i].Input.Expected()
		}
	}
}

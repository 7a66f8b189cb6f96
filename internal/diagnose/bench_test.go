package diagnose

import (
	"testing"

	"sigkit/vectors"
)

func BenchmarkDiagnose(b *testing.B) {
	for name, ids := range map[string][]string{
		"one":   {"boolean-lower-case"},
		"hash":  {"hash-sha-1"},
		"three": {"hash-sha-1", "boolean-lower-case", "list-unsorted"},
	} {
		for _, level := range vectors.Levels() {
			observations := newPort(false, mistakesNamed(ids...)...).run(level)
			b.Run(name+"/"+string(level), func(b *testing.B) {
				for b.Loop() {
					Config{}.Diagnose(b.Context(), observations)
				}
			})
		}
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

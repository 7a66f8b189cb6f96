package mistake

import (
	"math/rand/v2"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/vectors"
)

// answers are what a port with the mistakes answers to the vectors of a lab: with the message if it is told to return it, and with the request.
func answers(l *Lab, set Set, message bool) []Seen {
	r := set.recipe()
	all := make([]Seen, len(l.subjects))
	for i, s := range l.subjects {
		a := r.answer(s.question)
		all[i] = Seen{Vector: s.vector, Refused: a.refused}
		if a.refused {
			continue
		}
		all[i].Headers = []Header{{"Accept", "*/*"}, {a.header, a.token}}
		if message {
			all[i].Message = &a.message
		}
		if sent := r.send(s.question); sent != nil {
			all[i].URL, all[i].Body = &sent.URL, sent.Body
		}
	}
	return all
}

// verdict is how well a port was diagnosed.
type verdict string

const (
	exactly     verdict = "exactly"
	among       verdict = "among sets that fit equally"
	equivalent  verdict = "as an equivalent set"
	partly      verdict = "as far as it shows" // a mistake that another one hides from every vector is not named
	unexplained verdict = "unexplained"
	wrongly     verdict = "WRONGLY"
)

// judge compares a diagnosis with the truth.
func judge(truth Set, d *Diagnosis) verdict {
	switch {
	case d == nil, !d.Complete():
		return unexplained
	case len(d.Fits) == 1 && slices.Equal(truth.IDs(), d.Fits[0].IDs()):
		return exactly
	case slices.ContainsFunc(d.Fits, func(s Set) bool { return slices.Equal(truth.IDs(), s.IDs()) }):
		return among
	}
	if slices.ContainsFunc(d.Fits, func(s Set) bool { return within(s, truth) }) {
		return partly
	}
	for _, fit := range d.Fits {
		if v, _ := apartOf(truth, fit); v != nil {
			return wrongly
		}
	}
	return equivalent
}

// within reports whether all of a set are in another one.
func within(a, b Set) bool {
	return !slices.ContainsFunc(a, func(m *Mistake) bool { return !slices.Contains(b, m) })
}

// apartOf looks for a request, of any kind, that tells two sets apart.
func apartOf(a, b Set) (*vectors.Vector, []string) { return tellApart(a, b, nil) }

// draw returns a random set of mistakes that can be made at once, about signing.
func draw(r *rand.Rand, size int) Set {
	for {
		set := Set{}
		for len(set) < size {
			m := Catalogue()[r.IntN(len(Catalogue()))]
			if m.wire || slices.ContainsFunc(set, func(other *Mistake) bool { return !compatible(m, other) }) {
				set = set[:0]
				continue
			}
			set = append(set, m)
		}
		slices.SortFunc(set, func(a, b *Mistake) int { return slices.Index(Catalogue(), a) - slices.Index(Catalogue(), b) })
		return set
	}
}

// share is what part of the ports the tests take by default; SIGKIT_RANDOM stands for all of them.
func share(t *testing.T, all int) int {
	if os.Getenv("SIGKIT_RANDOM") != "" {
		return all
	}
	return all / 10
}

// Every single mistake, random pairs and random triples as ports, which return the message or do not: none is named wrongly.
func TestHonesty(t *testing.T) {
	l := builtIn()
	r := rand.New(rand.NewPCG(1, 2))
	var singles, pairs, triples []Set
	for _, m := range Catalogue() {
		singles = append(singles, Set{m})
	}
	for range share(t, 500) {
		pairs = append(pairs, draw(r, 2))
	}
	for range share(t, 200) {
		triples = append(triples, draw(r, 3))
	}
	for name, ports := range map[string][]Set{"singles": singles, "pairs": pairs, "triples": triples} {
		for _, message := range []bool{false, true} {
			count := map[verdict]int{}
			var longest time.Duration
			for _, truth := range ports {
				began := time.Now()
				d := l.Diagnose(answers(l, truth, message))
				longest = max(longest, time.Since(began))
				v := judge(truth, d)
				count[v]++
				if v == wrongly || v == unexplained {
					fits := []string{}
					if d != nil {
						for _, f := range d.Fits {
							fits = append(fits, f.String())
						}
					}
					t.Errorf("%v is named %s: %v", truth, v, fits)
				}
			}
			t.Logf("| %s, message %s | %d | %d | %d | %d | %d | %d | %d | %.2f s |", name, strconv.FormatBool(message), len(ports),
				count[exactly], count[among], count[equivalent], count[partly], count[unexplained], count[wrongly], longest.Seconds())
		}
	}
}

// A right port has no diagnosis.
func TestNothingWrong(t *testing.T) { assert.Nil(t, builtIn().Diagnose(answers(builtIn(), nil, true))) }

// Two sets that fit equally are both told, with a vector that tells them apart.
func TestTold(t *testing.T) {
	var few []*vectors.Vector
	for _, v := range vectors.All() {
		if v.ID == "api-calls/folders-archive" || v.ID == "api-calls/heartbeat" {
			few = append(few, &v)
		}
	}
	require.Len(t, few, 2)
	l := NewLab(few)
	d := l.Diagnose(answers(l, Set{Find("list-unsorted")}, false))
	require.True(t, d.Complete())
	require.Greater(t, len(d.Fits), 1)
	assert.Contains(t, d.Fits, Set{Find("list-unsorted")})
	require.NotNil(t, d.Apart)
	require.Len(t, d.ApartSays, 2)
	assert.NotEqual(t, d.ApartSays[0], d.ApartSays[1])
}

func TestControls(t *testing.T) {
	l := builtIn()
	var refuses, same []Seen
	for _, s := range l.subjects {
		refuses = append(refuses, Seen{Vector: s.vector, Refused: true})
		same = append(same, Seen{Vector: s.vector, Headers: []Header{{"x-auth-signature", "test"}}})
	}
	d := l.Diagnose(refuses)
	assert.True(t, d.Refuses)
	assert.False(t, d.Complete())
	d = l.Diagnose(same)
	assert.True(t, d.Constant)
	assert.False(t, d.Complete())
}

// One answer that a set does not reproduce keeps it from being named; what it explains is told as a part.
func TestContradictions(t *testing.T) {
	l := builtIn()
	seen := answers(l, Set{Find("boolean-lower-case")}, false)
	for i := range seen {
		if seen[i].Vector.ID == "api-calls/heartbeat" {
			seen[i].Headers = []Header{{"X-Auth-Signature", "something else"}}
		}
	}
	d := l.Diagnose(seen)
	assert.False(t, d.Complete())
	assert.Equal(t, "boolean-lower-case", d.Part.String())
	assert.Equal(t, []string{"api-calls/heartbeat"}, d.Remaining)
	assert.Equal(t, d.Failures-1, d.Explained)
}

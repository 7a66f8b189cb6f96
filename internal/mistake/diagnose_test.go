package mistake

import (
	"math/rand/v2"
	"os"
	"slices"
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
		set.sort()
		return set
	}
}

// thorough makes TestHonesty take all the ports of its table, which is some ten minutes' work.
var thorough = os.Getenv("SIGKIT_THOROUGH") != ""

// ports are the wrong ports of the honesty table.
func ports() (names []string, all map[string][]Set) {
	r := rand.New(rand.NewPCG(1, 2))
	all = map[string][]Set{}
	for _, m := range Catalogue() {
		all["singles"] = append(all["singles"], Set{m})
	}
	pairs, triples := 60, 15
	if thorough {
		pairs, triples = 500, 200
	}
	for range pairs {
		all["pairs"] = append(all["pairs"], draw(r, 2))
	}
	for range triples {
		all["triples"] = append(all["triples"], draw(r, 3))
	}
	return []string{"singles", "pairs", "triples"}, all
}

// Every single mistake, random pairs and random triples as ports, of which every second returns the message: none is named wrongly.
func TestHonesty(t *testing.T) {
	if testing.Short() {
		t.Skip("diagnoses many ports")
	}
	l := builtIn()
	names, all := ports()
	for _, name := range names {
		count := map[verdict]int{}
		var longest time.Duration
		for i, truth := range all[name] {
			began := time.Now()
			d := l.Diagnose(t.Context(), answers(l, truth, i%2 == 0))
			longest = max(longest, time.Since(began))
			v := judge(truth, d)
			count[v]++
			if d != nil && (v == wrongly || v == unexplained || name == "singles" && v != exactly) {
				t.Logf("%v: %s, %v", truth, v, d.Fits)
			}
		}
		assert.Zero(t, count[wrongly], name)
		assert.Less(t, 10*count[unexplained], len(all[name]), name)
		if name == "singles" {
			assert.Equal(t, len(all[name]), count[exactly])
		}
		t.Logf("| %s | %d | %d | %d | %d | %d | %d | %d | %.2f s |", name, len(all[name]), count[exactly], count[among], count[equivalent], count[partly], count[unexplained], count[wrongly], longest.Seconds())
	}
}

// A right port has no diagnosis.
func TestNothingWrong(t *testing.T) {
	assert.Nil(t, builtIn().Diagnose(t.Context(), answers(builtIn(), nil, true)))
}

// Two sets that fit equally are both told, with a vector that tells them apart.
func TestTold(t *testing.T) {
	var few []*vectors.Vector
	for _, v := range vectors.All() {
		if v.ID == "api-calls/manifests-list-of-group" || v.ID == "api-calls/heartbeat" {
			few = append(few, &v)
		}
	}
	require.Len(t, few, 2)
	l := NewLab(few)
	d := l.Diagnose(t.Context(), answers(l, Set{Find("email-last")}, false))
	require.True(t, d.Complete())
	require.Greater(t, len(d.Fits), 1)
	assert.Contains(t, d.Fits, Set{Find("email-last")})
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
	d := l.Diagnose(t.Context(), refuses)
	assert.True(t, d.Refuses)
	assert.False(t, d.Complete())
	d = l.Diagnose(t.Context(), same)
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
	d := l.Diagnose(t.Context(), seen)
	assert.False(t, d.Complete())
	assert.Equal(t, "boolean-lower-case", d.Part.String())
	assert.Equal(t, []string{"api-calls/heartbeat"}, d.Remaining)
	assert.Equal(t, d.Failures-1, d.Explained)
}

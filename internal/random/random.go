// Package random makes random vectors. Vector number n of a seed and a level is always the same. It
// does not depend on the vectors before it, so any number of workers can make the same file.
//
// The inputs contain much of what ports get wrong: keys that differ in case or punctuation, text of
// several scripts, characters that are escaped in forms and not in messages, unsorted lists,
// numbers at the limits of machine types.
package random

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"

	"sigkit/signer"
	"sigkit/vectors"
)

// Generator makes the vectors of one seed and level. It is not safe for concurrent use: use
// [Generator.Clone] for another goroutine.
type Generator struct {
	seed   uint64
	level  vectors.Level
	pool   *pool // shared by clones
	source *rand.PCG
	random *rand.Rand

	// Memory of the vector that is being made.
	members  signer.Object
	elements []signer.Value
	data     []byte
	text     []byte
}

// New returns a generator.
func New(seed uint64, level vectors.Level) *Generator {
	g := &Generator{seed: seed, level: level}
	g.reseed(1<<64 - 1)
	g.pool = g.fill()
	return g
}

// Clone returns an independent generator of the same vectors.
func (g *Generator) Clone() *Generator {
	return &Generator{seed: g.seed, level: g.level, pool: g.pool}
}

// Append appends vector number n as a line of NDJSON.
func (g *Generator) Append(dst []byte, n uint64) []byte {
	g.reseed(n)
	account := oneOf(g, g.pool.accounts)
	resource := oneOf(g, g.pool.resources)
	r := signer.Request{Method: oneOf(g, methods), Resource: resource, Data: g.object()}
	g.data = g.appendJSON(g.data[:0], r.Data)
	return account.AppendNDJSON(dst, &vectors.Vector{
		ID:    "random-" + strconv.FormatUint(g.seed, 10) + "-" + strconv.FormatUint(n, 10),
		Level: g.level,
		Input: vectors.Input{Data: g.data},
	}, r)
}

func (g *Generator) reseed(n uint64) {
	if g.source == nil {
		g.source = rand.NewPCG(g.seed, n)
		g.random = rand.New(g.source)
	}
	g.source.Seed(g.seed, n)
}

func (g *Generator) above(l vectors.Level) bool { return g.level != l && g.level.Includes(l) }

// oneOf chooses an element.
func oneOf[E any](g *Generator, elements []E) E { return elements[g.random.IntN(len(elements))] }

// chance returns true once in n calls, on average.
func (g *Generator) chance(n int) bool { return g.random.IntN(n) == 0 }

// account makes credentials: those of a key file as downloaded, and odd ones above level core.
func (g *Generator) account() *vectors.Template {
	var in vectors.Input
	email := oneOf(g, emails)
	key := "test-key-" + g.hex(oneOf(g, keyLengths))
	if g.above(vectors.Core) && g.chance(3) {
		key = oneOf(g, oddKeys)
		in.BaseURL = new(oneOf(g, baseURLs))
	}
	if g.above(vectors.Core) && g.chance(4) {
		in.Profile = string(signer.Vigiles)
	}
	if g.chance(2) {
		space := ""
		if g.above(vectors.Core) {
			space = oneOf(g, spaces)
		}
		members := map[string]string{"email": email + space, "key": space + key}
		file, _ := json.Marshal(members) // of strings, so it cannot fail
		in.KeyFile = new(string(file))
	} else {
		in.Email, in.Key = &email, &key
	}
	t, err := vectors.NewTemplate(in)
	if err != nil {
		panic("random credentials cannot sign: " + err.Error()) // a test makes all of them
	}
	return t
}

// hex returns n hexadecimal digits.
func (g *Generator) hex(n int) string { return g.pick("0123456789abcdef", 4, n) }

// pick returns n characters of an alphabet of 2^bits, of which one random number gives many.
func (g *Generator) pick(alphabet string, bits, n int) string {
	g.text = g.text[:0]
	var random uint64
	for left := 0; len(g.text) < n; left -= bits {
		if left < bits {
			random, left = g.source.Uint64(), 64
		}
		g.text = append(g.text, alphabet[random&(1<<bits-1)])
		random >>= bits
	}
	return string(g.text)
}

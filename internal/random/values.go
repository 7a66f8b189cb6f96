package random

import (
	"slices"
	"strconv"
	"strings"

	"sigkit/signer"
	"sigkit/vectors"
)

// pool contains the parts of vectors. It is filled once for a seed and shared by clones. Texts and
// integers are stored as signer.Value, because a conversion for each use allocates memory.
type pool struct {
	accounts  []*vectors.Template
	resources []string
	names     []string
	texts     []signer.Value
	integers  []signer.Value
}

// The sizes of a pool.
const (
	poolAccounts = 32
	poolNames    = 256
	poolTexts    = 4096
)

// fill returns a pool.
func (g *Generator) fill() *pool {
	p := &pool{}
	for range poolAccounts {
		p.accounts = append(p.accounts, g.account())
	}
	for _, r := range resources {
		for range 8 {
			p.resources = append(p.resources, strings.Replace(r, "TOKEN", g.hex(40), 1))
		}
	}
	p.names = slices.Concat(names, names, names)
	if g.above(vectors.Core) {
		p.resources = append(p.resources, slices.Repeat(oddResources, 4)...)
		p.names = append(p.names, slices.Repeat(oddNames, 3)...)
	}
	for len(p.names) < poolNames {
		p.names = append(p.names, g.letters(1+g.random.IntN(10)))
	}
	for range poolTexts {
		p.texts = append(p.texts, signer.String(g.string()))
	}
	for _, n := range numbers {
		i, _ := signer.ParseInt(n) // all are integers
		p.integers = append(p.integers, i)
	}
	return p
}

// object makes the data of a request. A name may be repeated.
func (g *Generator) object() signer.Object {
	g.members, g.elements = g.members[:0], g.elements[:0]
	for range g.random.IntN(5) {
		g.members = append(g.members, signer.Member{Key: g.name(), Value: g.value()})
	}
	return g.members
}

func (g *Generator) name() string { return g.pool.names[g.random.IntN(len(g.pool.names))] }

// value makes a value that the level allows.
func (g *Generator) value() signer.Value {
	if g.above(vectors.Extended) && g.chance(3) {
		return g.quirk(3)
	}
	if g.above(vectors.Core) && g.chance(4) {
		if g.chance(2) {
			return g.list((*Generator).integer)
		}
		return g.integer()
	}
	switch g.random.IntN(8) {
	case 0:
		return signer.Bool(g.chance(2))
	case 1, 2:
		return g.list((*Generator).known)
	}
	return g.known()
}

// list makes a list in memory that the next vector reuses.
func (g *Generator) list(element func(*Generator) signer.Value) signer.List {
	start := len(g.elements)
	for range g.random.IntN(6) {
		v := element(g)
		g.elements = append(g.elements, v)
	}
	return signer.List(g.elements[start:len(g.elements):len(g.elements)])
}

// known takes a string from the pool.
func (g *Generator) known() signer.Value { return g.pool.texts[g.random.IntN(len(g.pool.texts))] }

func (g *Generator) integer() signer.Value {
	return g.pool.integers[g.random.IntN(len(g.pool.integers))]
}

func (g *Generator) string() string {
	switch g.random.IntN(4) {
	case 0:
		return g.hex(40)
	case 1:
		return words[g.random.IntN(len(words))]
	case 2:
		return words[g.random.IntN(len(words))] + g.letters(3) + words[g.random.IntN(len(words))]
	}
	return g.letters(1 + g.random.IntN(20))
}

func (g *Generator) letters(n int) string {
	return g.pick("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-", 6, n)
}

// quirk makes what only Python spells this way, nested at most depth deep.
func (g *Generator) quirk(depth int) signer.Value {
	switch n := g.random.IntN(9); {
	case n == 0:
		return signer.Null{}
	case n == 1:
		return signer.Float(floats[g.random.IntN(len(floats))])
	case n == 2:
		return signer.Float(g.random.NormFloat64())
	case n == 3:
		return g.list((*Generator).number)
	case n == 4 && depth > 0:
		// Often refused, because the elements cannot be ordered.
		return g.nested(func() signer.Value { return g.quirk(depth - 1) })
	case n == 5 && depth > 0:
		return g.nested(func() signer.Value { return g.nested(g.number) })
	case n == 6 && depth > 0:
		inner := make(signer.Object, g.random.IntN(4))
		for i := range inner {
			inner[i] = signer.Member{Key: g.name(), Value: g.quirk(depth - 1)}
		}
		return inner
	case n == 7 && depth < 3:
		return signer.String("\xed\xa0\xbd") // an unpaired surrogate, in a nested value
	}
	return signer.String(g.string())
}

// nested makes a list whose elements may be lists. It cannot use the memory of list.
func (g *Generator) nested(element func() signer.Value) signer.List {
	list := make(signer.List, g.random.IntN(6))
	for i := range list {
		list[i] = element()
	}
	return list
}

func (g *Generator) number() signer.Value {
	switch g.random.IntN(3) {
	case 0:
		return signer.Bool(g.chance(2))
	case 1:
		return signer.Float(floats[g.random.IntN(len(floats))])
	}
	return g.integer()
}

// appendJSON writes a value as JSON. The spelling of floats varies.
func (g *Generator) appendJSON(dst []byte, v signer.Value) []byte {
	switch v := v.(type) {
	case signer.String:
		return vectors.AppendString(dst, string(v))
	case signer.Int:
		return append(dst, v.String()...)
	case signer.Bool:
		return strconv.AppendBool(dst, bool(v))
	case signer.Float:
		return strconv.AppendFloat(dst, float64(v), "eE"[g.random.IntN(2)], -1, 64)
	case signer.List:
		dst = append(dst, '[')
		for i, element := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = g.appendJSON(dst, element)
		}
		return append(dst, ']')
	case signer.Object:
		dst = append(dst, '{')
		for i, m := range v {
			if i > 0 {
				dst = append(dst, ',')
			}
			dst = append(vectors.AppendString(dst, m.Key), ':')
			dst = g.appendJSON(dst, m.Value)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

package random

import (
	"strconv"
	"strings"

	"sigkit/signer"
	"sigkit/vectors"
)

// object makes the data of a request. A name may come twice.
func (g *Generator) object() signer.Object {
	data := make(signer.Object, g.random.IntN(7))
	for i := range data {
		data[i] = signer.Member{Key: g.name(), Value: g.value()}
	}
	return data
}

func (g *Generator) name() string {
	if g.above(vectors.Core) && g.chance(2) {
		return oddNames[g.random.IntN(len(oddNames))]
	}
	if g.chance(5) {
		return g.letters(1 + g.random.IntN(10))
	}
	return names[g.random.IntN(len(names))]
}

// value makes a value that the level knows.
func (g *Generator) value() signer.Value {
	if g.above(vectors.Extended) && g.chance(3) {
		return g.quirk(3)
	}
	if g.above(vectors.Core) && g.chance(4) {
		if g.chance(2) {
			return g.list(func() signer.Value { return g.integer() })
		}
		return g.integer()
	}
	switch g.random.IntN(8) {
	case 0:
		return signer.Bool(g.chance(2))
	case 1, 2:
		return g.list(func() signer.Value { return signer.String(g.string()) })
	}
	return signer.String(g.string())
}

func (g *Generator) list(element func() signer.Value) signer.List {
	list := make(signer.List, g.random.IntN(6))
	for i := range list {
		list[i] = element()
	}
	return list
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
	const alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-.~"
	g.text = g.text[:0]
	for range n {
		g.text = append(g.text, alphabet[g.random.IntN(len(alphabet))])
	}
	return string(g.text)
}

func (g *Generator) integer() signer.Value {
	i, _ := signer.ParseInt(numbers[g.random.IntN(len(numbers))]) // all are integers
	return i
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
		return g.list(g.number)
	case n == 4 && depth > 0:
		return g.list(func() signer.Value { return g.quirk(depth - 1) }) // often refused: its elements cannot be ordered
	case n == 5 && depth > 0:
		return g.list(func() signer.Value { return g.list(g.number) })
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
		return appendText(dst, string(v))
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
			dst = append(appendText(dst, m.Key), ':')
			dst = g.appendJSON(dst, m.Value)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

func appendText(dst []byte, text string) []byte {
	if strings.Contains(text, "\xed\xa0\xbd") {
		return append(dst, `"\ud83d"`...)
	}
	return vectors.AppendString(dst, text)
}

package mistake

import (
	"net/url"
	"strconv"
	"strings"

	"sigkit/internal/stub"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// Guess says what a client has signed whose request a server could not verify.
type Guess struct {
	Fits  []Set  // the mistakes that make its token, if there are any
	Right string // the client has signed as the reference does; why the server cannot rebuild the message
}

// FromRequest finds out what a client has signed with some credentials: it guesses the data from what arrived, and tries every known mistake, up to two at once, on it.
func FromRequest(credentials vectors.Input, r stub.Request, token string) (g Guess) {
	inputs := guesses(credentials, r)
	for _, in := range inputs {
		if fits, right := Made(in.input, &token, nil); right {
			return Guess{Right: in.note}
		} else if g.Fits == nil && len(fits) > 0 && len(fits[0]) == 1 {
			g.Fits = fits
		}
	}
	if g.Fits == nil {
		g.Fits, _ = Made(inputs[0].input, &token, nil)
	}
	return g
}

// guess is what the client may have meant, and why a server does not see it.
type guess struct {
	input *vectors.Input
	note  string
}

// guesses are the inputs that give a request like the one that arrived: with values that look like numbers, booleans, null and lists as such, and as texts, with the resource decoded
// or not, and with a query of its own.
func guesses(credentials vectors.Input, r stub.Request) (all []guess) {
	add := func(resource, form, note string) {
		for _, typed := range []bool{true, false} {
			in := credentials
			in.Method, in.Resource, in.Data = r.Method, resource, dataOf(wire.Parameters(form), typed)
			all = append(all, guess{&in, note})
		}
	}
	const texts = "numbers and lists in a list are signed in the order of their values, and a server sees texts"
	const escapes = "the resource has percent escapes of its own, which are signed as they are; a server decodes them"
	resource, form, two := stub.Split(r, false)
	plain, err := url.PathUnescape(resource)
	if err != nil {
		plain = resource
	}
	add(plain, form, texts)
	if plain != resource {
		add(resource, form, escapes)
	}
	if two {
		resource, form, _ = stub.Split(r, true)
		add(resource, form, "the resource has a query of its own, and a server takes it for parameters")
	}
	return all
}

// caveats say, of mistakes that one request may seem to show, when the client is right all the same.
var caveats = []struct{ prefix, text string }{
	{"list-unsorted", "if the parameter is an object and no list, its keys are signed in the order written, which is right and cannot be rebuilt from a request"},
	{"list-descending", "if the parameter is an object and no list, its keys are signed in the order written, which is right and cannot be rebuilt from a request"},
	{"list-as-repr", "if the parameter is a list inside a list, that is right and cannot be rebuilt from a request"},
	{"vendor-older-plugin", "if the parameter is a list inside a list, that is right and cannot be rebuilt from a request"},
}

// Caveat says when a client that seems to make the mistakes is right all the same, or nothing.
func (g *Guess) Caveat() string {
	for _, set := range g.Fits {
		for _, m := range set {
			for _, c := range caveats {
				if strings.HasPrefix(m.ID, c.prefix) {
					return c.text
				}
			}
		}
	}
	return ""
}

// dataOf is the data of a form as JSON: a key that is given twice is a list.
func dataOf(pairs [][2]string, typed bool) []byte {
	var data signer.Object
	for _, p := range pairs {
		if p[0] == "email" {
			continue
		}
		var v signer.Value = signer.String(p[1])
		if typed {
			v = typedValue(p[1])
		}
		if old, given := get(data, p[0]); given {
			v = append(listOf(old), listOf(v)...)
		}
		data = signer.Set(data, signer.Member{Key: p[0], Value: v})
	}
	return []byte(jsonText(data, " ", " ")) // which keeps floats apart from integers
}

// listOf is a value as elements of a list.
func listOf(v signer.Value) signer.List {
	if list, ok := v.(signer.List); ok {
		return list
	}
	return signer.List{v}
}

func typedValue(text string) signer.Value {
	switch text {
	case "True", "False":
		return signer.Bool(text == "True")
	case "None":
		return signer.Null{}
	}
	if i, err := signer.ParseInt(text); err == nil && i.String() == text {
		return i
	}
	if f, err := strconv.ParseFloat(text, 64); err == nil && textOf(signer.Float(f)) == text {
		return signer.Float(f)
	}
	if strings.HasPrefix(text, "[") || strings.HasPrefix(text, "{") { // perhaps a repr
		data, err := signer.ParseData([]byte(`{"v":` + strings.NewReplacer("'", `"`, "None", "null", "True", "true", "False", "false").Replace(text) + "}"))
		if err == nil && textOf(data[0].Value) == text {
			return signer.List{data[0].Value}
		}
	}
	return signer.String(text)
}

package mistake

import (
	"net/url"
	"strings"

	"sigkit/internal/standin"
	"sigkit/signer"
	"sigkit/vectors"
)

// Guess says what a client has signed whose request a server could not verify.
type Guess struct {
	Fits  []Set  // the mistakes that make its token, if there are any
	Right string // the client has signed as the reference does; why the server cannot rebuild the message
}

// FromRequest finds out what a client has signed with some credentials: it guesses the data from what arrived, and tries every known mistake, up to two at once, on it.
func FromRequest(credentials vectors.Input, r standin.Request, token string) (g Guess) {
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

// guesses are the inputs that give a request like the one that arrived: with values that look like numbers and booleans as such, and as texts, and with the resource decoded or not.
func guesses(credentials vectors.Input, r standin.Request) (all []guess) {
	path, _, _ := strings.Cut(r.Target, "?")
	if r.Method == "POST" {
		path = r.Target
	}
	decoded, err := url.PathUnescape(path)
	if err != nil {
		decoded = path
	}
	resources := []string{decoded}
	if path != decoded {
		resources = append(resources, path)
	}
	for i, resource := range resources {
		for _, typed := range []bool{true, false} {
			note := "numbers in a list are signed in the order of their values, and a server sees texts"
			if i > 0 {
				note = "the resource has percent escapes of its own, which are signed as they are; a server decodes them"
			}
			in := credentials
			in.Method, in.Resource, in.Data = r.Method, resource, dataOf(standin.Parameters(r), typed)
			all = append(all, guess{&in, note})
		}
	}
	return all
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
			list, isList := old.(signer.List)
			if !isList {
				list = signer.List{old}
			}
			v = append(list, v)
		}
		data = signer.Set(data, signer.Member{Key: p[0], Value: v})
	}
	return []byte(jsonText(data, "", ""))
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
	return signer.String(text)
}

package explain

import (
	"context"
	"net/url"
	"strconv"
	"strings"

	"sigkit/internal/diagnose"
	"sigkit/internal/mistake"
	"sigkit/internal/stub"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// Guess says what a client has signed whose request a server could not verify.
type Guess struct {
	Sets  []mistake.Set // the sets of mistakes that make its token, the plainest first
	Right string        // the client has signed as the reference does: why a server cannot see it
}

// Request finds out what a client has signed with some credentials. It guesses the data from what
// arrived, and tries the known mistakes on it, one and then two at once. It ends early when ctx
// ends.
func Request(ctx context.Context, account vectors.Input, r stub.Request, token string) (g Guess) {
	inputs := guesses(account, r)
	for _, in := range inputs {
		e := in.input.Expected()
		if e.Error == "" && e.Token == token {
			return Guess{Right: in.note}
		}
	}
	for _, in := range inputs {
		sets, _ := diagnose.Sighting{Input: in.input, Token: &token}.Identify(ctx)
		if len(sets) > 0 && (g.Sets == nil || len(sets[0]) < len(g.Sets[0])) {
			g.Sets = sets
		}
		if ctx.Err() != nil || g.Sets != nil && len(g.Sets[0]) == 1 {
			break
		}
	}
	return g
}

// guess is what the client may have meant, and why a server does not see it.
type guess struct {
	input *vectors.Input
	note  string
}

// Why a server cannot rebuild the message of a right client.
const (
	noteTexts = "numbers and lists in a list are signed in the order of their values, " +
		"and a server sees texts"
	noteEscapes = "the resource has percent escapes of its own, which are signed as they are; " +
		"a server decodes them"
	noteQuery = "the resource has a query of its own, and a server takes it for parameters"
)

// guesses are the inputs that give a request like the one that arrived: with values that look like
// numbers, booleans, null and lists as such, and as texts; with the resource decoded or not, with a
// query of its own, or with the whole URL as the resource.
func guesses(account vectors.Input, r stub.Request) (all []guess) {
	add := func(resource, form, note string) {
		for _, typed := range []bool{true, false} {
			in := account
			if r.Server != "" {
				in.BaseURL = &r.Server
			}
			in.Method, in.Resource = r.Method, resource
			in.Data = vectors.AppendValue(nil, dataOf(wire.Pairs(form), typed))
			all = append(all, guess{&in, note})
		}
	}
	resource, form, two := stub.Split(r, false)
	plain, err := url.PathUnescape(resource)
	if err != nil {
		plain = resource
	}
	add(plain, form, noteTexts)
	if plain != resource {
		add(resource, form, noteEscapes)
	}
	if two {
		resource, form, _ = stub.Split(r, true)
		add(resource, form, noteQuery)
	}
	return all
}

// caveats say, of mistakes that one request may seem to show, when the client is right all the
// same.
var caveats = []struct{ prefix, text string }{
	{"list-unsorted", caveatObject},
	{"list-descending", caveatObject},
	{"list-as-repr", caveatNested},
	{"vendor-older-plugin", caveatNested},
}

const (
	caveatObject = "if the parameter is an object and not a list, its keys are signed in the order " +
		"written; that is right, and a server cannot rebuild it from a request"
	caveatNested = "if the parameter is a list inside a list, that is right, " +
		"and a server cannot rebuild it from a request"
)

// Caveat says when a client that seems to make the mistakes is right all the same, or "".
func (g *Guess) Caveat() string {
	for _, set := range g.Sets {
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

// dataOf is the data of a form: a key that is given twice is a list.
func dataOf(pairs []wire.Pair, typed bool) (data signer.Object) {
	values := map[string]signer.List{}
	var keys []string
	for _, p := range pairs {
		if p.Key == "email" {
			continue
		}
		if values[p.Key] == nil {
			keys = append(keys, p.Key)
		}
		var v signer.Value = signer.String(p.Value)
		if typed {
			v = typedValue(p.Value)
		}
		values[p.Key] = append(values[p.Key], v)
	}
	for _, key := range keys {
		m := signer.Member{Key: key, Value: values[key]}
		if len(values[key]) == 1 {
			m.Value = values[key][0]
		}
		data = append(data, m)
	}
	return data
}

// typedValue is the value that Python would write as a text.
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
	if f, err := strconv.ParseFloat(text, 64); err == nil && str(signer.Float(f)) == text {
		return signer.Float(f)
	}
	if strings.HasPrefix(text, "[") || strings.HasPrefix(text, "{") {
		if v := parseRepr(text); v != nil && str(v) == text {
			return signer.List{v}
		}
	}
	return signer.String(text)
}

func str(v signer.Value) string { return string(signer.AppendText(nil, v)) }

// parseRepr reads what may be the repr of a list or an object, or returns nil.
func parseRepr(text string) signer.Value {
	replacer := strings.NewReplacer("'", `"`, "None", "null", "True", "true", "False", "false")
	data, err := signer.ParseData([]byte(`{"v":` + replacer.Replace(text) + "}"))
	if err != nil || len(data) != 1 {
		return nil
	}
	return data[0].Value
}

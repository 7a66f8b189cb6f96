package vectors

import "sigkit/signer"

// Template makes many vectors with one set of credentials: it encodes them, and prepares the key, once.
type Template struct {
	signer *signer.Signer
	head   []byte // the members of the input up to base_url, as they stand in a line
}

// NewTemplate returns a template with the credentials of an input. The rest of the input does not matter.
func NewTemplate(in Input) (*Template, error) {
	s, err := in.Signer()
	if err != nil {
		return nil, err
	}
	var e encoder
	e.open('{')
	e.credentials(&in)
	return &Template{s, e.out[1:]}, nil
}

// AppendNDJSON signs a request and appends the vector as one line, like [Vector.AppendNDJSON]. The data must be r.Data as JSON on one line, its strings as [AppendString]
// writes them.
func (t *Template) AppendNDJSON(dst []byte, id string, level Level, r signer.Request, data []byte) []byte {
	x := expect(t.signer.DryRun(r))
	e := encoder{out: dst}
	e.open('{')
	e.textMember("id", id)
	e.textMember("level", string(level))
	e.name("input")
	e.open('{')
	e.out = append(e.out, t.head...)
	e.textMember("method", r.Method)
	e.textMember("resource", r.Resource)
	e.name("data")
	e.out = append(e.out, data...)
	e.close('}')
	e.name("expect")
	e.expect(&x)
	e.close('}')
	return append(e.out, '\n')
}

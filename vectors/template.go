package vectors

import "sigkit/signer"

// Template makes many vectors with one set of credentials. It encodes the credentials and prepares
// the key only once.
type Template struct {
	signer *signer.Signer
	head   []byte // the members of the input up to base_url, as they are written in a line
}

// NewTemplate returns a template with the credentials of an input. The rest of the input is not
// used. An error is a [*signer.Error].
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

// AppendNDJSON signs a request and appends the vector as one line, like [Vector.AppendNDJSON]. It
// uses ID, Level and Input.Data of v. The data must be r.Data as JSON on one line, with strings as
// [AppendString] writes them.
func (t *Template) AppendNDJSON(dst []byte, v *Vector, r signer.Request) []byte {
	x := expect(t.signer.DryRun(r))
	e := encoder{out: dst}
	e.open('{')
	e.textMember("id", v.ID)
	e.textMember("level", string(v.Level))
	e.name("input")
	e.open('{')
	e.out = append(e.out, t.head...)
	e.textMember("method", r.Method)
	e.textMember("resource", r.Resource)
	e.name("data")
	e.out = append(e.out, v.Input.Data...)
	e.close('}')
	e.name("expect")
	e.expect(&x)
	e.close('}')
	return append(e.out, '\n')
}

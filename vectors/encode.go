package vectors

import (
	"bytes"
	"maps"
	"slices"

	"github.com/go-json-experiment/json/jsontext"

	"sigkit/signer"
)

// Encode returns the file in its canonical encoding. Members have a fixed order and an indent of
// two spaces. Data and requests stand on one line. Characters that cannot be read on a screen are
// \u escapes. A newline ends the file. Encoding what [ParseFile] returned gives the same bytes
// again.
func (f *File) Encode() []byte {
	e := encoder{pretty: true}
	e.open('{')
	e.textMember("$schema", f.Schema)
	e.textMember("format", f.Format)
	e.textMember("group", f.Group)
	e.textMember("about", f.About)
	e.name("reference")
	e.line(func() {
		e.open('{')
		e.textMember("name", f.Reference.Name)
		e.textMember("version", f.Reference.Version)
		e.close('}')
	})
	e.name("notes")
	e.open('{')
	for _, tag := range slices.Sorted(maps.Keys(f.Notes)) {
		e.element()
		e.out = append(AppendString(e.out, tag), ": "...)
		e.out = AppendString(e.out, f.Notes[tag])
	}
	e.close('}')
	e.name("vectors")
	e.open('[')
	for i := range f.Vectors {
		e.element()
		e.vector(&f.Vectors[i])
	}
	e.close(']')
	e.close('}')
	return append(e.out, '\n')
}

// AppendNDJSON appends the vector as one line of NDJSON.
func (v *Vector) AppendNDJSON(dst []byte) []byte {
	e := encoder{out: dst}
	e.vector(v)
	return append(e.out, '\n')
}

// AppendQuestion appends the question that a port is asked: the input with the id in front, as one
// line. It contains nothing else of the vector.
func (v *Vector) AppendQuestion(dst []byte) []byte {
	e := encoder{out: dst}
	e.open('{')
	e.textMember("id", v.ID)
	e.input(&v.Input)
	e.close('}')
	return append(e.out, '\n')
}

// AppendJSON appends the input as one line of JSON, without a line feed.
func (in *Input) AppendJSON(dst []byte) []byte {
	e := encoder{out: dst}
	e.open('{')
	e.input(in)
	e.close('}')
	return e.out
}

// encoder writes JSON, all on one line or, if pretty, indented.
type encoder struct {
	out    []byte
	pretty bool
	depth  int
	inline int // > 0 while within line
}

func (e *encoder) vector(v *Vector) {
	e.open('{')
	e.optionalMember("id", v.ID)
	e.optionalMember("level", string(v.Level))
	e.optionalMember("rule", v.Rule)
	if v.Tags != nil {
		e.name("tags")
		e.line(func() { e.texts(v.Tags) })
	}
	e.optionalMember("why", v.Why)
	if v.Input.Data != nil { // nil in the answer to a line without a usable input
		e.name("input")
		e.open('{')
		e.input(&v.Input)
		e.close('}')
	}
	if v.Expect != nil {
		e.name("expect")
		e.expect(v.Expect)
	}
	e.close('}')
}

func (e *encoder) input(in *Input) {
	e.credentials(in)
	e.textMember("method", in.Method)
	e.textMember("resource", in.Resource)
	e.name("data")
	e.data(in.Data)
}

func (e *encoder) credentials(in *Input) {
	e.optionalMember("profile", in.Profile)
	e.pointerMember("email", in.Email)
	e.pointerMember("key", in.Key)
	e.pointerMember("key_file", in.KeyFile)
	e.pointerMember("dashboard_config", in.DashboardConfig)
	e.pointerMember("base_url", in.BaseURL)
}

func (e *encoder) expect(x *Expect) {
	e.open('{')
	if x.Error != "" {
		e.textMember("error", x.Error)
		e.close('}')
		return
	}
	e.textMember("hmac_msg", x.HMACMsg)
	e.textMember("token", x.Token)
	e.name("headers")
	e.line(func() {
		e.open('{')
		e.textMember("X-Auth-Signature", x.Token)
		e.close('}')
	})
	if x.Request != nil {
		e.name("request")
		e.line(func() { e.request(x.Request) })
	}
	e.name("rebuildable")
	if x.Rebuildable {
		e.out = append(e.out, "true"...)
	} else {
		e.out = append(e.out, "false"...)
	}
	e.close('}')
}

func (e *encoder) request(r *signer.Sent) {
	e.open('{')
	e.textMember("method", r.Method)
	e.textMember("url", r.URL)
	e.pointerMember("body", r.Body)
	e.close('}')
}

// line runs write with line breaks off.
func (e *encoder) line(write func()) {
	e.inline++
	write()
	e.inline--
}

func (e *encoder) open(bracket byte) {
	e.out = append(e.out, bracket)
	e.depth++
}

func (e *encoder) close(bracket byte) {
	e.depth--
	if last := e.out[len(e.out)-1]; last != '{' && last != '[' && e.inline == 0 {
		e.breakLine()
	}
	e.out = append(e.out, bracket)
}

// element starts an element or member: comma and white space.
func (e *encoder) element() {
	if last := e.out[len(e.out)-1]; last != '{' && last != '[' {
		e.out = append(e.out, ',')
		if e.pretty && e.inline > 0 {
			e.out = append(e.out, ' ')
		}
	}
	if e.inline == 0 {
		e.breakLine()
	}
}

func (e *encoder) breakLine() {
	if e.pretty {
		e.out = append(e.out, '\n')
		e.out = append(e.out, bytes.Repeat([]byte("  "), e.depth)...)
	}
}

func (e *encoder) name(name string) {
	e.element()
	e.out = append(append(append(e.out, '"'), name...), '"', ':') // no name of ours needs an escape
	if e.pretty {
		e.out = append(e.out, ' ')
	}
}

func (e *encoder) textMember(name, text string) {
	e.name(name)
	e.out = AppendString(e.out, text)
}

func (e *encoder) optionalMember(name, text string) {
	if text != "" {
		e.textMember(name, text)
	}
}

func (e *encoder) pointerMember(name string, text *string) {
	if text != nil {
		e.textMember(name, *text)
	}
}

func (e *encoder) texts(texts []string) {
	e.open('[')
	for _, t := range texts {
		e.element()
		e.out = AppendString(e.out, t)
	}
	e.close(']')
}

// data writes valid JSON on one line. Numbers, order and repeated names stay as they are. Strings
// get their canonical form.
func (e *encoder) data(raw []byte) {
	for len(raw) > 0 {
		switch c := raw[0]; c {
		case '"':
			n := stringLength(raw)
			e.out = appendLiteral(e.out, raw[:n])
			raw = raw[n:]
			continue
		case ' ', '\t', '\r', '\n':
		case ',', ':':
			e.out = append(e.out, c)
			if e.pretty {
				e.out = append(e.out, ' ')
			}
		default:
			e.out = append(e.out, c)
		}
		raw = raw[1:]
	}
}

// stringLength returns the length of the JSON string that raw starts with.
func stringLength(raw []byte) int {
	for i := 1; ; i++ {
		switch raw[i] {
		case '\\':
			i++
		case '"':
			return i + 1
		}
	}
}

// appendLiteral appends a JSON string in canonical form. A string with an unpaired surrogate stays
// as it is, since it has no other form.
func appendLiteral(dst, literal []byte) []byte {
	if plain := literal[1 : len(literal)-1]; isPlain(plain) {
		return append(dst, literal...)
	}
	text, err := jsontext.AppendUnquote(nil, literal)
	if err != nil {
		return append(dst, literal...)
	}
	return AppendString(dst, string(text))
}

package vectors

import (
	"bytes"
	"maps"
	"math"
	"slices"
	"strconv"
	"unicode"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"sigkit/signer"
)

// Encode returns the file in its one canonical encoding: fixed order of members, two spaces of indent, data and requests on one line, what cannot be read on
// a screen as \u escapes, a newline at the end. Encoding what [ParseFile] returned is stable to the byte.
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

// AppendQuestion appends the question that a port is asked: the input with the id in front, as one line. It holds nothing else of the vector.
func (v *Vector) AppendQuestion(dst []byte) []byte {
	e := encoder{out: dst}
	e.open('{')
	e.textMember("id", v.ID)
	e.input(&v.Input)
	e.close('}')
	return append(e.out, '\n')
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
	if v.Input.Data != nil { // nil in the answer to a line that held no input
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

// data writes valid JSON on one line: its numbers, its order and its repeated names as they are, its strings in canonical form.
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

// appendLiteral appends a JSON string in canonical form. One that holds an unpaired surrogate stays as it is, since no other form could hold it.
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

func isPlain(text []byte) bool {
	for _, c := range text {
		if !plainByte[c] {
			return false
		}
	}
	return true
}

// plainByte are the ASCII characters that stand in a JSON string as they are.
var plainByte = func() (plain [256]bool) {
	for c := ' '; c < 0x7F; c++ {
		plain[c] = c != '"' && c != '\\'
	}
	return plain
}()

// legible are the letters that stand in a file as they are: those that one sees, alone and in left-to-right order. The set is fixed, so that files do not
// change with the version of Unicode.
var legible = &unicode.RangeTable{
	R16: []unicode.Range16{
		{0x00C0, 0x024F, 1}, {0x0391, 0x03A1, 1}, {0x03A3, 0x03C9, 1}, {0x0410, 0x044F, 1}, {0x3041, 0x3096, 1}, {0x30A1, 0x30FA, 1},
		{0x4E00, 0x9FA5, 1}, {0xAC00, 0xD7A3, 1},
	},
	LatinOffset: 0,
}

// AppendValue appends a value as JSON, on one line. [signer.ParseData] reads the same value from it:
// floats keep a fraction or an exponent, unpaired surrogates are escapes.
func AppendValue(dst []byte, v signer.Value) []byte {
	switch v := v.(type) {
	case signer.String:
		return AppendString(dst, string(v))
	case signer.Int:
		return append(dst, v.String()...)
	case signer.Bool:
		return strconv.AppendBool(dst, bool(v))
	case signer.Float:
		return appendFloat(dst, float64(v))
	case signer.List:
		dst = append(dst, '[')
		for i, element := range v {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = AppendValue(dst, element)
		}
		return append(dst, ']')
	case signer.Object:
		dst = append(dst, '{')
		for i, m := range v {
			if i > 0 {
				dst = append(dst, ", "...)
			}
			dst = append(AppendString(dst, m.Key), ": "...)
			dst = AppendValue(dst, m.Value)
		}
		return append(dst, '}')
	}
	return append(dst, "null"...)
}

// appendFloat writes a double as Python's repr does. JSON has no infinity: what overflows stands for it.
func appendFloat(dst []byte, f float64) []byte {
	switch {
	case math.IsInf(f, 1):
		return append(dst, "1e999"...)
	case math.IsInf(f, -1):
		return append(dst, "-1e999"...)
	}
	return signer.AppendText(dst, signer.Float(f))
}

// AppendString appends text as a JSON string. An unpaired surrogate, as [signer.String] holds it,
// becomes an escape.
func AppendString(dst []byte, text string) []byte {
	dst = append(dst, '"')
	start := 0
	for i := 0; i < len(text); {
		if plainByte[text[i]] {
			i++
			continue
		}
		dst = append(dst, text[start:i]...)
		r, size := signer.DecodeRune(text[i:])
		dst = appendRune(dst, r)
		i += size
		start = i
	}
	return append(append(dst, text[start:]...), '"')
}

func appendRune(dst []byte, r rune) []byte {
	switch at := bytes.IndexByte([]byte("\"\\\n\r\t\b\f"), byte(r)); {
	case r < utf8.RuneSelf && at >= 0:
		return append(dst, '\\', `"\nrtbf`[at])
	case unicode.Is(legible, r):
		return utf8.AppendRune(dst, r)
	case r > 0xFFFF:
		r -= 0x10000
		return appendUnit(appendUnit(dst, 0xD800+r>>10), 0xDC00+r&0x3FF)
	}
	return appendUnit(dst, r)
}

func appendUnit(dst []byte, r rune) []byte {
	const hex = "0123456789abcdef"
	return append(dst, '\\', 'u', hex[r>>12], hex[r>>8&15], hex[r>>4&15], hex[r&15])
}

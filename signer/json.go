package signer

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"math"
	"strconv"
	"strings"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"
)

// MaxDepth is how deep lists and objects may nest; the outermost has depth 1. The reference's JSON
// reader fails at about the same depth.
const MaxDepth = 1000

// ParseData reads the data of a request: one JSON object. A number with a fraction or an exponent
// is a float, any other an integer. The order of members is kept. A repeated key keeps its first
// place and gets its last value. Unpaired surrogates are kept. An error is of [KindInvalidData] or
// [KindTooDeep].
func ParseData(text []byte) (Object, error) {
	v, err := parseJSON(text)
	if err != nil {
		return nil, err.asError("data", KindInvalidData)
	}
	data, ok := v.(Object)
	if !ok {
		return nil, &Error{
			Kind:    KindInvalidData,
			Where:   "data",
			Problem: "it is " + typeName(v) + ", not an object",
			Fix:     `write the parameters as {"name": value}`,
		}
	}
	return data, nil
}

// jsonError is an error in a JSON text. It quotes nothing of the text, which may contain a key.
type jsonError struct {
	text    []byte
	offset  int
	problem string
	fix     string
	tooDeep bool
}

// asError returns the error with line and column in the named text.
func (e *jsonError) asError(name string, kind Kind) *Error {
	if e.tooDeep && kind == KindInvalidData {
		kind = KindTooDeep
	}
	before := e.text[:min(e.offset, len(e.text))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	where := fmt.Sprintf("%s, line %d, column %d", name, line, column)
	return &Error{kind, where, e.problem, e.fix}
}

// parseJSON reads one JSON value and nothing after it.
func parseJSON(text []byte) (Value, *jsonError) {
	p := parser{text: text}
	if bytes.HasPrefix(text, []byte("\ufeff")) {
		return nil, p.failAt(0, "it starts with a byte order mark", "save it as UTF-8 without BOM")
	}
	if at := invalidUTF8(text); at >= 0 {
		return nil, p.failAt(at, "it is not valid UTF-8", "save it as UTF-8")
	}
	// AllowInvalidUTF8 concerns only unpaired surrogates in escapes: the bytes were checked above.
	p.dec = jsontext.NewDecoder(bytes.NewBuffer(text),
		jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	if _, err := p.dec.ReadToken(); err != io.EOF {
		return nil, p.fail("more text follows the JSON value", "remove it")
	}
	return v, nil
}

type parser struct {
	text []byte
	dec  *jsontext.Decoder
}

func (p parser) value() (Value, *jsonError) {
	switch kind := p.dec.PeekKind(); kind {
	case '{', '[':
		if _, err := p.dec.ReadToken(); err != nil {
			return nil, p.syntaxError(err)
		}
		if p.dec.StackDepth() > MaxDepth {
			problem := fmt.Sprintf("lists and objects nest deeper than %d", MaxDepth)
			err := p.fail(problem, "flatten the value")
			err.tooDeep = true
			return nil, err
		}
		if kind == '{' {
			return p.object()
		}
		return p.list()
	default:
		raw, err := p.dec.ReadValue()
		if err != nil {
			return nil, p.syntaxError(err)
		}
		return scalar(raw), nil
	}
}

func (p parser) object() (Value, *jsonError) {
	object := Object{}
	for p.dec.PeekKind() != '}' {
		name, err := p.dec.ReadValue()
		if err != nil {
			return nil, p.syntaxError(err)
		}
		key := unquote(name) // now, because the next read reuses the bytes
		v, failed := p.value()
		if failed != nil {
			return nil, failed
		}
		object = append(object, Member{key, v})
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return nil, p.syntaxError(err)
	}
	return dict(object), nil
}

func (p parser) list() (Value, *jsonError) {
	list := List{}
	for p.dec.PeekKind() != ']' {
		v, failed := p.value()
		if failed != nil {
			return nil, failed
		}
		list = append(list, v)
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return nil, p.syntaxError(err)
	}
	return list, nil
}

func (p parser) syntaxError(err error) *jsonError {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return p.failAt(len(p.text), "it is not valid JSON: it ends too early", "complete it")
	}
	offset := p.dec.InputOffset()
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		offset = syntax.ByteOffset
	}
	return p.failAt(int(offset), "it is not valid JSON", "correct it there")
}

// fail returns an error at the place that was read last.
func (p parser) fail(problem, fix string) *jsonError {
	return p.failAt(int(p.dec.InputOffset()), problem, fix)
}

func (p parser) failAt(offset int, problem, fix string) *jsonError {
	return &jsonError{text: p.text, offset: offset, problem: problem, fix: fix}
}

// scalar turns one valid JSON token into a value.
func scalar(raw jsontext.Value) Value {
	switch raw.Kind() {
	case '"':
		return String(unquote(raw))
	case '0':
		return number(raw)
	case 't', 'f':
		return Bool(raw.Kind() == 't')
	}
	return Null{}
}

// number distinguishes integers and floats by their spelling (rules text-integer, text-float).
func number(raw []byte) Value {
	if !bytes.ContainsAny(raw, ".eE") {
		i, _ := ParseInt(string(raw))
		return i
	}
	f, _ := strconv.ParseFloat(string(raw), 64) // out of range is ±Inf, as in Python
	return Float(f)
}

// unquote decodes a valid JSON string. Unpaired surrogates are kept.
func unquote(raw jsontext.Value) string {
	inner := raw[1 : len(raw)-1]
	if bytes.IndexByte(inner, '\\') < 0 {
		return string(inner)
	}
	if plain, err := jsontext.AppendUnquote(nil, raw); err == nil {
		return string(plain)
	}
	return string(unquoteSurrogates(inner))
}

func unquoteSurrogates(inner []byte) []byte {
	out := make([]byte, 0, len(inner))
	for len(inner) > 0 {
		r, size := escapedUnit(inner)
		switch {
		case size > 0:
			inner = inner[size:]
			if low, n := escapedUnit(inner); n > 0 && utf16.DecodeRune(r, low) != utf8.RuneError {
				r, inner = utf16.DecodeRune(r, low), inner[n:]
			}
			out = appendWTF8(out, r)
		case inner[0] == '\\':
			out = append(out, "\"\\/\b\f\n\r\t"[strings.IndexByte(`"\/bfnrt`, inner[1])])
			inner = inner[2:]
		default:
			out = append(out, inner[0])
			inner = inner[1:]
		}
	}
	return out
}

// escapedUnit decodes a leading \uXXXX. The size is 0 if there is none.
func escapedUnit(s []byte) (r rune, size int) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, 0
	}
	n, _ := strconv.ParseUint(string(s[2:6]), 16, 32)
	return rune(n), 6
}

func appendWTF8(out []byte, r rune) []byte {
	if utf16.IsSurrogate(r) {
		return append(out, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
	}
	return utf8.AppendRune(out, r)
}

// DecodeRune is [utf8.DecodeRuneInString], but it also decodes an unpaired surrogate in the form
// that [String] uses.
func DecodeRune(s string) (rune, int) {
	r, size := utf8.DecodeRuneInString(s)
	if r != utf8.RuneError || size != 1 || len(s) < 3 {
		return r, size
	}
	if s[0] == 0xED && s[1]&0xE0 == 0xA0 && s[2]&0xC0 == 0x80 {
		return rune(s[0]&0x0F)<<12 | rune(s[1]&0x3F)<<6 | rune(s[2]&0x3F), 3
	}
	return r, size
}

// invalidUTF8 returns the offset of the first byte that is not UTF-8, or -1.
func invalidUTF8(text []byte) int {
	if utf8.Valid(text) {
		return -1
	}
	for i := 0; i < len(text); {
		r, size := utf8.DecodeRune(text[i:])
		if r == utf8.RuneError && size == 1 {
			return i
		}
		i += size
	}
	return math.MaxInt // unreachable: Valid has found an invalid byte
}

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

// MaxDepth is how deeply lists and objects may nest, the outermost counted as 1. The reference's JSON reader gives up near the same depth.
const MaxDepth = 1000

// ParseData reads the data of a request: one JSON object. Integers and floats are told apart by their spelling, order is kept, a repeated key keeps
// its first place and takes the last value, unpaired surrogates survive. An error is of [KindInvalidData] or [KindTooDeep].
func ParseData(text []byte) (Object, error) {
	v, err := parseJSON(text)
	if err != nil {
		return nil, err.asError("data", KindInvalidData)
	}
	data, ok := v.(Object)
	if !ok {
		return nil, &Error{KindInvalidData, "data", "it is " + typeName(v) + ", not an object", `write the parameters as {"name": value}`}
	}
	return data, nil
}

// jsonError is a fault in a JSON text. It quotes nothing of the text, which may hold a key.
type jsonError struct {
	text    []byte
	offset  int
	problem string
	fix     string
	tooDeep bool
}

// asError places the fault in the named text.
func (e *jsonError) asError(name string, kind Kind) *Error {
	if e.tooDeep && kind == KindInvalidData {
		kind = KindTooDeep
	}
	before := e.text[:min(e.offset, len(e.text))]
	line := bytes.Count(before, []byte("\n")) + 1
	column := utf8.RuneCount(before[bytes.LastIndexByte(before, '\n')+1:]) + 1
	return &Error{kind, fmt.Sprintf("%s, line %d, column %d", name, line, column), e.problem, e.fix}
}

// parseJSON reads one JSON value and nothing after it.
func parseJSON(text []byte) (Value, *jsonError) {
	if bytes.HasPrefix(text, []byte("\ufeff")) {
		return nil, &jsonError{text, 0, "it starts with a byte order mark", "save it as UTF-8 without BOM", false}
	}
	if at := invalidUTF8(text); at >= 0 {
		return nil, &jsonError{text, at, "it is not valid UTF-8", "save it as UTF-8", false}
	}
	// AllowInvalidUTF8 is for unpaired surrogates in escapes only: the check above has seen the rest.
	p := parser{text, jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))}
	v, err := p.value()
	if err != nil {
		return nil, err
	}
	if _, err := p.dec.ReadToken(); err != io.EOF {
		return nil, &jsonError{text, int(p.dec.InputOffset()), "more text follows the JSON value", "remove it", false}
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
			return nil, p.fault(err)
		}
		if p.dec.StackDepth() > MaxDepth {
			return nil, &jsonError{p.text, int(p.dec.InputOffset()), fmt.Sprintf("lists and objects nest deeper than %d", MaxDepth), "flatten the value", true}
		}
		if kind == '{' {
			return p.object()
		}
		return p.list()
	default:
		raw, err := p.dec.ReadValue()
		if err != nil {
			return nil, p.fault(err)
		}
		return scalar(raw), nil
	}
}

func (p parser) object() (Value, *jsonError) {
	object := Object{}
	for p.dec.PeekKind() != '}' {
		name, err := p.dec.ReadValue()
		if err != nil {
			return nil, p.fault(err)
		}
		key := unquote(name) // before the next read, which reuses the bytes
		v, fault := p.value()
		if fault != nil {
			return nil, fault
		}
		object = append(object, Member{key, v})
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return nil, p.fault(err)
	}
	return dict(object), nil
}

func (p parser) list() (Value, *jsonError) {
	list := List{}
	for p.dec.PeekKind() != ']' {
		v, fault := p.value()
		if fault != nil {
			return nil, fault
		}
		list = append(list, v)
	}
	if _, err := p.dec.ReadToken(); err != nil {
		return nil, p.fault(err)
	}
	return list, nil
}

func (p parser) fault(err error) *jsonError {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return &jsonError{p.text, len(p.text), "it is not valid JSON: it ends too early", "complete it", false}
	}
	offset := p.dec.InputOffset()
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		offset = syntax.ByteOffset
	}
	return &jsonError{p.text, int(offset), "it is not valid JSON", "correct it there", false}
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

// number tells integers from floats by their spelling (rules text-integer, text-float).
func number(raw []byte) Value {
	if !bytes.ContainsAny(raw, ".eE") {
		i, _ := ParseInt(string(raw))
		return i
	}
	f, _ := strconv.ParseFloat(string(raw), 64) // out of range is ±Inf, as in Python
	return Float(f)
}

// unquote decodes a valid JSON string, keeping unpaired surrogates.
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

// DecodeRune is [utf8.DecodeRuneInString] that also reads an unpaired surrogate as [String] holds it.
func DecodeRune(s string) (rune, int) {
	r, size := utf8.DecodeRuneInString(s)
	if r == utf8.RuneError && size == 1 && len(s) >= 3 && s[0] == 0xED && s[1]&0xE0 == 0xA0 && s[2]&0xC0 == 0x80 {
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
	return math.MaxInt // cannot be: Valid has found one
}

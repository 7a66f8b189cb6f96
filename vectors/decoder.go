package vectors

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"sigkit/signer"
)

// Error is an error in a vector file or NDJSON stream.
type Error struct {
	Name    string      // of the file
	Line    int         // 1-based
	Pointer string      // JSON pointer within the file or line
	Problem string      // what is wrong, and the fix
	Kind    signer.Kind // of the refusal that answers the line; invalid-input if empty
}

// Error returns file, line, place and problem.
func (e *Error) Error() string {
	place := ""
	if e.Pointer != "" {
		place = " at " + e.Pointer + ":"
	}
	return fmt.Sprintf("%s:%d:%s %s", e.Name, e.Line, place, e.Problem)
}

// decoder reads objects with known members. It lets jsontext accept repeated names and unpaired
// surrogates, since data may contain both, and refuses them itself everywhere else.
type decoder struct {
	name string
	line int // number of the first line
	body []byte
	dec  *jsontext.Decoder
}

// fields are the members that an object may have, each with the function that reads it.
type fields map[string]func() error

func newDecoder(name string, line int, text []byte) (*decoder, error) {
	d := &decoder{name: name, dec: jsontext.NewDecoder(bytes.NewBuffer(nil))}
	return d, d.reset(line, text)
}

// reset starts on another text of the same name.
func (d *decoder) reset(line int, text []byte) error {
	d.line, d.body = line, text
	d.dec.Reset(bytes.NewBuffer(text),
		jsontext.AllowDuplicateNames(true), jsontext.AllowInvalidUTF8(true))
	switch {
	case bytes.HasPrefix(text, []byte("\ufeff")):
		return d.fail("the text starts with a byte order mark: save it as UTF-8 without BOM")
	case !utf8.Valid(text):
		return d.fail("the text is not valid UTF-8: save it as UTF-8")
	}
	return nil
}

// fail reports a problem at the place that was read last.
func (d *decoder) fail(problem string) error {
	return d.failAt(int(d.dec.InputOffset()), string(d.dec.StackPointer()), problem)
}

func (d *decoder) failAt(offset int, pointer, problem string) error {
	before := d.body[:min(offset, len(d.body))]
	return &Error{
		Name:    d.name,
		Line:    d.line + bytes.Count(before, []byte("\n")),
		Pointer: pointer,
		Problem: problem,
	}
}

func (d *decoder) syntax(err error) error {
	if errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) {
		return d.fail("this is not valid JSON: it ends too early")
	}
	if s, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		problem := "this is not valid JSON: " + s.Err.Error()
		return d.failAt(int(s.ByteOffset), string(s.JSONPointer), problem)
	}
	return d.fail(err.Error())
}

// open reads the bracket that starts an object or array.
func (d *decoder) open(bracket jsontext.Kind, what string) error {
	if d.dec.PeekKind() != bracket {
		return d.wrongType(what)
	}
	return d.token()
}

func (d *decoder) token() error {
	if _, err := d.dec.ReadToken(); err != nil {
		return d.syntax(err)
	}
	return nil
}

// object reads an object whose members are all known and given once.
func (d *decoder) object(known fields, mandatory ...string) error {
	if err := d.open('{', "an object"); err != nil {
		return err
	}
	var space [16]string
	seen := space[:0]
	for d.dec.PeekKind() != '}' {
		name, err := d.readText()
		if err != nil {
			return err
		}
		read, ok := known[name]
		if !ok {
			names := strings.Join(slices.Sorted(maps.Keys(known)), ", ")
			return d.fail(fmt.Sprintf("member %q is unknown: known are %s", name, names))
		}
		if slices.Contains(seen, name) {
			return d.fail(fmt.Sprintf("member %q is given twice: remove one", name))
		}
		seen = append(seen, name)
		if err := read(); err != nil {
			return err
		}
	}
	if err := d.token(); err != nil {
		return err
	}
	for _, name := range mandatory {
		if !slices.Contains(seen, name) {
			return d.fail(fmt.Sprintf("member %q is missing: add it", name))
		}
	}
	return nil
}

func (d *decoder) members(known fields, mandatory ...string) func() error {
	return func() error { return d.object(known, mandatory...) }
}

// texts reads an object of any names with strings for values.
func (d *decoder) texts(to *map[string]string) func() error {
	return func() error {
		*to = map[string]string{}
		if err := d.open('{', "an object"); err != nil {
			return err
		}
		for d.dec.PeekKind() != '}' {
			var name, text string
			if err := d.text(&name)(); err != nil {
				return err
			}
			if err := d.text(&text)(); err != nil {
				return err
			}
			(*to)[name] = text
		}
		return d.token()
	}
}

// each reads an array, calling element for each of its elements.
func (d *decoder) each(element func() error) func() error {
	return func() error {
		if err := d.open('[', "an array"); err != nil {
			return err
		}
		for d.dec.PeekKind() != ']' {
			if err := element(); err != nil {
				return err
			}
		}
		return d.token()
	}
}

func (d *decoder) text(to *string) func() error {
	return func() (err error) {
		*to, err = d.readText()
		return err
	}
}

func (d *decoder) readText() (string, error) {
	if d.dec.PeekKind() != '"' {
		return "", d.wrongType("a string")
	}
	raw, err := d.dec.ReadValue()
	if err != nil {
		return "", d.syntax(err)
	}
	if plain := raw[1 : len(raw)-1]; isPlain(plain) {
		return string(plain), nil
	}
	plain, err := jsontext.AppendUnquote(nil, raw)
	if err != nil {
		fault := d.fail("the string contains an unpaired surrogate: only data may").(*Error)
		fault.Kind = signer.KindInvalidUnicode
		return "", fault
	}
	return string(plain), nil
}

func (d *decoder) optional(to **string) func() error {
	return func() error {
		text, err := d.readText()
		*to = &text
		return err
	}
}

func (d *decoder) item(to *[]string) func() error {
	return func() error {
		var text string
		err := d.text(&text)()
		*to = append(*to, text)
		return err
	}
}

func (d *decoder) boolean(to *bool) func() error {
	return func() error {
		kind := d.dec.PeekKind()
		if kind != 't' && kind != 'f' {
			return d.wrongType("true or false")
		}
		*to = kind == 't'
		return d.token()
	}
}

func (d *decoder) raw(to *[]byte) func() error {
	return func() error {
		value, err := d.dec.ReadValue()
		if err != nil {
			return d.syntax(err)
		}
		*to = bytes.Clone(value)
		return nil
	}
}

func (d *decoder) wrongType(want string) error {
	if _, err := d.dec.ReadValue(); err != nil { // read it, so that the pointer names this member
		return d.syntax(err)
	}
	return d.fail("this is not " + want)
}

// end checks that nothing follows.
func (d *decoder) end() error {
	if _, err := d.dec.ReadToken(); err != io.EOF {
		return d.fail("more text follows the JSON value: remove it")
	}
	return nil
}

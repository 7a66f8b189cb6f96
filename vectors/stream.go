package vectors

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"iter"
	"slices"

	"github.com/go-json-experiment/json/jsontext"
)

// Line is one line of NDJSON: a vector, or a bare input, which becomes a vector with nothing else.
type Line struct {
	Number int
	Vector Vector
	// Fault says why the line, a JSON object, is not a usable vector. Vector then has at most an ID.
	Fault *Error
}

// MaxLine is the longest line of NDJSON, and the longest vector of a file, that is read, in bytes.
// It is also the longest answer of a port, and a port answers with a part of its vector.
const MaxLine = 16 << 20

// Stream reads NDJSON, one vector or bare input a line. Blank lines are skipped. It keeps one line
// in memory. A line that is not a JSON object ends it with an [*Error], which contains the name.
func Stream(name string, r io.Reader) iter.Seq2[Line, error] {
	return func(yield func(Line, error) bool) {
		lines := bufio.NewReaderSize(r, 1<<16)
		p := newLineParser(name)
		var text []byte
		for number := 1; ; number++ {
			var err error
			text, err = readLine(lines, text[:0])
			if err == io.EOF {
				return
			}
			if err != nil {
				yield(Line{}, &Error{Name: name, Line: number, Problem: err.Error()})
				return
			}
			if len(bytes.TrimSpace(text)) == 0 {
				continue
			}
			line, err := p.parse(number, text)
			if !yield(line, err) || err != nil {
				return
			}
		}
	}
}

// readLine appends the next line, without its end.
func readLine(lines *bufio.Reader, text []byte) ([]byte, error) {
	for {
		part, err := lines.ReadSlice('\n')
		text = append(text, part...)
		switch {
		case len(text) > MaxLine:
			return nil, fmt.Errorf("the line is longer than %d MiB: shorten the vector", MaxLine>>20)
		case err == bufio.ErrBufferFull:
			continue
		case err == io.EOF && len(text) > 0:
			return text, nil
		}
		return bytes.TrimSuffix(text, []byte("\n")), err
	}
}

// ParseLine reads one line of NDJSON. An error means that it is not a JSON object.
func ParseLine(name string, number int, text []byte) (Line, error) {
	return newLineParser(name).parse(number, text)
}

// lineParser reads line after line.
type lineParser struct {
	decoder *decoder
	known   fields
	vector  Vector
	bare    bool // members of an input are in the line itself
}

func newLineParser(name string) *lineParser {
	p := &lineParser{decoder: &decoder{name: name, dec: jsontext.NewDecoder(bytes.NewBuffer(nil))}}
	p.known = p.decoder.vectorFields(&p.vector)
	for member, read := range p.decoder.inputFields(&p.vector.Input) {
		p.known[member] = func() error { p.bare = true; return read() }
	}
	return p
}

func (p *lineParser) parse(number int, text []byte) (Line, error) {
	p.vector, p.bare = Vector{}, false
	err := p.decoder.reset(number, text)
	if err != nil {
		return Line{Number: number}, err
	}
	if err = p.decoder.object(p.known); err == nil {
		err = p.decoder.end()
	}
	line := Line{Number: number, Vector: p.vector}
	if err == nil {
		err = line.check(p.decoder, p.bare)
	}
	if fault, ok := errors.AsType[*Error](err); ok {
		id, object := lineID(text)
		if !object {
			return line, err
		}
		line.Fault, line.Vector = fault, Vector{ID: id}
	}
	return line, nil
}

// check finds errors that concern several members.
func (l *Line) check(d *decoder, bare bool) error {
	v := &l.Vector
	ofVector := v.Level != "" || v.Rule != "" || v.Why != "" || v.Expect != nil
	if bare && v.Input.Method != "" && ofVector {
		return d.fail("members of a vector and of an input are mixed: " +
			`put the input into a member "input"`)
	}
	if v.Level != "" && !slices.Contains(Levels(), v.Level) {
		return d.fail(fmt.Sprintf("level %q is unknown: choose core, extended or quirk", v.Level))
	}
	if problem := v.Input.problem(); problem != "" {
		return d.fail(problem)
	}
	if v.Input.Method == "" {
		return d.fail(`member "method" is missing: add it`)
	}
	return nil
}

// lineID returns the id of a line, and whether the line is a JSON object at all.
func lineID(text []byte) (id string, object bool) {
	d, err := newDecoder("", 1, text)
	if err != nil || d.open('{', "") != nil {
		return "", false
	}
	for d.dec.PeekKind() != '}' {
		var name string
		if raw, err := d.dec.ReadValue(); err != nil {
			return "", false
		} else {
			name = string(raw)
		}
		if name == `"id"` && d.dec.PeekKind() == '"' {
			_ = d.text(&id)()
			continue
		}
		if _, err := d.dec.ReadValue(); err != nil {
			return "", false
		}
	}
	return id, d.token() == nil && d.end() == nil
}

// Sign sets the line's expected answer. One without an id gets one from its number.
func (l *Line) Sign(o *Oracle) {
	if l.Vector.ID == "" {
		l.Vector.ID = fmt.Sprintf("line-%d", l.Number)
	}
	expect := Expect{Error: string(KindInvalidInput)}
	switch {
	case l.Fault == nil:
		expect = o.Expected(&l.Vector.Input)
	case l.Fault.Kind != "":
		expect.Error = string(l.Fault.Kind)
	}
	l.Vector.Expect = &expect
}

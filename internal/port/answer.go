package port

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"unicode/utf8"

	"github.com/go-json-experiment/json/jsontext"

	"sigkit/internal/wire"
	"sigkit/signer"
)

// Answer is one answer of a port. Nil members were not given.
type Answer struct {
	ID          *string
	Headers     []wire.Header
	HMACMsg     *string
	URL, Body   *string
	Error       *string
	Unsupported *string
	Unknown     []string // members of other names, which are ignored
	ByExitCode  bool     // Error was not printed: it is exit code 1, in exec mode
	NotUTF8     string   // where the answer is not UTF-8; the members that are not were left out
}

// MaxText is how much of a text that only people read is kept, in bytes.
const MaxText = 2048

// maxHeaders is how many headers an answer may have.
const maxHeaders = 1000

var errManyHeaders = fmt.Errorf("the answer has more than %d headers", maxHeaders)

// maxValues is how many values an answer may have, at any depth. The names of millions of members
// would take hundreds of megabytes.
const maxValues = 20_000

// fewValues counts the commas outside of strings.
func fewValues(text []byte) bool {
	count, inside := 0, false
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '"':
			inside = !inside
		case '\\':
			i++ // in a string, the next one does not end it
		case ',':
			if !inside {
				count++
			}
		}
	}
	return count < maxValues
}

// clip cuts a text that is only for people.
func clip(text string) string {
	if len(text) <= MaxText {
		return text
	}
	return strings.ToValidUTF8(text[:MaxText], "") + "\u2026"
}

// ParseAnswer reads an answer, a JSON object (see docs/PROTOCOL.md). The error says what is wrong
// with it. An id that is null or empty is none: the port could not parse the question. An escaped
// surrogate without its pair is read as U+FFFD: a port that signs one, and not
// refuses it, may well return it. Of an answer with headers that is not UTF-8 the rest is read.
func ParseAnswer(text []byte) (*Answer, error) {
	if !fewValues(text) {
		return nil, fmt.Errorf("the answer has more than %d values", maxValues)
	}
	valid := utf8.Valid(text)
	a, err := parseObject(text, valid)
	if err == nil || valid {
		return a, err
	}
	legible, stillWrong := parseObject(text, true)
	if stillWrong != nil || len(legible.Headers) == 0 {
		return nil, err
	}
	for _, member := range []**string{&legible.HMACMsg, &legible.URL, &legible.Body, &legible.Error} {
		if *member != nil && strings.Contains(**member, "\ufffd") {
			*member = nil
		}
	}
	legible.NotUTF8 = notUTF8(text)
	return legible, nil
}

// notUTF8 says where a text is not UTF-8, and what its bytes look like.
func notUTF8(text []byte) string {
	at := 0
	for r, size := utf8.DecodeRune(text); r != utf8.RuneError || size != 1; {
		at += size
		r, size = utf8.DecodeRune(text[at:])
	}
	looks := "Latin-1 or Windows-1252"
	if rest := text[at:]; len(rest) > 1 && rest[0] == 0xed && rest[1] >= 0xa0 {
		looks = "a surrogate, half of a character beyond U+FFFF"
	}
	return fmt.Sprintf("the answer is not UTF-8 at byte %d: %#x looks like %s", at+1, text[at], looks)
}

// parseObject reads an answer. If lenient, what is not UTF-8 is read as U+FFFD.
func parseObject(text []byte, lenient bool) (*Answer, error) {
	dec := jsontext.NewDecoder(bytes.NewBuffer(text), jsontext.AllowInvalidUTF8(lenient))
	if dec.PeekKind() != '{' {
		return nil, notAnAnswer(text)
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, notJSON(err)
	}
	var a Answer
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return nil, notJSON(err)
		}
		member := name.String()
		if member == "id" && dec.PeekKind() == 'n' {
			err = dec.SkipValue()
		} else if to := a.member(member); to != nil {
			*to, err = readText(dec, member)
		} else if member == "headers" {
			err = a.readHeaders(dec)
		} else {
			err = a.ignore(dec, member)
		}
		if err != nil {
			return nil, err
		}
	}
	if _, err := dec.ReadToken(); err != nil {
		return nil, notJSON(err)
	}
	if len(bytes.TrimSpace(text[dec.InputOffset():])) > 0 {
		return nil, errors.New("more text follows the answer")
	}
	if a.ID != nil && *a.ID == "" {
		a.ID = nil
	}
	return &a, nil
}

// member returns where a member of text goes, or nil.
func (a *Answer) member(name string) **string {
	switch name {
	case "id":
		return &a.ID
	case "hmac_msg":
		return &a.HMACMsg
	case "url":
		return &a.URL
	case "body":
		return &a.Body
	case "error":
		return &a.Error
	case "unsupported":
		return &a.Unsupported
	}
	return nil
}

// ignore skips a member that nobody asked for, and remembers its name.
func (a *Answer) ignore(dec *jsontext.Decoder, member string) error {
	const few = 5
	if len(a.Unknown) < few {
		a.Unknown = append(a.Unknown, clip(member))
	}
	if err := dec.SkipValue(); err != nil {
		return notJSON(err)
	}
	return nil
}

// checkID refuses the answer to another question.
func (a *Answer) checkID(due string) error {
	if a.ID != nil && *a.ID != due {
		return fmt.Errorf("it answered %q where %q was due: "+
			"answers come once each, in the order of the questions", clip(*a.ID), due)
	}
	return nil
}

func readText(dec *jsontext.Decoder, member string) (*string, error) {
	if kind := dec.PeekKind(); kind != '"' && kind != 0 {
		return nil, fmt.Errorf("member %q of the answer is not a string", clip(member))
	}
	token, err := dec.ReadToken()
	if err != nil {
		return nil, notJSON(err)
	}
	return new(token.String()), nil
}

func (a *Answer) readHeaders(dec *jsontext.Decoder) error {
	if dec.PeekKind() != '{' {
		return errors.New(`member "headers" of the answer is not an object`)
	}
	if _, err := dec.ReadToken(); err != nil {
		return notJSON(err)
	}
	a.Headers = []wire.Header{}
	for dec.PeekKind() != '}' {
		name, err := dec.ReadToken()
		if err != nil {
			return notJSON(err)
		}
		header := name.String()
		value, err := readText(dec, header)
		if err != nil {
			return err
		}
		a.Headers = append(a.Headers, wire.Header{Name: header, Value: *value})
		if len(a.Headers) > maxHeaders {
			return errManyHeaders
		}
	}
	_, err := dec.ReadToken()
	return err
}

func notJSON(err error) error {
	if syntax, ok := errors.AsType[*jsontext.SyntacticError](err); ok {
		return fmt.Errorf("the answer is not valid JSON at byte %d: %w", syntax.ByteOffset+1, syntax.Err)
	}
	return fmt.Errorf("the answer is not valid JSON: %w", err)
}

// notAnAnswer shows the first line of what came instead of an answer. Control characters stay as
// they are: the caller makes them visible.
func notAnAnswer(text []byte) error {
	const most = 80
	text, _, _ = bytes.Cut(bytes.TrimSpace(text), []byte("\n"))
	text = bytes.TrimSpace(text)
	more := ""
	if len(text) > most {
		text, more = text[:most], "\u2026"
	}
	hint := "logs belong on standard error"
	if name, _, _ := bytes.Cut(text, []byte(":")); strings.EqualFold(string(name), signer.Header) {
		hint = "lines of headers are an answer in exec mode only"
	}
	start := strings.ToValidUTF8(string(text), "\ufffd")
	return fmt.Errorf("`%s`%s came instead of a JSON object; %s", start, more, hint)
}

// parseOutput reads all that a process printed for one question: one JSON object, or header lines.
func parseOutput(text []byte) (*Answer, error) {
	text = bytes.TrimSpace(text)
	if len(text) == 0 || text[0] == '{' || !utf8.Valid(text) {
		return ParseAnswer(text)
	}
	var a Answer
	for whole := range bytes.Lines(text) {
		line := strings.TrimRight(string(whole), "\r\n") // its own: a header outlives the text
		if line == "" {
			continue
		}
		name, value, ok := strings.Cut(line, ":")
		if !ok || !isHeaderName(name) {
			return nil, notAnAnswer(text)
		}
		a.Headers = append(a.Headers, wire.Header{Name: name, Value: strings.Trim(value, " \t")})
		if len(a.Headers) > maxHeaders {
			return nil, errManyHeaders
		}
	}
	return &a, nil
}

func isHeaderName(s string) bool { return s != "" && !strings.ContainsAny(s, " \t\"'{[") }

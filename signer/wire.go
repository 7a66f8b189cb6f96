package signer

import (
	"strings"
	"unicode/utf8"
)

// Wire is the request as the reference client sends it. ContentType is empty when there is no body.
type Wire struct {
	Method      string
	URL         string // base URL, resource and query, as the dry run shows it; see [Target] for what goes into the request line
	Body        string // form-encoded, of a POST
	ContentType string
}

const formType = "application/x-www-form-urlencoded"

// Wire returns the request that r becomes (rules wire-form, wire-query). The error is of [KindInvalidUnicode].
func (s *Signer) Wire(r Request) (Wire, error) {
	w := Wire{Method: r.Method, URL: s.credentials.BaseURL + r.Resource}
	encoder := formEncoder{leaveNullOut: r.Method == "POST"}
	members := WithEmail(r.Data, s.credentials.Email)
	if r.Method != "POST" {
		sortMembers(members)
	}
	for _, m := range members {
		encoder.member(m)
	}
	if encoder.invalid {
		return Wire{}, invalidUnicode("request", string(encoder.text))
	}
	if r.Method == "POST" {
		w.Body, w.ContentType = string(encoder.out), formType
	} else if len(encoder.out) > 0 {
		w.URL += "?" + string(encoder.out)
	}
	return w, nil
}

// formEncoder writes pairs as application/x-www-form-urlencoded, the way of Python's urlencode with doseq.
type formEncoder struct {
	out          []byte
	text         []byte // the last text written, before escaping
	leaveNullOut bool   // as the reference's HTTP library does with a body
	invalid      bool   // some text had no UTF-8 form
}

func (e *formEncoder) member(m Member) {
	list, ok := m.Value.(List)
	if !ok {
		e.value(m.Key, m.Value)
		return
	}
	for _, element := range list {
		if inner, ok := element.(List); ok && e.leaveNullOut {
			e.flat(m.Key, inner)
		} else if inner, ok := element.(Object); ok && e.leaveNullOut {
			e.keys(m.Key, inner)
		} else if !e.leaveNullOut || !isNull(element) {
			e.pair(m.Key, element)
		}
	}
}

// value writes anything but a list.
func (e *formEncoder) value(key string, v Value) {
	switch v := v.(type) {
	case Object:
		e.keys(key, v)
	default:
		if !e.leaveNullOut || !isNull(v) {
			e.pair(key, v)
		}
	}
}

func (e *formEncoder) keys(key string, object Object) {
	for _, m := range dict(object) {
		e.pair(key, String(m.Key))
	}
}

func (e *formEncoder) flat(key string, list List) {
	for _, element := range list {
		e.pair(key, element)
	}
}

func (e *formEncoder) pair(key string, v Value) {
	if len(e.out) > 0 {
		e.out = append(e.out, '&')
	}
	e.text = append(e.text[:0], key...)
	e.escape()
	e.out = append(e.out, '=')
	e.text = AppendText(e.text[:0], v)
	e.escape()
}

func (e *formEncoder) escape() {
	e.invalid = e.invalid || !utf8.Valid(e.text)
	e.out = appendQuotePlus(e.out, e.text)
}

func isNull(v Value) bool {
	_, null := v.(Null)
	return null || v == nil
}

const upperHex = "0123456789ABCDEF"

// appendQuotePlus escapes as Python's quote_plus: letters, digits and _.-~ stand, a space is +, all else is %XX.
func appendQuotePlus(dst, text []byte) []byte {
	for _, c := range text {
		switch {
		case isUnreserved(c):
			dst = append(dst, c)
		case c == ' ':
			dst = append(dst, '+')
		default:
			dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return dst
}

// isUnreserved reports whether RFC 3986 calls c unreserved.
func isUnreserved(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || strings.IndexByte("-._~", c) >= 0
}

package signer

import "unicode/utf8"

// Sent is the request that the reference client sends (rules wire-form, wire-query). Its target is
// [Target] of its URL.
type Sent struct {
	Method string
	URL    string  // base URL, resource and query, as the dry run shows it
	Body   *string // form-encoded, see [FormType]; nil for all methods but POST
}

// FormType is the Content-Type of a request with a body.
const FormType = "application/x-www-form-urlencoded"

const post = "POST"

// form writes pairs as application/x-www-form-urlencoded, the way of Python's urlencode with doseq.
type form struct {
	out          []byte
	start        int    // where the form starts in out
	text         []byte // scratch: one text before escaping
	leaveNullOut bool   // as the reference's HTTP library does with a body, which also takes lists inside lists apart
	invalid      bool   // some text has no UTF-8 form
}

// members writes the data in the caller's order: of a key given twice the first place and the last value; the email, an extra member, over all others.
func (f *form) members(data Object, extra Member) {
	if len(data) > 32 {
		data = Set(data, extra)
	}
	placed := false
	for i, m := range data {
		if given(data[:i], m.Key) {
			continue
		}
		for _, later := range data[i+1:] {
			if later.Key == m.Key {
				m.Value = later.Value
			}
		}
		if m.Key == extra.Key {
			m, placed = extra, true
		}
		f.member(m)
	}
	if !placed {
		f.member(extra)
	}
}

func given(members Object, key string) bool {
	for i := range members {
		if members[i].Key == key {
			return true
		}
	}
	return false
}

func (f *form) member(m Member) {
	switch v := m.Value.(type) {
	case List:
		for _, element := range v {
			f.element(m.Key, element)
		}
	case Object:
		f.keys(m.Key, v)
	default:
		if !f.leaveNullOut || !isNull(v) {
			f.pair(m.Key, v)
		}
	}
}

// element writes an element of a list.
func (f *form) element(key string, element Value) {
	if !f.leaveNullOut {
		f.pair(key, element)
		return
	}
	switch v := element.(type) {
	case List:
		for _, inner := range v {
			f.pair(key, inner)
			f.checkText()
		}
	case Object:
		f.keys(key, v)
		f.checkText()
	default:
		if !isNull(v) {
			f.pair(key, v)
		}
	}
}

// keys writes one pair per key of an object.
func (f *form) keys(key string, object Object) {
	for _, m := range dict(object) {
		f.pair(key, String(m.Key))
		f.checkText()
	}
}

func (f *form) pair(key string, v Value) {
	if len(f.out) > f.start {
		f.out = append(f.out, '&')
	}
	f.out = append(appendQuotePlus(f.out, key), '=')
	if s, ok := v.(String); ok {
		f.out = appendQuotePlus(f.out, string(s))
		f.text = append(f.text[:0], s...)
		return
	}
	f.text = AppendText(f.text[:0], v)
	f.out = appendQuotePlus(f.out, f.text)
}

// checkText looks at the last value. Only text that is not in the message, which has been checked, needs it.
func (f *form) checkText() { f.invalid = f.invalid || !utf8.Valid(f.text) }

func isNull(v Value) bool {
	_, null := v.(Null)
	return null || v == nil
}

const upperHex = "0123456789ABCDEF"

// appendQuotePlus escapes as Python's quote_plus: letters, digits and _.-~ stand, a space is +, all else is %XX.
func appendQuotePlus[T string | []byte](dst []byte, text T) []byte {
	start := 0 // of what has not been copied yet
	for i := range len(text) {
		c := text[i]
		if unreserved[c] {
			continue
		}
		dst = append(dst, text[start:i]...)
		start = i + 1
		if c == ' ' {
			dst = append(dst, '+')
		} else {
			dst = append(dst, '%', upperHex[c>>4], upperHex[c&15])
		}
	}
	return append(dst, text[start:]...)
}

// unreserved are the characters that RFC 3986 calls so.
var unreserved = bytesOf("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")

func bytesOf(chars string) (set [256]bool) {
	for _, c := range []byte(chars) {
		set[c] = true
	}
	return set
}

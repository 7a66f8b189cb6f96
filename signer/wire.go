package signer

import (
	"iter"
	"unicode/utf8"
)

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

// body returns the body, which is empty if there is none.
func (s *Sent) body() string {
	if s.Body == nil {
		return ""
	}
	return *s.Body
}

// sent returns the request that is sent for r, whose message has been built in w. It is nil if some
// text cannot be encoded as UTF-8.
func (w *workspace) sent(r Request, c Credentials) *Sent {
	f := form{out: append(append(w.encoded[:0], c.BaseURL...), r.Resource...), text: w.text}
	urlEnd := len(f.out)
	if f.start = urlEnd; r.Method == post {
		f.body(WithEmail(r.Data, c.Email))
	} else {
		f.out = append(f.out, '?')
		f.start = len(f.out)
		f.query(w.sorted)
		urlEnd = len(f.out)
	}
	w.encoded, w.text = f.out, f.text
	if f.invalid {
		return nil
	}
	all := string(f.out)
	sent := &Sent{Method: r.Method, URL: all[:urlEnd]}
	if r.Method == post {
		sent.Body = new(all[urlEnd:])
	}
	return sent
}

// form writes pairs as application/x-www-form-urlencoded.
type form struct {
	out     []byte
	start   int    // where the form starts in out
	text    []byte // memory for one value before escaping
	invalid bool   // some text cannot be encoded as UTF-8
}

// query writes the data the way of Python's urlencode with doseq (rule wire-query).
func (f *form) query(data Object) {
	for _, m := range data {
		for v := range elements(m.Value) {
			f.pair(m.Key, v)
		}
	}
}

// body writes the data the way of the reference's HTTP library (rule wire-form). The library splits
// lists and objects into their elements, drops null, and calls urlencode, which splits the elements
// once more.
func (f *form) body(data Object) {
	for _, m := range data {
		for v := range elements(m.Value) {
			if isNull(v) {
				continue
			}
			for inner := range elements(v) {
				f.pair(m.Key, inner)
			}
		}
	}
}

// elements iterates over what Python iterates over: the elements of a list, the keys of an object.
// Any other value is its own only element.
func elements(v Value) iter.Seq[Value] {
	return func(yield func(Value) bool) {
		switch v := v.(type) {
		case List:
			for _, element := range v {
				if !yield(element) {
					return
				}
			}
		case Object:
			for _, m := range dict(v) {
				if !yield(String(m.Key)) {
					return
				}
			}
		default:
			yield(v)
		}
	}
}

func (f *form) pair(key string, v Value) {
	if len(f.out) > f.start {
		f.out = append(f.out, '&')
	}
	f.out = append(appendQuotePlus(f.out, key), '=')
	f.text = AppendText(f.text[:0], v)
	f.invalid = f.invalid || !utf8.Valid(f.text)
	f.out = appendQuotePlus(f.out, f.text)
}

func isNull(v Value) bool {
	_, null := v.(Null)
	return null || v == nil
}

const upperHex = "0123456789ABCDEF"

// appendQuotePlus escapes as Python's quote_plus: letters, digits and _.-~ stay, a space becomes +,
// every other byte becomes %XX.
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
var unreserved = bytesOf(alphanumeric + "-._~")

const alphanumeric = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789"

func bytesOf(chars string) (set [256]bool) {
	for _, c := range []byte(chars) {
		set[c] = true
	}
	return set
}

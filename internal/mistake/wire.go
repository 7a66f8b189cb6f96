package mistake

import (
	"slices"
	"strings"

	"sigkit/internal/wire"
	"sigkit/signer"
)

// sending is how a request is sent, with every step exchangeable.
type sending struct {
	base     func(q *question) string
	pairs    func(post bool, data signer.Object) []pair
	boolean  func(bool) string
	escape   func(string) string
	body     func(data signer.Object, form string) string
	inQuery  func(method string) bool // where the form goes: into the URL, else into a body
	withForm bool
}

func reference() sending {
	return sending{
		base: server, pairs: formPairs, boolean: func(b bool) string { return textOf(signer.Bool(b)) }, escape: percent(alphanumeric+"_.-~", "+", upper),
		body: func(_ signer.Object, form string) string { return form }, inQuery: func(method string) bool { return method != "POST" }, withForm: true,
	}
}

// wireMistakes are about the request that is sent.
func wireMistakes() []Mistake {
	return []Mistake{
		sent("sent-body-as-json", "wire-form", "The body of a POST is sent as JSON.", "Send it form-encoded.", "body", func(s *sending) {
			s.body = func(data signer.Object, _ string) string { return jsonText(data, "", "") }
		}),
		sent("sent-post-in-query", "wire-form", "The data of a POST is sent in the URL.", "Send it in the body.", "place", func(s *sending) { s.inQuery = func(string) bool { return true } }),
		sent("sent-email-missing", "wire-form", "The email is signed and not sent.", "Send the data with the email in it.", "pairs", func(s *sending) {
			s.pairs = func(post bool, data signer.Object) []pair {
				return slices.DeleteFunc(formPairs(post, data), func(p pair) bool { return p.key == "email" })
			}
		}),
		sent("sent-sorted", "wire-form", "The body is sent in the order of the message.", "Send the data in the caller's order, the email last.", "pairs", func(s *sending) {
			s.pairs = func(post bool, data signer.Object) []pair { return byKey(formPairs(post, data)) }
		}),
		sent("sent-null-as-none", "wire-form", "Null is sent as None in a body.", "Leave null out of a body.", "pairs", func(s *sending) {
			s.pairs = func(_ bool, data signer.Object) []pair { return spread(data, false) }
		}),
		sent("sent-booleans-lower-case", "wire-form", "Booleans are sent as true and false.", "Send True and False, as they are signed.", "boolean", func(s *sending) {
			s.boolean = func(b bool) string { return map[bool]string{true: "true", false: "false"}[b] }
		}),
		sent("sent-lists-sorted", "wire-query", "Lists are sent sorted.", "Send lists in the caller's order.", "pairs", func(s *sending) {
			s.pairs = func(post bool, data signer.Object) []pair {
				data = slices.Clone(data)
				for i, m := range data {
					if list, ok := m.Value.(signer.List); ok {
						data[i].Value = pythonOrder(list)
					}
				}
				return formPairs(post, data)
			}
		}),
		sent("sent-query-unsorted", "wire-query", "The query is sent in the caller's order.", "Sort the query by key.", "pairs", func(s *sending) {
			s.pairs = func(post bool, data signer.Object) []pair { return spread(data, post) }
		}),
		sent("sent-query-missing", "wire-query", "The data of a request other than POST is not sent.", "Send it as the query.", "form", func(s *sending) { s.withForm = false }),
		sent("sent-unescaped", "wire-query", "Keys and values are sent as they are signed, unescaped.", "Percent-encode what is sent.", "escape", func(s *sending) { s.escape = same }),
		sent("sent-escaped-twice", "wire-query", "Keys and values are escaped twice.", "Percent-encode once; the HTTP library may do it already.", "escape", func(s *sending) {
			once := s.escape
			s.escape = func(t string) string { return once(once(t)) }
		}),
		sent("base-url-slash-trimmed", "base-url", "A slash at the end of an explicit base URL is cut off.", "Use an explicit base URL unchanged.", "base", func(s *sending) {
			s.base = func(q *question) string { return strings.TrimRight(server(q), "/") }
		}),
		sent("base-url-profile-only", "base-url", "A server_url in the key file is not looked at.", "Profile vigiles: send to the key file's server_url.", "base", func(s *sending) {
			s.base = func(q *question) string {
				if q.in.BaseURL != nil {
					return *q.in.BaseURL
				}
				return signer.Profile(q.in.Profile).DefaultServer()
			}
		}),
		sent("base-url-linuxlink-always", "base-url", "Requests of profile vigiles go to the server of linuxlink.", "Each profile has a server of its own.", "base", func(s *sending) {
			s.base = func(q *question) string {
				return strings.Replace(server(q), signer.Vigiles.DefaultServer(), signer.LinuxLink.DefaultServer(), 1)
			}
		}),
	}
}

func sent(id, rule, what, fix, slot string, change func(*sending)) Mistake {
	return Mistake{ID: id, Rule: rule, What: what, Fix: fix, slot: "sent-" + slot, wire: true, change: func(r *recipe) { change(&r.request) }}
}

// formPairs are the pairs that the reference sends (rules wire-form, wire-query).
func formPairs(post bool, data signer.Object) []pair {
	pairs := spread(data, post)
	if post {
		return pairs
	}
	return byKey(pairs)
}

// spread takes data apart: where null is left out, as in a body, lists in lists are taken apart, too. Booleans stand as a value of their own until they are written.
func spread(data signer.Object, leaveNullOut bool) (pairs []pair) {
	for _, m := range data {
		emit := func(v signer.Value) {
			if _, null := v.(signer.Null); null && leaveNullOut {
				return
			}
			pairs = append(pairs, pair{m.Key, m.Key, wireText(v)})
		}
		switch v := m.Value.(type) {
		case signer.List:
			for _, element := range v {
				inner, isList := element.(signer.List)
				keys, isObject := element.(signer.Object)
				switch {
				case isList && leaveNullOut:
					for _, e := range inner {
						pairs = append(pairs, pair{m.Key, m.Key, wireText(e)})
					}
				case isObject && leaveNullOut:
					for _, k := range keys {
						emit(signer.String(k.Key))
					}
				default:
					emit(element)
				}
			}
		case signer.Object:
			for _, inner := range v {
				emit(signer.String(inner.Key))
			}
		default:
			emit(v)
		}
	}
	return pairs
}

// The marks of booleans among texts that are going to be sent.
const (
	markTrue  = "\x00true"
	markFalse = "\x00false"
)

func wireText(v signer.Value) string {
	if b, ok := v.(signer.Bool); ok {
		if b {
			return markTrue
		}
		return markFalse
	}
	return textOf(v)
}

// send returns the request, or nil where nothing is sent.
func (r *recipe) send(q *question) (request *signer.Sent) {
	defer func() {
		if caught := recover(); caught != nil {
			if _, ours := caught.(refusal); !ours {
				panic(caught)
			}
			request = nil
		}
	}()
	email, _ := r.credentials(q)
	data, _ := r.joined(q, email)
	s := r.request
	method := q.in.Method
	var parts []string
	for _, p := range s.pairs(method == "POST", data) {
		switch p.value {
		case markTrue:
			p.value = s.boolean(true)
		case markFalse:
			p.value = s.boolean(false)
		}
		parts = append(parts, s.escape(p.key)+"="+s.escape(p.value))
	}
	form := strings.Join(parts, "&")
	request = &signer.Sent{Method: method, URL: s.base(q) + q.in.Resource}
	switch {
	case !s.inQuery(method):
		request.Body = new(s.body(data, form))
	case s.withForm:
		request.URL += "?" + form
	}
	return request
}

// sameRequest reports whether two requests reach a server as the same.
func sameRequest(a, b *signer.Sent) bool {
	if a == nil || b == nil {
		return a == b
	}
	return wire.SameURL(a.URL, b.URL) && (a.Body == nil) == (b.Body == nil) && (a.Body == nil || wire.SameForm(*a.Body, *b.Body))
}

package mistake

import (
	"slices"
	"strings"
	"unicode/utf8"

	"sigkit/signer"
)

// Send returns the request that a port with these steps sends, or nil if it sends none.
func (s *Steps) Send(q *Question) *signer.Sent {
	email, _, err := s.credentials(q)
	if err != nil {
		return nil
	}
	data, apart, err := s.withEmail(q, email)
	if err != nil {
		return nil
	}
	data = s.SendEmail(slices.Concat(data, apart))
	method := q.input.Method
	inBody := s.SendInBody(method)
	var form string
	if s.SendSigned {
		form, err = s.signedForm(q, data)
	} else {
		form, err = s.form(data, method == "POST")
	}
	if err != nil {
		return nil
	}
	sent := &signer.Sent{Method: method, URL: s.SendURL(s.SendBase(s.server(q)), q.input.Resource)}
	both := s.SendInBoth(method)
	if inBody || both {
		sent.Body = new(s.SendBody(data, form))
	}
	if (!inBody || both) && s.SendForm(method) {
		sent.URL = s.SendQuery(sent.URL, form)
	}
	return sent
}

// form writes data as a form: in the caller's order for a body, else sorted by key (rules
// wire-form, wire-query).
func (s *Steps) form(data signer.Object, inBody bool) (string, error) {
	if !inBody {
		data = sortedByKey(data)
	}
	var pairs []string
	for _, m := range data {
		sent, err := s.sentPairs(m, inBody)
		if err != nil {
			return "", err
		}
		pairs = append(pairs, sent...)
	}
	return strings.Join(pairs, "&"), nil
}

// signedForm writes the pairs that are signed as a form.
func (s *Steps) signedForm(q *Question, data signer.Object) (string, error) {
	made, err := s.pairs(q, data)
	if err != nil {
		return "", err
	}
	var pairs []string
	for _, p := range s.SortPairs(made) {
		if !utf8.ValidString(p.Key + p.Value) {
			return "", ErrRefused
		}
		pairs = append(pairs, s.SendEscapeKey(p.Key)+"="+s.SendEscape(p.Value))
	}
	return strings.Join(pairs, "&"), nil
}

func compareKeys(a, b signer.Member) int { return strings.Compare(a.Key, b.Key) }

// sentPairs returns the pairs of one member of the data, escaped. It refuses an unpaired surrogate,
// which the form cannot carry.
func (s *Steps) sentPairs(m signer.Member, inBody bool) (pairs []string, err error) {
	values, err := s.sentValues(m.Value, inBody)
	if err != nil {
		return nil, err
	}
	escape := s.SendEscape
	if m.Key == "email" {
		escape = s.SendEscapeEmail
	}
	_, isList := m.Value.(signer.List)
	for i, v := range values {
		key := m.Key
		if isList {
			key = s.SendListKey(key, i)
		}
		text, keep := s.sentText(v, inBody)
		if !keep {
			continue
		}
		if !utf8.ValidString(key + text) {
			return nil, ErrRefused
		}
		pairs = append(pairs, s.SendEscapeKey(key)+"="+escape(text))
	}
	return pairs, nil
}

// sentValues returns the values that are sent under one key. In a body, lists and objects inside a
// list are taken apart, too.
func (s *Steps) sentValues(v signer.Value, inBody bool) (list signer.List, err error) {
	switch v := v.(type) {
	case signer.Object:
		return keys(v), nil
	case signer.List:
		if len(v) == 0 {
			return s.SendEmptyList(), nil
		}
		list, err = s.SendList(v)
		if err == nil && inBody {
			list = flattenOnce(list)
		}
		return list, err
	}
	return signer.List{v}, nil
}

func keys(object signer.Object) (list signer.List) {
	for _, m := range object {
		list = append(list, signer.String(m.Key))
	}
	return list
}

// asText is a value that is sent as Python's str() writes it, whatever it is: an element of a list
// inside a list, where null is kept.
type asText struct{ signer.Value }

func flattenOnce(list signer.List) (flat signer.List) {
	for _, v := range list {
		switch v := v.(type) {
		case signer.List:
			for _, inner := range v {
				flat = append(flat, asText{inner})
			}
		case signer.Object:
			flat = append(flat, keys(v)...)
		default:
			flat = append(flat, v)
		}
	}
	return flat
}

func (s *Steps) sentText(v signer.Value, inBody bool) (text string, keep bool) {
	switch v := v.(type) {
	case asText:
		if b, ok := v.Value.(signer.Bool); ok {
			return s.SendBoolean(bool(b)), true
		}
		return textOf(v.Value), true
	case signer.Bool:
		return s.SendBoolean(bool(v)), true
	case signer.Null, nil:
		return s.SendNull(inBody)
	case signer.String:
		return s.SendText(string(v)), true
	}
	return textOf(v), true
}

// referenceForm returns the form that the reference sends of data. It is refused if it contains an
// unpaired surrogate.
func referenceForm(method string, data signer.Object) (string, error) {
	return reference().form(data, method == "POST")
}

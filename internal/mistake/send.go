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
		form, err = s.form(q, data, method == "POST")
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
func (s *Steps) form(q *Question, data signer.Object, inBody bool) (string, error) {
	if !inBody {
		data = sortedByKey(data)
	}
	sending := s.sending(q, inBody)
	for _, m := range data {
		if err := s.sendMember(sending, m, inBody); err != nil {
			return "", err
		}
	}
	return s.escapedForm(sending.made, s.SendEscapeEmail)
}

// signedForm writes the pairs that are signed as a form.
func (s *Steps) signedForm(q *Question, data signer.Object) (string, error) {
	made, err := s.pairs(q, data)
	if err != nil {
		return "", err
	}
	return s.escapedForm(s.OrderPairs(s.SortPairs(made)), s.SendEscape)
}

// escapedForm joins pairs that are sent. It refuses an unpaired surrogate, which the form cannot
// carry.
func (s *Steps) escapedForm(pairs []Pair, escapeEmail func(string) string) (string, error) {
	texts := make([]string, len(pairs))
	for i, p := range pairs {
		if !utf8.ValidString(p.Key + p.Value) {
			return "", ErrRefused
		}
		escape := s.SendEscape
		if p.Sort == "email" {
			escape = escapeEmail
		}
		texts[i] = s.SendEscapeKey(p.Key) + "=" + escape(p.Value)
	}
	return strings.Join(texts, "&"), nil
}

func compareKeys(a, b signer.Member) int { return strings.Compare(a.Key, b.Key) }

// sending returns what collects the pairs that are sent: its steps write texts as they are sent.
func (s *Steps) sending(q *Question, inBody bool) *Signing {
	steps := reference()
	steps.TrimString, steps.OmitString = s.SendText, s.SendOmit
	steps.Boolean, steps.Integer, steps.Float = s.SendBoolean, s.SendInteger, s.SendFloat
	steps.Null = func() (string, bool) { return s.SendNull(inBody) }
	steps.NestedText = s.SendNested
	return &Signing{Steps: steps, Question: q}
}

// sendMember adds the pairs of one member of the data.
func (s *Steps) sendMember(sending *Signing, m signer.Member, inBody bool) error {
	switch v := m.Value.(type) {
	case signer.Object:
		return s.SendObject(sending, m.Key, v)
	case signer.List:
		return s.sendList(sending, m.Key, v, inBody)
	}
	return sending.AddValue(m.Key, m.Key, m.Value)
}

// sendList adds the pairs of a list. In a body, lists and objects inside a list are taken apart.
func (s *Steps) sendList(sending *Signing, key string, list signer.List, inBody bool) (err error) {
	if len(list) == 0 {
		list = s.SendEmptyList()
	} else if list, err = s.SendList(list); err != nil {
		return err
	}
	if inBody {
		list = s.SendFlattened(list)
	}
	for i, v := range list {
		if err := sending.AddValue(key, s.SendListKey(key, i), v); err != nil {
			return err
		}
	}
	return nil
}

// flattenOnce takes lists and objects inside a list apart. A null inside them is kept.
func flattenOnce(list signer.List) (flat signer.List) {
	for _, v := range list {
		switch v := v.(type) {
		case signer.List:
			for _, inner := range v {
				if isNull(inner) {
					inner = signer.String(textOf(inner))
				}
				flat = append(flat, inner)
			}
		case signer.Object:
			for _, m := range v {
				flat = append(flat, signer.String(m.Key))
			}
		default:
			flat = append(flat, v)
		}
	}
	return flat
}

// referenceForm returns the form that the reference sends of the data of a question. It is refused
// if it contains an unpaired surrogate.
func referenceForm(q *Question, data signer.Object) (string, error) {
	return reference().form(q, data, q.input.Method == "POST")
}

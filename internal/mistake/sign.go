package mistake

import (
	"slices"
	"unicode/utf8"

	"sigkit/signer"
)

// Answer is what a port with some mistakes answers to a question.
type Answer struct {
	Refused bool
	Header  string // the name of the header that carries the token
	Token   string
	Message string // before it is encoded
}

// Sign answers a question.
func (s *Steps) Sign(q *Question) Answer {
	a, err := s.sign(q)
	if err != nil {
		return Answer{Refused: true}
	}
	return a
}

// sign takes what it can from the reference's answer: the message if no step before the token
// differs, the token if key and message are the same.
func (s *Steps) sign(q *Question) (a Answer, err error) {
	due := q.reference()
	key := due.key
	a = Answer{Header: s.HeaderName, Message: due.message}
	switch {
	case s.changes.message:
		if a.Message, key, err = s.message(q); err != nil {
			return a, err
		}
	case due.messageErr != nil:
		return a, due.messageErr
	}
	if !s.changes.token && key == due.key && a.Message == due.message {
		a.Token = due.token
		return a, due.tokenErr
	}
	a.Token, err = s.finishToken(key, a.Message)
	return a, err
}

// message is steps 1 to 7: the message before it is encoded, and the key.
func (s *Steps) message(q *Question) (message, key string, err error) {
	email, key, err := s.credentials(q)
	if err != nil {
		return "", "", err
	}
	method, err := s.CheckMethod(q.input.Method)
	if err != nil {
		return "", "", err
	}
	parameters, err := s.parameters(q, email)
	if err != nil {
		return "", "", err
	}
	if s.RefuseResource(q.input.Resource) {
		return "", "", ErrRefused
	}
	resource := s.Resource(s, q, q.input.Resource)
	message = s.ChangeMessage(s.Layout(s.SignedMethod(method), resource, parameters))
	if s.RefuseMessage(message) {
		return "", "", ErrRefused
	}
	return message, key, nil
}

// finishToken is step 8: it returns the token of a message.
func (s *Steps) finishToken(key, message string) (string, error) {
	keyBytes, err := s.KeyBytes(key)
	if err != nil {
		return "", err
	}
	encoded, err := s.Encode(message)
	if err != nil {
		return "", err
	}
	return s.ChangeToken(s.EncodeToken(s.MAC(keyBytes, s.ChangeBytes(encoded)))), nil
}

// credentials is step 1.
func (s *Steps) credentials(q *Question) (email, key string, err error) {
	if !s.changes.credentials {
		due := q.reference()
		return due.email, due.key, due.credentialsErr
	}
	return s.readCredentials(q)
}

func (s *Steps) readCredentials(q *Question) (email, key string, err error) {
	switch {
	case q.invalid:
		return "", "", ErrRefused
	case q.input.KeyFile == nil && !utf8.ValidString(*q.input.Key):
		return "", "", ErrRefused
	case q.input.KeyFile == nil && s.RefuseGiven(*q.input.Email, *q.input.Key):
		return "", "", ErrRefused
	case q.input.KeyFile == nil:
		return s.accepted(*q.input.Email, *q.input.Key, true)
	}
	file, err := s.readFile(*q.input.KeyFile)
	if err != nil {
		return "", "", err
	}
	if email, err = s.required(file, "email"); err != nil {
		return "", "", err
	}
	key, given, err := s.secret(q, file)
	if err != nil {
		return "", "", err
	}
	email, key = s.StripEmail(email), s.StripKey(key)
	if s.RefuseStripped(email, key, given) {
		return "", "", ErrRefused
	}
	if key = s.FileKey(key); !utf8.ValidString(key) {
		if key, err = s.InvalidKey(key); err != nil {
			return "", "", err
		}
	}
	return s.accepted(s.FileEmail(email), key, given)
}

// accepted returns the credentials, if the port does not refuse them. A key that is not given at
// all is another matter.
func (s *Steps) accepted(email, key string, keyGiven bool) (string, string, error) {
	if s.RefuseEmail(email) || keyGiven && s.RefuseKey(key) {
		return "", "", ErrRefused
	}
	return s.ChangeEmail(email), key, nil
}

// parameters is steps 2 to 6: the joined pairs.
func (s *Steps) parameters(q *Question, email string) (string, error) {
	data, apart, err := s.withEmail(q, email)
	if err != nil {
		return "", err
	}
	joined, err := s.joined(q, data, apart)
	if err != nil {
		return "", err
	}
	whole := slices.Concat(data, apart)
	if s.EmailPlace == First {
		whole = slices.Concat(apart, data)
	}
	return s.Parameters(&Signing{Steps: s, Question: q}, whole, joined)
}

// joined is steps 3 to 6: the pairs of the data, and those that take no part in the sorting.
func (s *Steps) joined(q *Question, data, apart signer.Object) (string, error) {
	pairs, err := s.pairs(q, data)
	if err != nil {
		return "", err
	}
	pairs = s.OrderPairs(s.SortPairs(pairs))
	own, err := s.pairs(q, apart)
	if err != nil {
		return "", err
	}
	if s.EmailPlace == First {
		pairs = slices.Concat(own, pairs)
	} else {
		pairs = slices.Concat(pairs, own)
	}
	texts := make([]string, len(pairs))
	for i, p := range pairs {
		if !p.Blank {
			texts[i] = s.PairText(p.Key, p.Value)
		}
	}
	return s.FinishPairs(s.JoinPairs(texts)), nil
}

// withEmail returns the data with email and tokens, and apart from it the email if it does not take
// part in the sorting.
func (s *Steps) withEmail(q *Question, email string) (data, apart signer.Object, err error) {
	data = q.data
	if other := q.minusZero[s.MinusZero]; other != nil {
		data = other
	}
	if q.written != nil {
		if data, err = s.Repeated(q.written, data); err != nil {
			return nil, nil, err
		}
	}
	data = without(data, func(m signer.Member) bool { return !s.KeepName(m.Key) })
	if err := s.CheckData(data); err != nil {
		return nil, nil, err
	}
	if q.input.DashboardConfig != nil {
		if data, err = s.AddTokens(s, q); err != nil {
			return nil, nil, err
		}
	}
	if s.EmailPlace == Sorted {
		return s.AddEmail(data, email), nil, nil
	}
	isEmail := func(m signer.Member) bool { return m.Key == "email" }
	data = slices.DeleteFunc(slices.Clone(data), isEmail)
	if s.EmailPlace == Absent {
		return data, nil, nil
	}
	return data, signer.Object{{Key: "email", Value: signer.String(email)}}, nil
}

func (s *Steps) pairs(q *Question, data signer.Object) ([]Pair, error) {
	signing := &Signing{Steps: s, Question: q}
	for _, m := range data {
		if err := signing.member(m); err != nil {
			return nil, err
		}
	}
	return signing.made, nil
}

// Signing is one signature in the making: it collects the pairs.
type Signing struct {
	*Steps
	*Question
	made []Pair
}

func (s *Signing) member(m signer.Member) error {
	if s.RefuseName(m.Key) {
		return ErrRefused
	}
	switch v := m.Value.(type) {
	case signer.List:
		list, err := s.ordered(v)
		if err != nil {
			return err
		}
		return s.ListPairs(s, m.Key, list)
	case signer.Object:
		return s.ObjectPairs(s, m.Key, v)
	}
	return s.AddValue(m.Key, m.Key, m.Value)
}

// ordered is step 3: the list in the order in which it is signed.
func (s *Signing) ordered(list signer.List) (signer.List, error) {
	list = without(list, func(v signer.Value) bool { return !s.KeepElement(v) })
	sorted, err := signer.SortList(list)
	if err != nil {
		return s.Unorderable(s.Steps, list)
	}
	return s.SortList(list, sorted), nil
}

// without returns a list without some elements. It copies the list if it drops any.
func without[L ~[]E, E any](list L, drop func(E) bool) L {
	if !slices.ContainsFunc(list, drop) {
		return list
	}
	return slices.DeleteFunc(slices.Clone(list), drop)
}

// AddValue adds a pair, unless a mistake leaves the value out. The pair is sorted by the key sort.
func (s *Signing) AddValue(sort, key string, v signer.Value) error {
	text, keep, err := s.Text(v)
	if err == nil && keep {
		s.Add(sort, key, text)
	}
	return err
}

// Add adds a pair of texts. The pair is sorted by the key sort.
func (s *Signing) Add(sort, key, text string) {
	value := s.EscapeValue(text)
	if key == "email" {
		value = s.EscapeEmail(value)
	}
	s.made = append(s.made, Pair{Sort: sort, Key: s.EscapeKey(s.ChangeKey(key)), Value: value})
}

// Text returns a value as text, and whether it is kept.
func (s *Signing) Text(v signer.Value) (text string, keep bool, err error) {
	switch v := v.(type) {
	case signer.String:
		if s.RefuseText(string(v)) {
			return "", false, ErrRefused
		}
		text = s.stringText(string(v))
		return s.EscapeString(text), !s.OmitString(text), nil
	case signer.Bool:
		text, keep = s.Boolean(bool(v))
		return text, keep, nil
	case signer.Int:
		text, err = s.Integer(v)
		return text, true, err
	case signer.Float:
		text, err = s.Float(s.Question, v)
		return text, true, err
	case signer.List, signer.Object:
		text, err = s.NestedText(v)
		return text, true, err
	}
	text, keep = s.Null()
	return text, keep, nil
}

func (s *Signing) stringText(text string) string {
	for _, step := range []func(string) string{
		s.TrimString, s.Normalize, s.LineEnds, s.ChangeCase,
		s.GuessType, s.DropControls, s.CutString,
	} {
		text = step(text)
	}
	return text
}

// TokenOf answers a question whose message is known: only the key and step 8 count.
func (s *Steps) TokenOf(q *Question, message string) Answer {
	_, key, err := s.credentials(q)
	if err != nil {
		return Answer{Refused: true}
	}
	token, err := s.finishToken(key, message)
	if err != nil {
		return Answer{Refused: true}
	}
	return Answer{Header: s.HeaderName, Token: token, Message: message}
}

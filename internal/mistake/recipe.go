package mistake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"sigkit/signer"
	"sigkit/vectors"
)

// recipe is the signing with every step exchangeable. A step that cannot go on calls refuse.
type recipe struct {
	// Step 1: credentials and dashboard configs, from the texts of files.
	file       func(text string) signer.Object                   // the members; values in the place and with the value that count
	member     func(v signer.Value) string                       // the text of a member that must be a string
	secret     func(r *recipe, p string, f signer.Object) string // the key, unstripped
	missing    func() string                                     // instead of a member that is not there
	badKey     func(string) string                               // instead of a key without UTF-8 form
	stripEmail func(string) string
	stripKey   func(string) string
	stripToken func(string) string // of a dashboard config
	direct     func(string) string // what happens to an email that is given without a file
	keyBytes   func(string) []byte
	tokens     func(r *recipe, q *question) signer.Object

	// Step 2: the email.
	email   func(data signer.Object, email string) signer.Object
	emailAt place // for a port that keeps it out of the sorted pairs

	// Steps 3 and 5: values, to pairs of text.
	order   func(signer.List) signer.List
	list    func(w *writer, key string, list signer.List)
	object  func(w *writer, key string, object signer.Object)
	texts   []func(string) string // strings, one after the other
	drops   func(text string) bool
	boolean func(bool) (text string, keep bool)
	null    func() (text string, keep bool)
	integer func(signer.Int) string
	float   func(q *question, f signer.Float) string
	nested  func(signer.Value) string

	// Steps 4 and 6: pairs, to one text.
	escapeKey, escapeValue func(string) string
	arrange                func([]pair) []pair
	equals, separator      string
	pairText               func(r *recipe, p pair) string
	finish                 func(joined string) string

	// Step 7: the message.
	method   func(string) string
	verb     func(string) string // the method as signed
	resource func(q *question, resource string) string
	params   func(w *writer, data signer.Object, joined string) string
	layout   func(method, resource, params string) string
	encode   func(string) []byte
	bytes    func([]byte) []byte

	// Step 8: the token.
	mac      func(key, message []byte) []byte
	spell    func([]byte) string
	decorate func(string) string
	header   string

	request sending
}

type place int

const (
	sorted place = iota
	first
	last
	absent
)

// pair is one pair of the message: sort is the key by which it is sorted.
type pair struct{ sort, key, value string }

// canonical is the signing as it should be.
func canonical() *recipe {
	return &recipe{
		file: strictFile, member: mustBeText, secret: secretOf, missing: func() string { refuse(); return "" }, badKey: func(string) string { refuse(); return "" }, stripEmail: signer.Strip, stripKey: signer.Strip, stripToken: signer.Strip, direct: same, keyBytes: func(s string) []byte { return []byte(s) },
		tokens: dashboardTokens,
		email:  signer.WithEmail,
		order:  pythonOrder, list: onePairEach, object: keysOf, drops: func(string) bool { return false },
		boolean: func(b bool) (string, bool) { return textOf(signer.Bool(b)), true }, null: func() (string, bool) { return "None", true },
		integer: func(i signer.Int) string { return i.String() }, float: func(_ *question, f signer.Float) string { return textOf(f) }, nested: repr,
		escapeKey: same, escapeValue: same, arrange: byKey, equals: "=", separator: "&",
		pairText: func(r *recipe, p pair) string { return p.key + r.equals + p.value }, finish: same,
		method: upperOnly, verb: same, resource: func(_ *question, resource string) string { return resource },
		params: func(_ *writer, _ signer.Object, joined string) string { return joined },
		layout: func(method, resource, params string) string { return method + resource + params },
		encode: strictUTF8, bytes: func(b []byte) []byte { return b },
		mac: hmacSHA256, spell: base64.StdEncoding.EncodeToString, decorate: same, header: signer.Header,
		request: reference(),
	}
}

// refusal is what refuse throws and answer catches.
type refusal struct{}

func refuse() { panic(refusal{}) }

// answer is what a port with some mistakes answers.
type answer struct {
	refused bool
	header  string
	token   string
	message string // before it is encoded
}

// question is an input, taken apart as far as no mistake can change.
type question struct {
	in       *vectors.Input
	data     signer.Object
	bad      bool               // the data is refused by all
	spelling map[float64]string // floats as the author wrote them
}

func newQuestion(in *vectors.Input) *question {
	data, err := signer.ParseData(in.Data)
	return &question{in: in, data: data, bad: err != nil, spelling: spellings(in.Data)}
}

// answer signs.
func (r *recipe) answer(q *question) (a answer) {
	defer func() {
		if caught := recover(); caught != nil {
			if _, ours := caught.(refusal); !ours {
				panic(caught)
			}
			a = answer{refused: true}
		}
	}()
	if q.bad {
		refuse()
	}
	email, key := r.credentials(q)
	method := r.method(q.in.Method)
	data, own := r.joined(q, email)
	w := writer{recipe: r, question: q}
	for _, m := range data {
		w.member(m)
	}
	pairs := r.arrange(w.pairs)
	if own != nil {
		w.pairs = nil
		w.member(*own)
		if r.emailAt == first {
			pairs = slices.Concat(w.pairs, pairs)
		} else {
			pairs = slices.Concat(pairs, w.pairs)
		}
	}
	parts := make([]string, len(pairs))
	for i, p := range pairs {
		parts[i] = r.pairText(r, p)
	}
	params := r.params(&w, data, r.finish(strings.Join(parts, r.separator)))
	a.message = r.layout(r.verb(method), r.resource(q, q.in.Resource), params)
	a.header = r.header
	a.token = r.decorate(r.spell(r.mac(r.keyBytes(key), r.bytes(r.encode(a.message)))))
	return a
}

// joined returns the data with email and tokens, and the email's own member if that does not take part in the sorting.
func (r *recipe) joined(q *question, email string) (signer.Object, *signer.Member) {
	data := q.data
	if q.in.DashboardConfig != nil {
		data = r.tokens(r, q)
	}
	if r.emailAt == sorted {
		return r.email(data, email), nil
	}
	data = slices.DeleteFunc(slices.Clone(data), func(m signer.Member) bool { return m.Key == "email" })
	if r.emailAt == absent {
		return data, nil
	}
	return data, &signer.Member{Key: "email", Value: signer.String(email)}
}

// writer turns members into pairs.
type writer struct {
	*recipe
	*question
	pairs []pair
}

func (w *writer) member(m signer.Member) {
	switch v := m.Value.(type) {
	case signer.List:
		w.list(w, m.Key, w.order(v))
	case signer.Object:
		w.recipe.object(w, m.Key, v)
	default:
		w.value(m.Key, m.Key, v)
	}
}

// value adds a pair, unless a mistake leaves it out.
func (w *writer) value(sort, key string, v signer.Value) {
	if text, keep := w.text(v); keep {
		w.add(sort, key, text)
	}
}

func (w *writer) add(sort, key, text string) {
	w.pairs = append(w.pairs, pair{sort, w.escapeKey(key), w.escapeValue(text)})
}

// text is a value as text.
func (w *writer) text(v signer.Value) (text string, keep bool) {
	switch v := v.(type) {
	case signer.String:
		text = string(v)
		for _, change := range w.texts {
			text = change(text)
		}
		return text, !w.drops(text)
	case signer.Bool:
		return w.boolean(bool(v))
	case signer.Int:
		return w.integer(v), true
	case signer.Float:
		return w.float(w.question, v), true
	case signer.List, signer.Object:
		return w.nested(v), true
	}
	return w.null()
}

func same(s string) string { return s }

func textOf(v signer.Value) string { return string(signer.AppendText(nil, v)) }

func repr(v signer.Value) string { return string(signer.AppendRepr(nil, v)) }

func pythonOrder(list signer.List) signer.List {
	ordered, err := signer.SortList(list)
	if err != nil {
		refuse()
	}
	return ordered
}

func onePairEach(w *writer, key string, list signer.List) {
	for _, v := range list {
		w.value(key, key, v)
	}
}

func keysOf(w *writer, key string, object signer.Object) {
	for _, m := range object {
		w.value(key, key, signer.String(m.Key))
	}
}

func byKey(pairs []pair) []pair {
	slices.SortStableFunc(pairs, func(a, b pair) int { return strings.Compare(a.sort, b.sort) })
	return pairs
}

func upperOnly(method string) string {
	if method == "" || strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		refuse()
	}
	return method
}

func strictUTF8(message string) []byte {
	if !utf8.ValidString(message) {
		refuse()
	}
	return []byte(message)
}

func hmacSHA256(key, message []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(message)
	return h.Sum(nil)
}

package signer

import (
	"fmt"
	"slices"
	"unicode/utf8"
)

// Request is what a caller wants signed.
type Request struct {
	Method   string // in upper case
	Resource string // the path as the caller means it, without the server
	Data     Object // the parameters, in the caller's order
}

// Pair is one key and one value of the message, both as text.
type Pair struct{ Key, Value string }

const emailKey = "email"

// WithEmail returns data with the member email set (step 2, rule email-joins): in the place where
// data has it, else at the end.
func WithEmail(data Object, email string) Object {
	return Set(data, Member{emailKey, String(email)})
}

// Set returns data with the members set: each in the place where data has it, else at the end.
func Set(data Object, members ...Member) Object { return dict(slices.Concat(data, members)) }

// Pairs returns the pairs of the message in order, with their values as text (steps 3 to 5). An
// error is of [KindUnorderableList].
func Pairs(data Object) ([]Pair, error) {
	var w workspace
	members, err := w.sortedPairs(w.sortByKey(data))
	pairs := make([]Pair, len(members))
	for i, m := range members {
		pairs[i] = Pair{m.Key, string(AppendText(nil, m.Value))}
	}
	return pairs, err
}

// AppendPair appends key=value (step 6, rules pairs-join and no-escaping). It puts & in front,
// unless the pair is the first: unless dst[start:] is empty.
func AppendPair(dst []byte, start int, key string, v Value) []byte {
	if len(dst) > start {
		dst = append(dst, '&')
	}
	dst = append(dst, key...)
	dst = append(dst, '=')
	return AppendText(dst, v)
}

// message returns the message of r (steps 2 to 7).
func (w *workspace) message(r Request, email Member) ([]byte, error) {
	if err := checkMethod(r.Method); err != nil {
		return nil, err
	}
	pairs, err := w.sortedPairs(w.sortByKey(r.Data, email))
	if err != nil {
		return nil, err
	}
	w.built = append(w.built[:0], r.Method...)
	w.built = append(w.built, r.Resource...)
	start := len(w.built)
	for _, p := range pairs {
		w.built = AppendPair(w.built, start, p.Key, p.Value)
	}
	if !utf8.Valid(w.built) {
		return nil, unicodeError(r.Resource, pairs)
	}
	return w.built, nil
}

// sortByKey returns data and the members added to it, sorted by key (step 4, rule pair-order). The
// order is that of UTF-8 bytes, which is that of code points. Of members with one key the last
// counts, so an email that is added last replaces the caller's (step 2).
func (w *workspace) sortByKey(data Object, added ...Member) Object {
	w.sorted = append(append(w.sorted[:0], data...), added...)
	sortMembers(w.sorted)
	w.sorted = lastOfEachKey(w.sorted)
	return w.sorted
}

// sortedPairs returns the pairs that sorted members give, one member for each pair. Values are not
// text yet.
func (w *workspace) sortedPairs(members Object) (Object, error) {
	w.pairs = w.pairs[:0]
	for _, m := range members {
		switch v := m.Value.(type) {
		case List: // rule list-pairs, after step 3
			var err error
			if w.list, err = sortList(w.list[:0], v); err != nil {
				err.(*Error).Where = fmt.Sprintf("data[%q]", m.Key)
				return nil, err
			}
			for _, element := range w.list {
				w.pairs = append(w.pairs, Member{m.Key, element})
			}
		case Object: // rule object-keys
			for _, inner := range dict(v) {
				w.pairs = append(w.pairs, Member{m.Key, String(inner.Key)})
			}
		default:
			w.pairs = append(w.pairs, m)
		}
	}
	return w.pairs, nil
}

func checkMethod(method string) error {
	upper := method != ""
	for _, c := range []byte(method) {
		upper = upper && c >= 'A' && c <= 'Z'
	}
	if upper {
		return nil
	}
	return &Error{
		Kind:    KindInvalidMethod,
		Where:   "method",
		Problem: fmt.Sprintf("%q is not in upper-case letters", method),
		Fix:     "write it as GET, POST, PUT, PATCH or DELETE",
	}
}

// unicodeError says which part of a message cannot be encoded as UTF-8 (rule message-utf8).
func unicodeError(resource string, pairs Object) error {
	if !utf8.ValidString(resource) {
		return invalidUnicode("resource", resource)
	}
	for _, p := range pairs {
		if !utf8.ValidString(p.Key) {
			return invalidUnicode(fmt.Sprintf("a key of data, %+q", p.Key), p.Key)
		}
		if text := string(AppendText(nil, p.Value)); !utf8.ValidString(text) {
			return invalidUnicode(fmt.Sprintf("data[%q]", p.Key), text)
		}
	}
	return invalidUnicode("method", "") // cannot be: it has ASCII letters only
}

func invalidUnicode(where, text string) error {
	at := invalidUTF8([]byte(text))
	return &Error{
		Kind:    KindInvalidUnicode,
		Where:   where,
		Problem: fmt.Sprintf("an unpaired surrogate or invalid UTF-8 at byte %d", at),
		Fix:     "send text that can be encoded as UTF-8",
	}
}

package signer

import (
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"
)

// Request is what a caller wants signed. Method is in upper case; Resource is the path as the caller means it, without server; Data is the
// parameters in the caller's order.
type Request struct {
	Method   string
	Resource string
	Data     Object
}

// Pair is one key and one value of the message, both text.
type Pair struct{ Key, Value string }

const emailKey = "email"

// WithEmail returns data with the member email set (step 2): in the caller's place if there is one, else at the end.
func WithEmail(data Object, email string) Object {
	return Set(data, Member{emailKey, String(email)})
}

// Set returns data with the members set: each in the place data has it, else at the end.
func Set(data Object, members ...Member) Object { return dict(slices.Concat(data, members)) }

// Pairs returns the pairs of the message in order (steps 3 to 5). An error is of [KindUnorderableList].
func Pairs(data Object) ([]Pair, error) {
	var s scratch
	pairs := []Pair{}
	err := s.eachPair(data, Member{}, func(key string, v Value) {
		pairs = append(pairs, Pair{key, string(AppendText(nil, v))})
	})
	return pairs, err
}

// AppendPair appends key=value (step 6), with & in front unless it is the first, that is unless dst[start:] is empty.
func AppendPair(dst []byte, start int, key string, v Value) []byte {
	if len(dst) > start {
		dst = append(dst, '&')
	}
	dst = append(dst, key...)
	dst = append(dst, '=')
	return AppendText(dst, v)
}

// scratch is the memory that signing reuses, so that a signature allocates nothing but its result.
type scratch struct {
	members Object
	list    Object // the elements of a list, see sortList
	message []byte
}

// eachPair emits the pairs of data in order, an extra member with a name included and counted last.
func (s *scratch) eachPair(data Object, extra Member, emit func(key string, v Value)) error {
	s.members = append(s.members[:0], data...)
	if extra.Key != "" {
		s.members = append(s.members, extra)
	}
	sortMembers(s.members)
	for i, m := range s.members {
		if i+1 < len(s.members) && s.members[i+1].Key == m.Key {
			continue // given again: the last value counts
		}
		switch v := m.Value.(type) {
		case List:
			sorted, err := sortList(s.list[:0], v)
			if err != nil {
				err.(*Error).Where = fmt.Sprintf("data[%q]", m.Key)
				return err
			}
			for _, element := range sorted {
				emit(m.Key, element.Value)
			}
			s.list = sorted
		case Object:
			for _, inner := range dict(v) {
				emit(m.Key, String(inner.Key))
			}
		default:
			emit(m.Key, v)
		}
	}
	return nil
}

// sortMembers sorts by key alone, by the order of UTF-8 bytes, which is that of code points; stable, so that of equal keys the last given stays last.
// Requests have few members, and for few a plain insertion is twice as fast as a call of the library.
func sortMembers(members Object) {
	if len(members) > 12 {
		slices.SortStableFunc(members, func(a, b Member) int { return strings.Compare(a.Key, b.Key) })
		return
	}
	for i := 1; i < len(members); i++ {
		m, at := members[i], i
		for ; at > 0 && m.Key < members[at-1].Key; at-- {
			members[at] = members[at-1]
		}
		members[at] = m
	}
}

// build writes the message of steps 2 to 7 into s.message.
func (s *scratch) build(r Request, email Value) error {
	if err := checkMethod(r.Method); err != nil {
		return err
	}
	message := append(append(s.message[:0], r.Method...), r.Resource...)
	start := len(message)
	err := s.eachPair(r.Data, Member{emailKey, email}, func(key string, v Value) {
		message = AppendPair(message, start, key, v)
	})
	s.message = message
	if err != nil {
		return err
	}
	if !utf8.Valid(s.message) {
		return s.unicodeError(r, email)
	}
	return nil
}

// unicodeError says which part of the request has no UTF-8 form (rule message-utf8).
func (s *scratch) unicodeError(r Request, email Value) error {
	if !utf8.ValidString(r.Resource) {
		return invalidUnicode("resource", r.Resource)
	}
	where, text := "data", ""
	_ = s.eachPair(r.Data, Member{emailKey, email}, func(key string, v Value) {
		value := string(AppendText(nil, v))
		if text == "" && !utf8.ValidString(key) {
			where, text = fmt.Sprintf("a key of data, %+q", key), key
		}
		if text == "" && !utf8.ValidString(value) {
			where, text = fmt.Sprintf("data[%q]", key), value
		}
	})
	return invalidUnicode(where, text)
}

func invalidUnicode(where, text string) error {
	at := invalidUTF8([]byte(text))
	return &Error{KindInvalidUnicode, where, fmt.Sprintf("an unpaired surrogate or invalid UTF-8 at byte %d", at), "send text that has a UTF-8 form"}
}

func checkMethod(method string) error {
	upper := method != ""
	for _, c := range []byte(method) {
		upper = upper && c >= 'A' && c <= 'Z'
	}
	if !upper {
		return &Error{KindInvalidMethod, "method", fmt.Sprintf("%q is not in upper-case letters", method), "write it as GET, POST, PUT, PATCH or DELETE"}
	}
	return nil
}

package signer

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Value is a JSON value with all that Python distinguishes: integers and floats, the order of
// members, unpaired surrogates. It is one of [String], [Int], [Float], [Bool], [Null], [List] and
// [Object]; a nil Value counts as [Null].
type Value interface{ value() }

type (
	// String is text in UTF-8. An unpaired surrogate from a JSON escape is kept as the three bytes
	// that UTF-8 would have for it (WTF-8), so that the order of bytes is the order of code points.
	// It can be signed only inside a nested value (rule message-utf8).
	String string
	// Int is an integer of any size. Its zero value is 0. Make one with [NewInt] or [ParseInt].
	Int struct{ digits string }
	// Float is an IEEE double, written as Python's repr writes it (rule text-float).
	Float float64
	// Bool is written True or False (rule text-boolean).
	Bool bool
	// Null is written None (rule text-null).
	Null struct{}
	// List gives one pair per element (rule list-pairs).
	List []Value
	// Object contains members in the order written. If a key is repeated, the member has the place
	// of the first and the value of the last.
	Object []Member
	// Member is one member of an [Object].
	Member struct {
		Key   string
		Value Value
	}
)

func (String) value() {}
func (Int) value()    {}
func (Float) value()  {}
func (Bool) value()   {}
func (Null) value()   {}
func (List) value()   {}
func (Object) value() {}

// Strings returns a list of strings, the most common kind of list in published calls.
func Strings(texts ...string) List {
	list := make(List, len(texts))
	for i, t := range texts {
		list[i] = String(t)
	}
	return list
}

// NewInt returns n as an [Int].
func NewInt(n int64) Int { return Int{strconv.FormatInt(n, 10)} }

// ParseInt reads an integer in the form of JSON: decimal digits with an optional minus sign. -0 is
// 0. An error is of [KindInvalidData].
func ParseInt(text string) (Int, error) {
	digits := strings.TrimPrefix(text, "-")
	leadingZero := len(digits) > 1 && digits[0] == '0'
	if digits == "" || leadingZero || strings.Trim(digits, "0123456789") != "" {
		return Int{}, &Error{
			Kind:    KindInvalidData,
			Where:   fmt.Sprintf("number %q", text),
			Problem: "it is not an integer in decimal",
			Fix:     "write digits with an optional minus sign",
		}
	}
	if digits == "0" {
		text = "0"
	}
	return Int{text}, nil
}

// String returns the integer in decimal.
func (i Int) String() string {
	if i.digits == "" {
		return "0"
	}
	return i.digits
}

// typeName returns the type of a value, in the words of JSON.
func typeName(v Value) string {
	switch v.(type) {
	case String:
		return "a string"
	case Int:
		return "an integer"
	case Float:
		return "a float"
	case Bool:
		return "a boolean"
	case List:
		return "a list"
	case Object:
		return "an object"
	}
	return "null"
}

// dict returns the object as a Python dict: a repeated key has its first place and its last value.
// It returns o itself if no key is repeated.
func dict(o Object) Object {
	if !repeats(o) {
		return o
	}
	place := make(map[string]int, len(o))
	unique := make(Object, 0, len(o))
	for _, m := range o {
		at, seen := place[m.Key]
		if seen {
			unique[at].Value = m.Value
			continue
		}
		place[m.Key] = len(unique)
		unique = append(unique, m)
	}
	return unique
}

// repeats reports whether a key is repeated.
func repeats(o Object) bool {
	if len(o) <= 16 { // too few for a map to be faster
		for i, m := range o {
			if o[:i].has(m.Key) {
				return true
			}
		}
		return false
	}
	seen := make(map[string]bool, len(o))
	for _, m := range o {
		seen[m.Key] = true
	}
	return len(seen) < len(o)
}

func (o Object) has(key string) bool {
	return slices.ContainsFunc(o, func(m Member) bool { return m.Key == key })
}

package signer

import (
	"fmt"
	"math"
	"math/big"
	"slices"
	"strings"
)

// SortList returns a sorted copy of a list, by Python's rules (step 3, rule list-order). An error
// is of [KindUnorderableList] and says which two types met.
//
// Whether a list is refused depends on its elements and not on the sort algorithm: every sort
// compares the neighbours of its result. If those can be ordered, then so can all elements between
// them, element by element.
func SortList(list List) (List, error) { return sortList(nil, list) }

// sortList appends the elements of a list to dst[:0], sorted.
func sortList(dst, list List) (List, error) {
	dst = append(dst, list...)
	if sortTexts(dst) {
		return dst, nil
	}
	var refused error
	slices.SortStableFunc(dst, func(a, b Value) int {
		order, err := compare(a, b)
		if err != nil && refused == nil {
			refused = err
		}
		return order
	})
	return dst, refused
}

// compare orders two values as Python's < does.
func compare(a, b Value) (int, error) {
	if s, ok := a.(String); ok {
		if t, ok := b.(String); ok {
			return strings.Compare(string(s), string(t)), nil
		}
	}
	if l, ok := a.(List); ok {
		if m, ok := b.(List); ok {
			return compareLists(l, m)
		}
	}
	if isNumber(a) && isNumber(b) {
		return compareNumbers(a, b), nil
	}
	return 0, &Error{
		Kind:    KindUnorderableList,
		Where:   "list",
		Problem: fmt.Sprintf("%s and %s in it cannot be ordered", typeName(a), typeName(b)),
		Fix:     "give it elements of one kind, strings or numbers",
	}
}

// compareLists orders lists by the first elements that differ, else by length. Lists that are
// ordered as the same are equal, so lists within lists are walked only once, however deep they are.
func compareLists(a, b List) (int, error) {
	for i := range min(len(a), len(b)) {
		x, xList := a[i].(List)
		y, yList := b[i].(List)
		if xList && yList {
			if order, err := compareLists(x, y); order != 0 || err != nil {
				return order, err
			}
		} else if !equal(a[i], b[i]) {
			return compare(a[i], b[i])
		}
	}
	return len(a) - len(b), nil
}

// equal is Python's ==. Numbers of all types are compared by value. The order of members does not
// count.
func equal(a, b Value) bool {
	switch a := a.(type) {
	case String:
		b, ok := b.(String)
		return ok && a == b
	case List:
		b, ok := b.(List)
		return ok && slices.EqualFunc(a, b, equal)
	case Object:
		b, ok := b.(Object)
		return ok && equalObjects(dict(a), dict(b))
	case nil, Null:
		return typeName(b) == typeName(a)
	}
	return isNumber(b) && compareNumbers(a, b) == 0
}

func equalObjects(a, b Object) bool {
	if len(a) != len(b) {
		return false
	}
	values := make(map[string]Value, len(b))
	for _, m := range b {
		values[m.Key] = m.Value
	}
	for _, m := range a {
		if v, ok := values[m.Key]; !ok || !equal(m.Value, v) {
			return false
		}
	}
	return true
}

func isNumber(v Value) bool {
	switch v.(type) {
	case Int, Float, Bool:
		return true
	}
	return false
}

// compareNumbers compares exactly, across integers, floats and booleans.
func compareNumbers(a, b Value) int {
	i, aInt := integer(a)
	j, bInt := integer(b)
	switch {
	case aInt && bInt:
		return compareIntegers(i, j)
	case aInt:
		return -compareFloat(b.(Float), i)
	case bInt:
		return compareFloat(a.(Float), j)
	}
	switch f, g := a.(Float), b.(Float); {
	case f < g:
		return -1
	case f > g:
		return 1
	}
	return 0
}

// integer returns the digits of an integer or boolean.
func integer(v Value) (digits string, ok bool) {
	switch v := v.(type) {
	case Int:
		return v.String(), true
	case Bool:
		if v {
			return "1", true
		}
		return "0", true
	}
	return "", false
}

// compareIntegers compares integers in canonical decimal: by sign, by length, by digits.
func compareIntegers(a, b string) int {
	x, aNegative := strings.CutPrefix(a, "-")
	y, bNegative := strings.CutPrefix(b, "-")
	switch {
	case aNegative && !bNegative:
		return -1
	case bNegative && !aNegative:
		return 1
	case aNegative:
		x, y = y, x
	}
	if len(x) != len(y) {
		return len(x) - len(y)
	}
	return strings.Compare(x, y)
}

func compareFloat(f Float, digits string) int {
	if math.IsInf(float64(f), 0) {
		return int(math.Copysign(1, float64(f)))
	}
	i, _ := new(big.Int).SetString(digits, 10)
	return new(big.Float).SetFloat64(float64(f)).Cmp(new(big.Float).SetInt(i))
}

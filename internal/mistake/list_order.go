package mistake

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	"sigkit/signer"
)

// Fixes that several mistakes in the order of lists share.
const (
	fixAscending   = "Sort list values in ascending order."
	fixUnorderable = "Refuse a list of elements that Python cannot compare, such as null and a string."
	fixCodePoint   = "Compare strings by code point, which is the order of their UTF-8 bytes."
)

func listOrderMistakes() []Mistake {
	return []Mistake{
		listOrder("list-unsorted", "Lists stay in the caller's order.",
			"Sort list values before they become text.", unsorted),
		listOrder("list-reversed", "Lists are signed in reverse of the caller's order.",
			fixAscending, func(given, _ signer.List) signer.List { return reversed(given) }),
		listOrder("list-descending", "Lists are sorted in descending order.",
			fixAscending, sortedThen(reversed)),
		listOrder("list-sorted-as-text", "Numbers in lists are sorted as text: 10 before 9.",
			"Sort numbers by value, before they become text.", sortedBy(textOrder)),
		listOrder("list-sorted-as-javascript",
			"Lists are sorted by JavaScript's sort() without a comparison: as text, by UTF-16 unit.",
			"Give sort() a comparison: numbers by value, strings by code point.",
			sortedBy(javaScriptOrder)),
		listOrder("list-sorted-without-case", "Strings in lists are sorted regardless of case.",
			fixCodePoint, stringsSortedBy(compareWithoutCase)),
		listOrder("list-sorted-utf-16",
			"Strings in lists are sorted by UTF-16 unit. Characters beyond U+FFFF come too early.",
			fixCodePoint, stringsSortedBy(compareUTF16)),
		listOrder("list-sorted-by-locale", "Strings in lists are sorted by the rules of a locale.",
			fixCodePoint, stringsSortedBy(compareLocale)),
		listOrder("list-sorted-by-collation",
			"Strings in lists are sorted as JavaScript's localeCompare() does.",
			fixCodePoint, stringsSortedBy(compareCollated)),
		listOrder("list-sorted-by-length", "Strings in lists are sorted by length first.",
			fixCodePoint, stringsSortedBy(compareLengthFirst)),
		listOrder("list-sorted-as-php",
			"Strings in lists are sorted by PHP's sort(): numeric ones by value, 9 before 10.",
			"Compare strings by code point: sort($values, SORT_STRING).",
			stringsSortedBy(comparePHP)),
		listOrder("list-sorted-as-doubles",
			"Numbers in lists are compared as doubles, so different large integers are equal.",
			"Compare integers exactly.", sortedAsDoubles),
		listOrder("list-deduplicated", "Equal elements of a list are signed once.",
			"Keep equal elements: sort the list, do not make it a set.", sortedThen(deduplicated)),
		listOrder("list-booleans-last", "Booleans in lists are sorted after all numbers.",
			"Sort false as 0 and true as 1.", sortedThen(booleansLast)),
	}
}

func unorderableMistakes() []Mistake {
	return []Mistake{
		unorderable("unorderable-as-given",
			"A list that Python cannot order is signed, not refused.",
			Steps{Unorderable: signedAnyway}),
		{
			ID:   "unorderable-as-text",
			Rule: "unorderable-list",
			What: "A list that Python cannot order is sorted as text and signed, not refused.",
			Fix:  fixUnorderable,
			steps: Steps{Unorderable: func(_ *Steps, list signer.List) (signer.List, error) {
				return sortedBy(textOrder)(list, nil), nil
			}},
			VariantOf: "unorderable-as-given",
		},
		unorderable("null-in-list-dropped",
			"Null is removed from lists before they are sorted.",
			Steps{KeepElement: func(v signer.Value) bool { return !isNull(v) }}),
	}
}

// sortStep sorts a list, see [Steps]. It must not change the lists that it gets.
type sortStep func(given, sorted signer.List) signer.List

// signedAnyway leaves a list that Python cannot order to the step that sorts the others.
func signedAnyway(s *Steps, list signer.List) (signer.List, error) {
	return s.SortList(list, list), nil
}

func listOrder(id, what, fix string, sort sortStep) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "list-order",
		What:  what,
		Fix:   fix,
		steps: Steps{SortList: sort},
	}
}

func unorderable(id, what string, steps Steps) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "unorderable-list",
		What:  what,
		Fix:   fixUnorderable,
		steps: steps,
	}
}

func unsorted(given, _ signer.List) signer.List { return given }

func reversed(list signer.List) signer.List {
	list = slices.Clone(list)
	slices.Reverse(list)
	return list
}

// sortedBy sorts lists by a comparison.
func sortedBy(compare func(a, b signer.Value) int) sortStep {
	return func(given, _ signer.List) signer.List {
		return slices.SortedStableFunc(slices.Values(given), compare)
	}
}

// sortedThen changes the list that is sorted as the reference does.
func sortedThen(change func(signer.List) signer.List) sortStep {
	return func(_, sorted signer.List) signer.List { return change(slices.Clone(sorted)) }
}

// stringsSortedBy sorts lists of strings by a comparison, and other lists as the reference does.
func stringsSortedBy(compare func(a, b string) int) sortStep {
	sort := sortedBy(func(a, b signer.Value) int { return compare(textOf(a), textOf(b)) })
	return func(given, sorted signer.List) signer.List {
		if slices.ContainsFunc(given, isNotString) {
			return sorted
		}
		return sort(given, sorted)
	}
}

func isNotString(v signer.Value) bool {
	_, is := v.(signer.String)
	return !is
}

// sortedAsDoubles sorts lists of numbers by their doubles, and other lists as the reference does.
func sortedAsDoubles(given, sorted signer.List) signer.List {
	if slices.ContainsFunc(given, isNotNumber) {
		return sorted
	}
	byDouble := func(a, b signer.Value) int { return cmp.Compare(double(a), double(b)) }
	return sortedBy(byDouble)(given, sorted)
}

// isNotNumber reports whether Python cannot compare a value with numbers.
func isNotNumber(v signer.Value) bool {
	switch v.(type) {
	case signer.Int, signer.Float, signer.Bool:
		return false
	}
	return true
}

func double(v signer.Value) float64 {
	switch v := v.(type) {
	case signer.Float:
		return float64(v)
	case signer.Int:
		f, _ := strconv.ParseFloat(v.String(), 64) // an infinity where it is too large
		return f
	}
	if v == signer.Bool(true) {
		return 1
	}
	return 0
}

// deduplicated drops the elements of a sorted list that have the text of the one before.
func deduplicated(list signer.List) signer.List {
	return slices.CompactFunc(list, func(a, b signer.Value) bool {
		return textOf(a) == textOf(b)
	})
}

func textOrder(a, b signer.Value) int { return strings.Compare(textOf(a), textOf(b)) }

func javaScriptOrder(a, b signer.Value) int {
	return compareUTF16(javaScriptText(a), javaScriptText(b))
}

// booleansLast puts booleans behind all other elements.
func booleansLast(sorted signer.List) signer.List {
	rank := func(v signer.Value) int {
		if _, is := v.(signer.Bool); is {
			return 1
		}
		return 0
	}
	slices.SortStableFunc(sorted, func(a, b signer.Value) int { return rank(a) - rank(b) })
	return sorted
}

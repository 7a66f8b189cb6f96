package mistake

import (
	"cmp"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"sigkit/signer"
)

// pairMistakes are about the order of pairs (step 4) and about how they are joined (step 6).
func pairMistakes() []Mistake {
	return slices.Concat(pairOrderMistakes(), pairJoinMistakes())
}

func pairOrderMistakes() []Mistake {
	return []Mistake{
		pairOrder("pairs-unsorted", "Pairs stay in the caller's order.",
			func(pairs []Pair) []Pair { return pairs }),
		pairOrder("pairs-descending", "Pairs are sorted in descending order.",
			pairsByKey(func(a, b string) int { return strings.Compare(b, a) })),
		pairOrder("pairs-sorted-without-case", "Keys are sorted regardless of case.",
			pairsByKey(compareWithoutCase)),
		pairOrder("pairs-sorted-utf-16",
			"Keys are sorted by UTF-16 unit. Characters beyond U+FFFF come too early.",
			pairsByKey(compareUTF16)),
		repeated("data-first-of-two",
			"If a parameter is given twice in the data, the first value counts.",
			func(written, _ signer.Object) (signer.Object, error) { return firstOfEach(written), nil }),
		repeated("data-duplicates-refused", "Data that gives a parameter twice is refused.",
			func(signer.Object, signer.Object) (signer.Object, error) { return nil, ErrRefused }),
		pairOrder("pairs-sorted-by-signed-bytes",
			"Keys are sorted by bytes with a sign, as char in C: letters that are not ASCII come first.",
			pairsByKey(compareSignedBytes)),
		pairOrder("pairs-sorted-by-locale", "Keys are sorted by the rules of a locale.",
			pairsByKey(compareLocale)),
		pairOrder("pairs-sorted-by-collation",
			"Keys are sorted as JavaScript's localeCompare() does: a, A, b, with _ before letters.",
			pairsByKey(compareCollated)),
		pairOrder("pairs-sorted-as-text",
			"Pairs are sorted as whole texts, key=value, so a-= comes before a=.",
			pairsByText(strings.Compare)),
		pairOrder("pairs-sorted-as-text-utf-16",
			"Pairs are sorted as whole texts, key=value, by UTF-16 unit.",
			pairsByText(compareUTF16)),
		pairOrder("parameters-sorted-as-text",
			"Parameters are sorted as texts, key=value, and the pairs of a list stay together, as "+
				"to_query does in Ruby on Rails.", parametersByText),
		pairOrder("pairs-sorted-as-entries",
			"Pairs are sorted as texts key,value by UTF-16 unit, as JavaScript's "+
				"Object.entries(data).sort() does.", pairsAsEntries),
		pairOrder("pairs-sorted-percent-encoded",
			"Pairs are sorted by their percent-encoded keys, as OAuth 1.0 does.",
			pairsByKey(func(a, b string) int { return strings.Compare(percent(a), percent(b)) })),
		pairOrder("pairs-sorted-by-value", "Pairs with the same key are sorted by value.",
			pairsBy(compareKeyThenValue)),
		pairOrder("pairs-equal-keys-reversed",
			"Pairs with the same key change places, since the comparison never says equal.",
			func(pairs []Pair) []Pair {
				pairs = slices.Clone(pairs)
				slices.Reverse(pairs)
				return sortByKey(pairs)
			}),
		pairOrder("pairs-sorted-by-value-alone", "Pairs are sorted by value, not by key.",
			pairsBy(func(a, b Pair) int { return strings.Compare(a.Value, b.Value) })),
		pairOrder("pairs-sorted-as-php",
			"Keys are sorted by PHP's ksort(): numeric ones by value, 9 before 10.",
			pairsByKey(comparePHP)),
		{
			ID:    "pairs-digit-keys-first",
			Rule:  "pair-order",
			What:  "Keys that are whole numbers come first, by value, as in a JavaScript object.",
			Fix:   "Keep the sorted pairs in a list, not in an object.",
			steps: Steps{OrderPairs: pairsByKey(compareIndexesFirst)},
		},
		pairOrder("pairs-sorted-by-length", "Keys are sorted by length first.",
			pairsByKey(compareLengthFirst)),
		{
			ID:    "keys-merged-without-case",
			Rule:  "pair-order",
			What:  "Keys that differ in case alone are one key, with the first name and the last value.",
			Fix:   "Compare keys exactly.",
			steps: Steps{AddEmail: mergedWithoutCase},
		},
		{
			ID:    "key-empty-dropped",
			Rule:  "pair-order",
			What:  "A parameter with an empty name is left out.",
			Fix:   "Sign and send it as =value.",
			steps: Steps{KeepName: func(name string) bool { return name != "" }},
		},
		{
			ID:    "keys-renumbered",
			Rule:  "pair-order",
			What:  "Parameters whose names are whole numbers get other ones, as in PHP's array_merge().",
			Fix:   "Add the email with $data['email'] = $email, or with the operator +.",
			steps: Steps{AddEmail: renumbered},
		},
		{
			ID:    "key-proto-lost",
			Rule:  "pair-order",
			What:  "A parameter named __proto__ is lost, as in a JavaScript object.",
			Fix:   "Make the object with Object.create(null), or use a Map.",
			steps: Steps{AddEmail: withoutProto},
		},
		pairOrder("pairs-one-per-key", "Of several pairs with the same key only the last is signed.",
			lastOfEachKey),
	}
}

func pairJoinMistakes() []Mistake {
	return []Mistake{
		pairJoin("separator-missing", "Pairs are joined without &.",
			Steps{JoinPairs: joinWith("")}),
		pairJoin("separator-comma", "Pairs are joined with a comma.",
			Steps{JoinPairs: joinWith(",")}),
		pairJoin("separator-semicolon", "Pairs are joined with a semicolon.",
			Steps{JoinPairs: joinWith(";")}),
		pairJoin("separator-newline", "Pairs are joined with a newline.",
			Steps{JoinPairs: joinWith("\n")}),
		pairJoin("separator-amp-entity", "Pairs are joined with &amp;.",
			Steps{JoinPairs: joinWith("&amp;")}),
		pairJoin("equals-missing", "Key and value are joined without =.",
			Steps{PairText: func(key, value string) string { return key + value }}),
		pairJoin("equals-colon", "Key and value are joined with a colon.",
			Steps{PairText: func(key, value string) string { return key + ":" + value }}),
		pairJoin("separator-at-end", "An & is written after the last pair.",
			Steps{FinishPairs: func(joined string) string { return joined + "&" }}),
		pairJoin("separator-at-start", "An & is written before the first pair.",
			Steps{FinishPairs: func(joined string) string { return "&" + joined }}),
		pairJoin("equals-left-out-if-empty", "A key with an empty value is written without =.",
			Steps{PairText: withoutEmptyValue}),
		pairJoin("pairs-values-only", "Only the values are signed, without their keys.",
			Steps{PairText: func(_, value string) string { return value }}),
		{
			ID:    "keys-lower-cased",
			Rule:  "pairs-join",
			What:  "Keys are written in lower case.",
			Fix:   "Write keys unchanged.",
			steps: Steps{ChangeKey: lowerCase},
		},
		{
			ID:    "keys-upper-cased",
			Rule:  "pairs-join",
			What:  "Keys are written in upper case.",
			Fix:   "Write keys unchanged.",
			steps: Steps{ChangeKey: upperCased},
		},
	}
}

// repeated is a mistake in what becomes of a parameter that is given twice.
func repeated(
	id, what string, merge func(written, merged signer.Object) (signer.Object, error),
) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "pair-order",
		What:  what,
		Fix:   "Let the last value count, at the place of the first.",
		steps: Steps{Repeated: merge},
	}
}

func pairOrder(id, what string, sort func([]Pair) []Pair) Mistake {
	return Mistake{
		ID:   id,
		Rule: "pair-order",
		What: what,
		Fix: "Sort pairs by key alone, by code point, before = and the value are added. " +
			"Keep the order of pairs with the same key.",
		steps: Steps{SortPairs: sort},
	}
}

func pairJoin(id, what string, steps Steps) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "pairs-join",
		What:  what,
		Fix:   "Write key=value for each pair. Write & between pairs and nowhere else.",
		steps: steps,
	}
}

func pairsBy(compare func(a, b Pair) int) func([]Pair) []Pair {
	return func(pairs []Pair) []Pair {
		slices.SortStableFunc(pairs, compare)
		return pairs
	}
}

func pairsByKey(compare func(a, b string) int) func([]Pair) []Pair {
	return pairsBy(func(a, b Pair) int { return compare(a.Sort, b.Sort) })
}

func pairsByText(compare func(a, b string) int) func([]Pair) []Pair {
	return pairsBy(func(a, b Pair) int { return compare(a.Key+"="+a.Value, b.Key+"="+b.Value) })
}

func compareKeyThenValue(a, b Pair) int {
	return cmp.Or(strings.Compare(a.Sort, b.Sort), strings.Compare(a.Value, b.Value))
}

// pairsAsEntries sorts parameters by the text of key and values with commas between them.
func pairsAsEntries(pairs []Pair) []Pair {
	return parametersBy(pairs, compareUTF16, func(entry *strings.Builder, p Pair) {
		if entry.Len() == 0 {
			entry.WriteString(p.Key)
		}
		entry.WriteString("," + p.Value)
	})
}

// parametersByText sorts parameters by the text of all their pairs.
func parametersByText(pairs []Pair) []Pair {
	return parametersBy(pairs, strings.Compare, func(text *strings.Builder, p Pair) {
		if text.Len() > 0 {
			text.WriteString("&")
		}
		text.WriteString(p.Key + "=" + p.Value)
	})
}

// parametersBy sorts parameters by a text that is written from their pairs. The pairs of one
// parameter stay together.
func parametersBy(
	pairs []Pair, compare func(a, b string) int, write func(*strings.Builder, Pair),
) []Pair {
	texts := map[string]*strings.Builder{} // by key
	for _, p := range pairs {
		if texts[p.Sort] == nil {
			texts[p.Sort] = new(strings.Builder)
		}
		write(texts[p.Sort], p)
	}
	return pairsBy(func(a, b Pair) int {
		return compare(texts[a.Sort].String(), texts[b.Sort].String())
	})(pairs)
}

func lastOfEachKey(pairs []Pair) []Pair {
	pairs = sortByKey(pairs)
	slices.Reverse(pairs)
	pairs = slices.CompactFunc(pairs, func(a, b Pair) bool { return a.Key == b.Key })
	slices.Reverse(pairs)
	return pairs
}

func joinWith(separator string) func([]string) string {
	return func(pairs []string) string { return strings.Join(pairs, separator) }
}

func withoutEmptyValue(key, value string) string {
	if value == "" {
		return key
	}
	return key + "=" + value
}

func mergedWithoutCase(data signer.Object, email string) (merged signer.Object) {
	place := map[string]int{}
	for _, m := range signer.WithEmail(data, email) {
		key := strings.Map(withoutCase, m.Key)
		if at, given := place[key]; given {
			merged[at].Value = m.Value
			continue
		}
		place[key] = len(merged)
		merged = append(merged, m)
	}
	return merged
}

// withoutCase returns the smallest of the characters that differ from one in case alone, see
// [strings.EqualFold].
func withoutCase(c rune) rune {
	smallest := c
	for next := unicode.SimpleFold(c); next != c; next = unicode.SimpleFold(next) {
		smallest = min(smallest, next)
	}
	return smallest
}

func withoutProto(data signer.Object, email string) signer.Object {
	return slices.DeleteFunc(slices.Clone(signer.WithEmail(data, email)),
		func(m signer.Member) bool { return m.Key == "__proto__" })
}

// renumbered gives the members whose keys PHP takes for integers the numbers from 0 on.
func renumbered(data signer.Object, email string) signer.Object {
	data = slices.Clone(signer.WithEmail(data, email))
	next := 0
	for i, m := range data {
		if n, err := strconv.ParseInt(m.Key, 10, 64); err == nil && strconv.FormatInt(n, 10) == m.Key {
			data[i].Key = strconv.Itoa(next)
			next++
		}
	}
	return data
}

// compareIndexesFirst compares keys as a JavaScript object orders its members. Others are equal.
func compareIndexesFirst(a, b string) int {
	index := func(key string) (uint64, bool) {
		n, err := strconv.ParseUint(key, 10, 32)
		return n, err == nil && strconv.FormatUint(n, 10) == key
	}
	m, isIndex := index(a)
	n, otherIsIndex := index(b)
	switch {
	case isIndex && otherIsIndex:
		return cmp.Compare(m, n)
	case isIndex:
		return -1
	case otherIsIndex:
		return 1
	}
	return 0
}

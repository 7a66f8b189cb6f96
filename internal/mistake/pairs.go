package mistake

import (
	"slices"
	"strings"
)

// pairMistakes are about the order of pairs, and how they are joined.
func pairMistakes() []Mistake {
	return []Mistake{
		arranged("pairs-unsorted", "Pairs stay in the caller's order.", func(pairs []pair) []pair { return pairs }),
		arranged("pairs-descending", "Pairs are sorted downwards.", sortedPairs(func(a, b pair) int { return strings.Compare(b.sort, a.sort) })),
		arranged("pairs-sorted-without-case", "Keys are sorted without regard to case.", sortedPairs(func(a, b pair) int { return strings.Compare(strings.ToLower(a.sort), strings.ToLower(b.sort)) })),
		arranged("pairs-sorted-utf-16", "Keys are sorted by UTF-16 units, which puts characters beyond U+FFFF too early.", sortedPairs(func(a, b pair) int { return utf16Compare(a.sort, b.sort) })),
		arranged("pairs-sorted-by-locale", "Keys are sorted the way of a dictionary.", sortedPairs(func(a, b pair) int { return localeCompare(a.sort, b.sort) })),
		arranged("pairs-sorted-as-text", "Pairs are sorted as text, with = and value, so that the value takes part and a- comes before a=.",
			sortedPairs(func(a, b pair) int { return strings.Compare(a.key+"="+a.value, b.key+"="+b.value) })),
		arranged("pairs-sorted-as-text-utf-16", "Pairs are sorted as text, with = and value, by UTF-16 units.",
			sortedPairs(func(a, b pair) int { return utf16Compare(a.key+"="+a.value, b.key+"="+b.value) })),
		arranged("pairs-sorted-by-value", "Pairs of one key are sorted by their text, too.", sortedPairs(func(a, b pair) int {
			if order := strings.Compare(a.sort, b.sort); order != 0 {
				return order
			}
			return strings.Compare(a.value, b.value)
		})),
		arranged("pairs-sorted-by-length", "Keys are sorted by length first.", sortedPairs(func(a, b pair) int {
			if len(a.sort) != len(b.sort) {
				return len(a.sort) - len(b.sort)
			}
			return strings.Compare(a.sort, b.sort)
		})),
		arranged("pairs-one-per-key", "Of several pairs with one key only the last is signed.", func(pairs []pair) []pair {
			pairs = byKey(pairs)
			slices.Reverse(pairs)
			pairs = slices.CompactFunc(pairs, func(a, b pair) bool { return a.key == b.key })
			slices.Reverse(pairs)
			return pairs
		}),

		pairing("separator-missing", "Pairs stand together without &.", "separator", func(r *recipe) { r.separator = "" }),
		pairing("separator-comma", "Pairs are joined with a comma.", "separator", func(r *recipe) { r.separator = "," }),
		pairing("separator-semicolon", "Pairs are joined with a semicolon.", "separator", func(r *recipe) { r.separator = ";" }),
		pairing("separator-newline", "Pairs are joined with a newline.", "separator", func(r *recipe) { r.separator = "\n" }),
		pairing("separator-amp-entity", "Pairs are joined with &amp;.", "separator", func(r *recipe) { r.separator = "&amp;" }),
		pairing("equals-missing", "Key and value stand together without =.", "equals", func(r *recipe) { r.equals = "" }),
		pairing("equals-colon", "Key and value are joined with a colon.", "equals", func(r *recipe) { r.equals = ":" }),
		pairing("separator-at-end", "An & stands behind the last pair.", "finish", func(r *recipe) { r.finish = func(s string) string { return s + "&" } }),
		pairing("separator-at-start", "An & stands before the first pair.", "finish", func(r *recipe) { r.finish = func(s string) string { return "&" + s } }),
		pairing("equals-left-out-if-empty", "A key with an empty value is written without =.", "pair-text", func(r *recipe) {
			r.pairText = func(r *recipe, p pair) string {
				if p.value == "" {
					return p.key
				}
				return p.key + r.equals + p.value
			}
		}),
		pairing("pairs-values-only", "Only the values are signed, without keys.", "pair-text equals", func(r *recipe) { r.pairText = func(_ *recipe, p pair) string { return p.value } }),
		pairing("keys-lower-cased", "Keys are turned into lower case.", "key-text", func(r *recipe) {
			escape := r.escapeKey
			r.escapeKey = func(s string) string { return escape(strings.ToLower(s)) }
		}),
	}
}

func arranged(id, what string, arrange func([]pair) []pair) Mistake {
	return Mistake{ID: id, Rule: "pair-order", What: what, Fix: "Sort by key alone, by code point, before = and value are put to it; keep the order of pairs with one key.",
		slot: "arrange", change: func(r *recipe) { r.arrange = arrange }}
}

func pairing(id, what, slot string, change func(*recipe)) Mistake {
	return Mistake{ID: id, Rule: "pairs-join", What: what, Fix: "Write key=value, with & between pairs and nowhere else.", slot: slot, change: change}
}

func sortedPairs(compare func(a, b pair) int) func([]pair) []pair {
	return func(pairs []pair) []pair {
		slices.SortStableFunc(pairs, compare)
		return pairs
	}
}

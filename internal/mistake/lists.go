package mistake

import (
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf16"

	"sigkit/signer"
)

// listMistakes are about step 3, and about how lists and objects become pairs.
func listMistakes() []Mistake {
	return []Mistake{
		ordered("list-unsorted", "list-order", "Lists stay in the caller's order.", "Sort list values before they become text.", func(list signer.List) signer.List { return list }),
		{ID: "list-unsorted-but-checked", Rule: "list-order", What: "Lists stay in the caller's order, and those that cannot be ordered are refused.", Fix: "Sort list values before they become text.",
			slot: "order", like: "list-unsorted", change: func(r *recipe) { r.order = func(list signer.List) signer.List { pythonOrder(list); return list } }},
		ordered("list-reversed", "list-order", "Lists are signed back to front.", "Sort list values upwards.", func(list signer.List) signer.List {
			list = slices.Clone(list)
			slices.Reverse(list)
			return list
		}),
		ordered("list-descending", "list-order", "Lists are sorted downwards.", "Sort list values upwards.", func(list signer.List) signer.List {
			list = slices.Clone(pythonOrder(list))
			slices.Reverse(list)
			return list
		}),
		ordered("list-sorted-as-text", "list-order", "Numbers in lists are sorted as text: 10 before 9.", "Sort numbers by value, before they become text.", byText(textOf)),
		ordered("list-sorted-as-javascript", "list-order", "Lists are sorted by JavaScript's sort() without a comparison: as text, in UTF-16 order.", "Give sort() a comparison: numbers by value, strings by code point.",
			sortedBy(func(a, b signer.Value) int { return utf16Compare(jsString(a), jsString(b)) })),
		ordered("list-sorted-without-case", "list-order", "Strings in lists are sorted without regard to case.", "Compare code points.", strings2(func(a, b string) int {
			return strings.Compare(strings.ToLower(a), strings.ToLower(b))
		})),
		ordered("list-sorted-utf-16", "list-order", "Strings in lists are sorted by UTF-16 units, which puts characters beyond U+FFFF too early.", "Compare code points, or UTF-8 bytes.", strings2(utf16Compare)),
		ordered("list-sorted-by-locale", "list-order", "Strings in lists are sorted the way of a dictionary.", "Compare code points.", strings2(localeCompare)),
		ordered("list-sorted-by-length", "list-order", "Strings in lists are sorted by length first.", "Compare code points.", strings2(func(a, b string) int {
			if len(a) != len(b) {
				return len(a) - len(b)
			}
			return strings.Compare(a, b)
		})),
		ordered("list-sorted-as-doubles", "list-order", "Numbers in lists are compared as doubles, so that large integers count as equal.", "Compare integers exactly.", numbers(func(a, b signer.Value) int {
			x, y := double(a), double(b)
			switch {
			case x < y:
				return -1
			case x > y:
				return 1
			}
			return 0
		})),
		ordered("list-deduplicated", "list-order", "An element that stands in a list twice is signed once.", "Keep equal elements: sort the list, do not make a set of it.", func(list signer.List) signer.List {
			return slices.CompactFunc(slices.Clone(pythonOrder(list)), func(a, b signer.Value) bool { return textOf(a) == textOf(b) })
		}),
		ordered("list-booleans-last", "list-order", "Booleans in lists are sorted behind the numbers.", "Let false count as 0 and true as 1.", func(list signer.List) signer.List {
			list = slices.Clone(pythonOrder(list))
			slices.SortStableFunc(list, func(a, b signer.Value) int { return rank(a) - rank(b) })
			return list
		}),
		ordered("unorderable-as-given", "unorderable-list", "A list that cannot be ordered is signed as it is.", "Refuse it, as Python's sort does.", func(list signer.List) signer.List {
			if sorted, err := signer.SortList(list); err == nil {
				return sorted
			}
			return list
		}),
		ordered("unorderable-as-text", "unorderable-list", "A list that cannot be ordered is sorted as text.", "Refuse it, as Python's sort does.", func(list signer.List) signer.List {
			if sorted, err := signer.SortList(list); err == nil {
				return sorted
			}
			return byText(textOf)(list)
		}),
		ordered("null-in-list-dropped", "unorderable-list", "Null is taken out of lists before they are sorted.", "Refuse a list that holds null beside anything.", func(list signer.List) signer.List {
			kept := slices.DeleteFunc(slices.Clone(list), func(v signer.Value) bool { _, null := v.(signer.Null); return null })
			return pythonOrder(kept)
		}),

		shaped("list-comma-joined", "A list is joined with commas into one pair.", one(func(w *writer, list signer.List) string { return joined(w, list, ",") })),
		shaped("list-comma-space-joined", "A list is joined with commas and blanks into one pair.", one(func(w *writer, list signer.List) string { return joined(w, list, ", ") })),
		shaped("list-space-joined", "A list is joined with blanks into one pair.", one(func(w *writer, list signer.List) string { return joined(w, list, " ") })),
		shaped("list-semicolon-joined", "A list is joined with semicolons into one pair.", one(func(w *writer, list signer.List) string { return joined(w, list, ";") })),
		shaped("list-as-json", "A list is written as JSON, in one pair.", one(func(_ *writer, list signer.List) string { return jsonText(list, "", "") })),
		shaped("list-as-json-spaced", "A list is written as Python's json.dumps() does it, in one pair.", one(func(_ *writer, list signer.List) string { return jsonText(list, " ", " ") })),
		shaped("list-as-java", "A list is written as Java's List.toString() does it, in one pair.", one(func(_ *writer, list signer.List) string { return javaText(list) })),
		shaped("list-as-repr", "A list is written as Python's str() does it, in one pair.", one(func(_ *writer, list signer.List) string { return repr(list) })),
		shaped("list-brackets-in-key", "Every key of a list gets [] behind it.", func(w *writer, key string, list signer.List) {
			for _, v := range list {
				w.value(key, key+"[]", v)
			}
		}),
		shaped("list-index-in-key", "Every key of a list gets the element's number behind it, as in key[0].", func(w *writer, key string, list signer.List) {
			for i, v := range list {
				w.value(key, key+"["+strconv.Itoa(i)+"]", v)
			}
		}),
		shaped("list-first-only", "Only the first element of a list is signed.", func(w *writer, key string, list signer.List) { onePairEach(w, key, list[:min(1, len(list))]) }),
		shaped("list-last-only", "Only the last element of a list is signed.", func(w *writer, key string, list signer.List) { onePairEach(w, key, list[max(0, len(list)-1):]) }),
		shaped("list-dropped", "Lists are not signed.", func(*writer, string, signer.List) {}),
		shaped("list-empty-as-empty-pair", "An empty list gives a pair with an empty value.", func(w *writer, key string, list signer.List) {
			if len(list) == 0 {
				w.add(key, key, "")
			}
			onePairEach(w, key, list)
		}),
		shaped("list-of-one-as-repr", "A list with more than one element is written as Python's str() does it.", func(w *writer, key string, list signer.List) {
			if len(list) > 1 {
				w.add(key, key, repr(list))
				return
			}
			onePairEach(w, key, list)
		}),
		shaped("nested-flattened", "The elements of a list inside a list become pairs of their own.", flattened),

		objected("object-as-repr", "An object is written as Python's str() does it, in one pair.", func(w *writer, key string, o signer.Object) { w.add(key, key, repr(o)) }),
		objected("object-as-json", "An object is written as JSON, in one pair.", func(w *writer, key string, o signer.Object) { w.add(key, key, jsonText(o, "", "")) }),
		objected("object-as-json-spaced", "An object is written as Python's json.dumps() does it, in one pair.", func(w *writer, key string, o signer.Object) { w.add(key, key, jsonText(o, " ", " ")) }),
		objected("object-values", "The values of an object are signed, not its keys.", func(w *writer, key string, o signer.Object) {
			for _, m := range o {
				w.value(key, key, m.Value)
			}
		}),
		objected("object-brackets", "An object gives a pair like key[inner]=value for each of its members.", func(w *writer, key string, o signer.Object) {
			for _, m := range o {
				w.value(key, key+"["+m.Key+"]", m.Value)
			}
		}),
		objected("object-dotted", "An object gives a pair like key.inner=value for each of its members.", func(w *writer, key string, o signer.Object) {
			for _, m := range o {
				w.value(key, key+"."+m.Key, m.Value)
			}
		}),
		objected("object-keys-sorted", "The keys of an object are sorted.", func(w *writer, key string, o signer.Object) {
			o = slices.Clone(o)
			slices.SortStableFunc(o, func(a, b signer.Member) int { return strings.Compare(a.Key, b.Key) })
			keysOf(w, key, o)
		}),
		objected("object-as-javascript", "An object is written as [object Object].", func(w *writer, key string, _ signer.Object) { w.add(key, key, "[object Object]") }),
		objected("object-dropped", "Objects are not signed.", func(*writer, string, signer.Object) {}),
		objected("object-refused", "Objects are refused.", func(*writer, string, signer.Object) { refuse() }),

		nested("nested-as-json", "A list or object inside a list is written as JSON.", func(v signer.Value) string { return jsonText(v, "", "") }),
		nested("nested-as-json-spaced", "A list or object inside a list is written as Python's json.dumps() does it.", func(v signer.Value) string { return jsonText(v, " ", " ") }),
		nested("nested-double-quotes", "Strings in a nested list or object stand in double quotes.", func(v signer.Value) string { return strings.ReplaceAll(repr(v), "'", `"`) }),
		nested("nested-without-blanks", "A nested list or object is written without blanks behind commas and colons.", func(v signer.Value) string {
			return strings.NewReplacer(", ", ",", ": ", ":").Replace(repr(v))
		}),
		nested("nested-ascii", "In a nested list or object all that is not ASCII is escaped.", func(v signer.Value) string { return asciiRepr(repr(v)) }),
		nested("nested-as-java", "A list or object inside a list is written as Java's toString() does it: [1, a, null], {k=v}.", javaText),
		nested("nested-refused", "A list or object inside a list is refused.", func(signer.Value) string { refuse(); return "" }),
	}
}

func ordered(id, rule, what, fix string, order func(signer.List) signer.List) Mistake {
	return Mistake{ID: id, Rule: rule, What: what, Fix: fix, slot: "order", change: func(r *recipe) { r.order = order }}
}

func shaped(id, what string, shape func(*writer, string, signer.List)) Mistake {
	rule := "list-pairs"
	if strings.HasPrefix(id, "nested") {
		rule = "nested-repr"
	}
	return Mistake{ID: id, Rule: rule, What: what, Fix: "Give one pair per element, all under the list's key; none for an empty list.", slot: "shape", change: func(r *recipe) { r.list = shape }}
}

func objected(id, what string, shape func(*writer, string, signer.Object)) Mistake {
	return Mistake{ID: id, Rule: "object-keys", What: what, Fix: "Give one pair per KEY of the object, in the order written, under the object's own key; its values are not signed.",
		slot: "object", change: func(r *recipe) { r.object = shape }}
}

func nested(id, what string, write func(signer.Value) string) Mistake {
	return Mistake{ID: id, Rule: "nested-repr", What: what, Fix: "Write what is inside a list as Python's repr() does: [1, 'a', None], {'k': True}.", slot: "nested", change: func(r *recipe) { r.nested = write }}
}

// one makes a single pair of a list.
func one(text func(*writer, signer.List) string) func(*writer, string, signer.List) {
	return func(w *writer, key string, list signer.List) { w.add(key, key, text(w, list)) }
}

func joined(w *writer, list signer.List, separator string) string {
	var texts []string
	for _, v := range list {
		if text, keep := w.text(v); keep {
			texts = append(texts, text)
		}
	}
	return strings.Join(texts, separator)
}

func flattened(w *writer, key string, list signer.List) {
	for _, v := range list {
		switch v := v.(type) {
		case signer.List:
			flattened(w, key, v)
		case signer.Object:
			keysOf(w, key, v)
		default:
			w.value(key, key, v)
		}
	}
}

func sortedBy(compare func(a, b signer.Value) int) func(signer.List) signer.List {
	return func(list signer.List) signer.List {
		list = slices.Clone(list)
		slices.SortStableFunc(list, compare)
		return list
	}
}

func byText(text func(signer.Value) string) func(signer.List) signer.List {
	return sortedBy(func(a, b signer.Value) int { return strings.Compare(text(a), text(b)) })
}

// strings2 sorts lists of strings by a comparison, and all others as Python does.
func strings2(compare func(a, b string) int) func(signer.List) signer.List {
	return func(list signer.List) signer.List {
		for _, v := range list {
			if _, ok := v.(signer.String); !ok {
				return pythonOrder(list)
			}
		}
		return sortedBy(func(a, b signer.Value) int { return compare(textOf(a), textOf(b)) })(list)
	}
}

// numbers sorts lists of numbers by a comparison, and all others as Python does.
func numbers(compare func(a, b signer.Value) int) func(signer.List) signer.List {
	return func(list signer.List) signer.List {
		for _, v := range list {
			switch v.(type) {
			case signer.Int, signer.Float, signer.Bool:
			default:
				return pythonOrder(list)
			}
		}
		return sortedBy(compare)(list)
	}
}

func double(v signer.Value) float64 {
	switch v := v.(type) {
	case signer.Float:
		return float64(v)
	case signer.Bool:
		if v {
			return 1
		}
		return 0
	case signer.Int:
		i, _ := new(big.Float).SetString(v.String())
		f, _ := i.Float64()
		return f
	}
	return 0
}

func rank(v signer.Value) int {
	if _, is := v.(signer.Bool); is {
		return 1
	}
	return 0
}

// javaText is a value as Java's toString() writes it.
func javaText(v signer.Value) string {
	switch v := v.(type) {
	case signer.Bool, signer.Null, nil:
		return jsonText(v, "", "")
	case signer.Float:
		return javaDouble(float64(v))
	case signer.List:
		parts := make([]string, len(v))
		for i, element := range v {
			parts[i] = javaText(element)
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case signer.Object:
		parts := make([]string, len(v))
		for i, m := range v {
			parts[i] = m.Key + "=" + javaText(m.Value)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return textOf(v)
}

// jsString is a value as JavaScript's String() writes it.
func jsString(v signer.Value) string {
	switch v := v.(type) {
	case signer.Bool, signer.Null, nil:
		return jsonText(v, "", "")
	case signer.Float:
		return jsNumber(float64(v))
	case signer.List:
		parts := make([]string, len(v))
		for i, element := range v {
			if _, null := element.(signer.Null); !null {
				parts[i] = jsString(element)
			}
		}
		return strings.Join(parts, ",")
	case signer.Object:
		return "[object Object]"
	}
	return textOf(v)
}

func utf16Compare(a, b string) int {
	return slices.Compare(utf16.Encode([]rune(a)), utf16.Encode([]rune(b)))
}

// localeCompare compares as dictionaries do: letters and digits first, then case, then the rest.
func localeCompare(a, b string) int {
	letters := func(s string) string {
		return strings.Map(func(c rune) rune {
			if c < 0x80 && !strings.ContainsRune("abcdefghijklmnopqrstuvwxyz0123456789", c) {
				return -1
			}
			return c
		}, strings.ToLower(s))
	}
	if order := strings.Compare(letters(a), letters(b)); order != 0 {
		return order
	}
	if order := strings.Compare(strings.ToLower(a), strings.ToLower(b)); order != 0 {
		return order
	}
	return strings.Compare(b, a) // lower case first
}

package mistake

import (
	"slices"
	"strconv"
	"strings"

	"sigkit/signer"
)

// listMistakes are about the order of lists (step 3), and about how lists and objects become pairs
// (step 5).
func listMistakes() []Mistake {
	return slices.Concat(
		listOrderMistakes(),
		unorderableMistakes(),
		listPairMistakes(),
		objectMistakes(),
		nestedMistakes(),
	)
}

func listPairMistakes() []Mistake {
	return []Mistake{
		listPairs("list-comma-joined", "A list is joined with commas into one pair.", joinedBy(",")),
		listPairs("list-comma-space-joined",
			"A list is joined with commas and spaces into one pair.", joinedBy(", ")),
		listPairs("list-space-joined", "A list is joined with spaces into one pair.", joinedBy(" ")),
		listPairs("list-semicolon-joined",
			"A list is joined with semicolons into one pair.", joinedBy(";")),
		listPairs("list-run-together",
			"The elements of a list are written one after the other into one pair.", joinedBy("")),
		listPairs("list-empty-leaves-separator",
			"An empty list leaves an empty text between two separators: a=1&&b=2.",
			blankIfEmpty),
		listPairs("list-as-json-ascii",
			`A list is written as JSON without spaces. What is not ASCII is written as \u and four digits.`,
			writtenBy(func(v signer.Value) string { return escapeNonASCII(javaScriptJSON(v)) })),
		listPairs("list-as-json", "A list is written as JSON, in one pair.",
			writtenBy(javaScriptJSON)),
		listPairs("list-as-json-spaced",
			"A list is written as Python's json.dumps() does, in one pair.", writtenBy(pythonJSON)),
		listPairs("list-as-java",
			"A list is written as Java's List.toString() does, in one pair.", writtenBy(javaText)),
		listPairs("list-as-repr",
			"A list is written as Python's str() does, in one pair.", writtenBy(repr)),
		listPairs("list-as-go", "A list is written as Go's fmt does, in one pair: [a b].",
			writtenBy(goText)),
		listPairs("list-as-ruby", "A list is written as Ruby's to_s does, in one pair.",
			writtenBy(rubyText)),
		listPairs("list-as-rust", "A list is written as Rust's {:?} does, in one pair: [\"a\", \"b\"].",
			writtenBy(rustText)),
		listPairs("list-as-json-php",
			"A list is written as PHP's json_encode() does, in one pair.", writtenBy(phpJSON)),
		{
			ID:   "list-as-php-array",
			Rule: "list-pairs",
			What: "Lists and objects are written as the word Array, as PHP does.",
			Fix:  "Write one pair per element of a list, and one per key of an object.",
			steps: Steps{
				ListPairs:   writtenBy(phpArray),
				ObjectPairs: objectBy(phpArray),
			},
		},
		listPairs("list-brackets-in-key", "The key of a list ends with [].",
			keyedBy(func(key string, _ int) string { return key + "[]" })),
		listPairs("list-index-in-key",
			"The key of a list ends with the position of the element: key[0], key[1].",
			keyedBy(func(key string, i int) string { return key + "[" + strconv.Itoa(i) + "]" })),
		listPairs("list-index-after-dot",
			"The key of a list ends with the position of the element after a dot: key.0, key.1.",
			keyedBy(func(key string, i int) string { return key + "." + strconv.Itoa(i) })),
		listPairs("list-first-only", "Only the first element of a list is signed.",
			reducedBy(func(list signer.List) signer.List { return list[:min(1, len(list))] })),
		listPairs("list-last-only", "Only the last element of a list is signed.",
			reducedBy(lastOf)),
		{
			ID:   "list-last-as-given",
			Rule: "list-pairs",
			What: "The elements of a list overwrite each other: only the last one in the caller's " +
				"order is signed.",
			Fix: "Sort the list. Write one pair per element, all with the list's key.",
			steps: Steps{
				SortList: unsorted, Unorderable: signedAnyway, ListPairs: reducedBy(lastOf),
			},
		},
		listPairs("list-dropped", "Lists are not signed.",
			reducedBy(func(signer.List) signer.List { return nil })),
		listPairs("list-empty-as-empty-pair", "An empty list gives a pair with an empty value.",
			emptyPairIfEmpty),
		listPairs("list-empty-as-brackets", "An empty list gives a pair with the value [].",
			bracketsIfEmpty),
		listPairs("list-strings-quoted",
			"The strings of a list are written as JSON, in double quotes.", quotedEach),
		listPairs("list-of-one-as-repr",
			"A list of two or more elements is written as Python's str() does, in one pair.",
			reprIfSeveral),
		{
			ID:    "nested-flattened",
			Rule:  "nested-repr",
			What:  "Each element of a list inside a list becomes a pair.",
			Fix:   "Write the inner list as Python's repr() does, in one pair: [1, 'a', None].",
			steps: Steps{ListPairs: flattened},
		},
	}
}

// listStep is how a list becomes pairs, see [Steps].
type listStep func(s *Signing, key string, list signer.List) error

func listPairs(id, what string, pairs listStep) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "list-pairs",
		What:  what,
		Fix:   "Write one pair per element, all with the list's key. An empty list gives no pair.",
		steps: Steps{ListPairs: pairs},
	}
}

// joinedBy makes one pair of a list: the texts of the elements with a separator between them.
func joinedBy(separator string) listStep {
	return func(s *Signing, key string, list signer.List) error {
		var texts []string
		for _, v := range list {
			text, keep, err := s.Text(v)
			if err != nil {
				return err
			}
			if keep {
				texts = append(texts, text)
			}
		}
		s.Add(key, key, strings.Join(texts, separator))
		return nil
	}
}

// writtenBy makes one pair of a list: the whole list as one text.
func writtenBy(write func(signer.Value) string) listStep {
	return func(s *Signing, key string, list signer.List) error {
		s.Add(key, key, write(list))
		return nil
	}
}

// keyedBy changes the key of each pair. The pairs are sorted by the unchanged key.
func keyedBy(change func(key string, i int) string) listStep {
	return func(s *Signing, key string, list signer.List) error {
		for i, v := range list {
			if err := s.AddValue(key, change(key, i), v); err != nil {
				return err
			}
		}
		return nil
	}
}

func lastOf(list signer.List) signer.List { return list[max(0, len(list)-1):] }

// reducedBy makes pairs of some elements only.
func reducedBy(reduce func(signer.List) signer.List) listStep {
	return func(s *Signing, key string, list signer.List) error {
		return onePairEach(s, key, reduce(list))
	}
}

func emptyPairIfEmpty(s *Signing, key string, list signer.List) error {
	if len(list) == 0 {
		s.Add(key, key, "")
	}
	return onePairEach(s, key, list)
}

func bracketsIfEmpty(s *Signing, key string, list signer.List) error {
	if len(list) == 0 {
		s.Add(key, key, "[]")
	}
	return onePairEach(s, key, list)
}

// quotedEach writes strings in a list as a JSON library writes a value.
func quotedEach(s *Signing, key string, list signer.List) error {
	for _, v := range list {
		if text, isString := v.(signer.String); isString {
			v = signer.String(javaScriptJSON(text))
		}
		if err := s.AddValue(key, key, v); err != nil {
			return err
		}
	}
	return nil
}

func blankIfEmpty(s *Signing, key string, list signer.List) error {
	if len(list) == 0 {
		s.made = append(s.made, Pair{Sort: key, Blank: true})
	}
	return onePairEach(s, key, list)
}

func reprIfSeveral(s *Signing, key string, list signer.List) error {
	if len(list) > 1 {
		s.Add(key, key, repr(list))
		return nil
	}
	return onePairEach(s, key, list)
}

// flattened makes a pair of every element, at any depth, and of every key of an object in a list.
func flattened(s *Signing, key string, list signer.List) (err error) {
	for _, v := range list {
		switch v := v.(type) {
		case signer.List:
			err = flattened(s, key, v)
		case signer.Object:
			err = onePairPerKey(s, key, v)
		default:
			err = s.AddValue(key, key, v)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

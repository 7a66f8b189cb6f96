package mistake

import (
	"slices"
	"strings"

	"sigkit/signer"
)

// objectMistakes are about an object that is a value of the data.
func objectMistakes() []Mistake {
	return []Mistake{
		objectPairs("object-as-repr",
			"An object is written as Python's str() does, in one pair.", objectBy(repr)),
		objectPairs("object-as-json",
			"An object is written as JSON, in one pair.", objectBy(javaScriptJSON)),
		objectPairs("object-as-json-spaced",
			"An object is written as Python's json.dumps() does, in one pair.", objectBy(pythonJSON)),
		objectPairs("object-as-go", "An object is written as Go's fmt does: map[k:v].",
			objectBy(goText)),
		objectPairs("object-as-ruby", `An object is written as Ruby's to_s does: {"k"=>1}.`,
			objectBy(rubyText)),
		objectPairs("object-as-java", "An object is written as Java's toString() does: {k=1}.",
			objectBy(javaText)),
		objectPairs("object-as-json-php",
			"An object is written as PHP's json_encode() does, in one pair.", objectBy(phpJSON)),
		objectPairs("object-values", "The values of an object are signed, not its keys.",
			membersBy(func(key, _ string) string { return key })),
		objectPairs("object-brackets",
			"Each member of an object gives a pair such as key[inner]=value.",
			membersBy(func(key, inner string) string { return key + "[" + inner + "]" })),
		objectPairs("object-dotted", "Each member of an object gives a pair such as key.inner=value.",
			membersBy(func(key, inner string) string { return key + "." + inner })),
		objectPairs("object-keys-sorted", "The keys of an object are sorted.", sortedKeys),
		objectPairs("object-as-javascript", "An object is written as [object Object].",
			objectBy(javaScriptText)),
		objectPairs("object-dropped", "Objects are not signed.",
			func(*Signing, string, signer.Object) error { return nil }),
		objectPairs("object-refused", "Objects are refused.",
			func(*Signing, string, signer.Object) error { return ErrRefused }),
	}
}

// objectStep is how an object becomes pairs, see [Steps].
type objectStep func(s *Signing, key string, object signer.Object) error

func objectPairs(id, what string, pairs objectStep) Mistake {
	return Mistake{
		ID:   id,
		Rule: "object-keys",
		What: what,
		Fix: "Write one pair per key of the object: the object's own key, = and the inner key. " +
			"Keep the order of the keys. Do not sign the inner values.",
		steps: Steps{ObjectPairs: pairs},
	}
}

// objectBy makes one pair of an object.
func objectBy(write func(signer.Value) string) objectStep {
	return func(s *Signing, key string, object signer.Object) error {
		s.Add(key, key, write(object))
		return nil
	}
}

// membersBy makes a pair of the value of each member. The pairs are sorted by the object's key.
func membersBy(pairKey func(key, inner string) string) objectStep {
	return func(s *Signing, key string, object signer.Object) error {
		for _, m := range object {
			if err := s.AddValue(key, pairKey(key, m.Key), m.Value); err != nil {
				return err
			}
		}
		return nil
	}
}

func sortedKeys(s *Signing, key string, object signer.Object) error {
	object = slices.Clone(object)
	slices.SortStableFunc(object, func(a, b signer.Member) int {
		return strings.Compare(a.Key, b.Key)
	})
	return onePairPerKey(s, key, object)
}

// nestedMistakes are about a list or object inside a list.
func nestedMistakes() []Mistake {
	return []Mistake{
		nested("nested-as-json", "A list or object inside a list is written as JSON.",
			neverRefuse(javaScriptJSON)),
		nested("nested-as-json-spaced",
			"A list or object inside a list is written as Python's json.dumps() does.",
			neverRefuse(pythonJSON)),
		nested("nested-double-quotes",
			"Strings in a nested list or object are written in double quotes.",
			changedRepr(strings.NewReplacer("'", `"`).Replace)),
		nested("nested-without-blanks",
			"A nested list or object is written without spaces after commas and colons.",
			changedRepr(strings.NewReplacer(", ", ",", ": ", ":").Replace)),
		nested("nested-ascii", "In a nested list or object, every character beyond ASCII is escaped.",
			changedRepr(pythonASCII)),
		nested("nested-as-java",
			"A list or object inside a list is written as Java's toString() does: [a, null], {k=v}.",
			neverRefuse(javaText)),
		nested("nested-as-go",
			"A list or object inside a list is written as Go's fmt does: [a <nil>], map[k:v].",
			neverRefuse(goText)),
		nested("nested-as-ruby",
			`A list or object inside a list is written as Ruby's to_s does: [nil], {"k"=>1}.`,
			neverRefuse(rubyText)),
		nested("nested-as-javascript",
			"A list or object inside a list is written as JavaScript's String() does: a,b.",
			neverRefuse(javaScriptText)),
		nested("nested-as-json-php",
			"A list or object inside a list is written as PHP's json_encode() does.",
			neverRefuse(phpJSON)),
		nested("nested-refused", "A list or object inside a list is refused.",
			func(signer.Value) (string, error) { return "", ErrRefused }),
	}
}

func nested(id, what string, write func(signer.Value) (string, error)) Mistake {
	return Mistake{
		ID:   id,
		Rule: "nested-repr",
		What: what,
		Fix: "Write a list or object inside a list as Python's repr() does: " +
			"[1, 'a', None], {'k': True}.",
		steps: Steps{NestedText: write},
	}
}

func neverRefuse(write func(signer.Value) string) func(signer.Value) (string, error) {
	return func(v signer.Value) (string, error) { return write(v), nil }
}

func changedRepr(change func(string) string) func(signer.Value) (string, error) {
	return func(v signer.Value) (string, error) { return change(repr(v)), nil }
}

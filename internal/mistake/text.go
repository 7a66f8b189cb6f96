package mistake

import (
	"slices"
	"strconv"

	"sigkit/signer"
)

// textMistakes are about values as text (step 5).
func textMistakes() []Mistake {
	return slices.Concat(
		booleanMistakes(),
		everywhereMistakes(),
		nullMistakes(),
		integerMistakes(),
		floatMistakes(),
		stringTextMistakes(),
	)
}

// Fixes that several mistakes in the texts of values share.
const (
	fixBoolean = "Write True and False."
	fixNull    = "Write None."
)

func booleanMistakes() []Mistake {
	return []Mistake{
		boolean("boolean-lower-case", "Booleans are written true and false.", words("true", "false")),
		boolean("boolean-as-digit", "Booleans are written 1 and 0.", words("1", "0")),
		boolean("boolean-upper-case", "Booleans are written TRUE and FALSE.", words("TRUE", "FALSE")),
		boolean("boolean-yes-no", "Booleans are written yes and no.", words("yes", "no")),
		boolean("boolean-php", "True is written 1, and false as an empty text, as PHP does.",
			words("1", "")),
		boolean("boolean-false-dropped", "A false value is left out.", trueOnly("True")),
		boolean("boolean-on-only", "True is written true, and a false value is left out.",
			trueOnly("true")),
	}
}

// everywhereMistakes are those that also change what stands in nested lists and objects.
func everywhereMistakes() []Mistake {
	return []Mistake{
		{
			ID:        "boolean-lower-case-everywhere",
			Rule:      "text-boolean",
			What:      "Booleans are written true and false, also in nested lists and objects.",
			Fix:       fixBoolean,
			VariantOf: "boolean-lower-case",
			steps: Steps{
				Boolean:    words("true", "false"),
				NestedText: reprExcept(lowerCaseBoolean),
			},
		},
		{
			ID:        "null-as-null-everywhere",
			Rule:      "text-null",
			What:      "Null is written null, also in nested lists and objects.",
			Fix:       fixNull,
			VariantOf: "null-as-null",
			steps: Steps{
				Null:       nullText("null"),
				NestedText: reprExcept(lowerCaseNull),
			},
		},
	}
}

func nullMistakes() []Mistake {
	return []Mistake{
		null("null-as-null", "Null is written null.", nullText("null")),
		null("null-as-empty", "Null is written as an empty text.", nullText("")),
		null("null-dropped", "A null value is left out.",
			func() (string, bool) { return "", false }),
		null("null-as-nil", "Null is written <nil>, as Go does.", nullText("<nil>")),
		null("null-as-undefined", "Null is written undefined.", nullText("undefined")),
		null("null-upper-case", "Null is written NULL.", nullText("NULL")),
	}
}

func boolean(id, what string, write func(bool) (string, bool)) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "text-boolean",
		What:  what,
		Fix:   fixBoolean,
		steps: Steps{Boolean: write},
	}
}

func null(id, what string, write func() (string, bool)) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "text-null",
		What:  what,
		Fix:   fixNull,
		steps: Steps{Null: write},
	}
}

func words(yes, no string) func(bool) (string, bool) {
	return func(b bool) (string, bool) {
		if b {
			return yes, true
		}
		return no, true
	}
}

// trueOnly leaves out what is false.
func trueOnly(yes string) func(bool) (string, bool) {
	return func(b bool) (string, bool) { return yes, b }
}

func nullText(text string) func() (string, bool) {
	return func() (string, bool) { return text, true }
}

// reprExcept writes a value as Python's repr() does, except for those inside that other writes.
func reprExcept(other func(signer.Value) (string, bool)) func(signer.Value) (string, error) {
	var write func(signer.Value) string
	write = func(v signer.Value) string {
		if text, ok := other(v); ok {
			return text
		}
		switch v := v.(type) {
		case signer.List:
			return joinElements(v, ", ", write)
		case signer.Object:
			return joinMembers(v, ", ", func(m signer.Member) string {
				return repr(signer.String(m.Key)) + ": " + write(m.Value)
			})
		}
		return repr(v)
	}
	return func(v signer.Value) (string, error) { return write(v), nil }
}

func lowerCaseBoolean(v signer.Value) (string, bool) {
	b, ok := v.(signer.Bool)
	return strconv.FormatBool(bool(b)), ok
}

func lowerCaseNull(v signer.Value) (string, bool) {
	return "null", isNull(v)
}

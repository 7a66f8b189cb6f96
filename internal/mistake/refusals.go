package mistake

import (
	"fmt"
	"strconv"
	"strings"
	"unicode/utf8"

	"sigkit/signer"
)

// The ids of the mistakes of ports that refuse what must be signed, and whose characters or length
// the diagnosis measures, by asking.
const (
	RefusedInValues    = "characters-refused"
	RefusedInKeys      = "characters-refused-in-keys"
	RefusedInEmail     = "email-characters-refused"
	RefusedInKey       = "key-characters-refused"
	RefusedInResource  = "resource-characters-refused"
	RefusedShortKey    = "key-short-refused"
	RefusedLongMessage = "message-long-refused"
)

// RefusedCharacters says which characters a port refuses in some text: those that Chars lists, and
// of those that it does not, all control characters or all beyond ASCII.
type RefusedCharacters struct {
	Chars             map[rune]bool
	Control, NonASCII bool
}

func (c RefusedCharacters) refuses(text string) bool {
	return strings.ContainsFunc(text, func(r rune) bool {
		switch refused, listed := c.Chars[r]; {
		case listed:
			return refused
		case r < ' ' || r == 0x7f:
			return c.Control
		}
		return c.NonASCII && r >= utf8.RuneSelf
	})
}

// Mistake returns the mistake of an id, as a port makes it that refuses these characters.
func (c RefusedCharacters) Mistake(id string) *Mistake {
	m := c.mistake(id)
	m.What += " These are refused: " + c.list() + "."
	m.prepare()
	return &m
}

func (c RefusedCharacters) mistake(id string) Mistake {
	m := Mistake{ID: id, Rule: "text-string", Fix: "Sign every character as it is given."}
	of := ""
	switch id {
	case RefusedInValues:
		of, m.steps.RefuseText = "a value", c.refuses
	case RefusedInKeys:
		m.Rule = "pair-order"
		of, m.steps.RefuseName = "the key of a parameter", c.refuses
	case RefusedInEmail:
		m.Rule = "email-joins"
		of, m.steps.RefuseEmail = "the email", c.refuses
	case RefusedInKey:
		m.Rule, m.Fix = "key-bytes", fixKeyCharacters
		of, m.steps.RefuseKey = "the signing key", c.refuses
	case RefusedInResource:
		m.Rule, m.Fix = "resource-verbatim", "Sign the resource as it is given."
		of, m.steps.RefuseResource = "the resource", c.refuses
	}
	m.What = "A request with some characters in " + of + " is refused."
	return m
}

// list names the refused characters.
func (c RefusedCharacters) list() string {
	const few = 8
	var listed []string
	more := 0
	if c.Control {
		listed = append(listed, "control characters")
	}
	if c.NonASCII {
		listed = append(listed, "all beyond ASCII")
	}
	for r := range rune(utf8.RuneSelf) {
		control := r < ' ' || r == 0x7f
		switch {
		case !c.Chars[r] || control && c.Control:
		case len(listed) == few:
			more++
		default:
			listed = append(listed, strconv.QuoteToASCII(string(r)))
		}
	}
	if more > 0 {
		listed = append(listed, fmt.Sprintf("%d more", more))
	}
	return strings.Join(listed, ", ")
}

// ShortKeyRefused returns the mistake of a port that refuses keys of less than some bytes.
func ShortKeyRefused(length int) *Mistake {
	m := shortKeyRefused(length)
	m.prepare()
	return &m
}

func shortKeyRefused(length int) Mistake {
	return Mistake{
		ID:    RefusedShortKey,
		Rule:  "key-bytes",
		What:  fmt.Sprintf("A key of less than %d bytes is refused.", length),
		Fix:   "Sign with any key, however short it is, also with the empty one.",
		steps: Steps{RefuseKey: func(key string) bool { return len(key) < length }},
	}
}

// LongMessageRefused returns the mistake of a port that refuses messages of more than some bytes.
func LongMessageRefused(length int) *Mistake {
	m := longMessageRefused(length)
	m.prepare()
	return &m
}

func longMessageRefused(length int) Mistake {
	return Mistake{
		ID:    RefusedLongMessage,
		Rule:  "message-utf8",
		What:  fmt.Sprintf("A message of more than %d bytes is refused.", length),
		Fix:   "Sign the whole text, however long it is.",
		steps: Steps{RefuseMessage: func(message string) bool { return len(message) > length }},
	}
}

// refusalMistakes are those of ports that refuse what must be signed. The diagnosis puts what it
// measures in their place.
func refusalMistakes() []Mistake {
	refused := RefusedCharacters{map[rune]bool{}, true, true}
	for r := ' '; r <= '~'; r++ {
		refused.Chars[r] = !strings.ContainsRune(alphanumeric+"/-_.@+", r)
	}
	controls := RefusedCharacters{map[rune]bool{'\t': false, '\n': false, '\r': false}, true, false}
	nonASCII := RefusedCharacters{nil, true, true}
	isEmpty := func(text string) bool { return text == "" }
	isBlank := func(text string) bool { return signer.Strip(text) == "" }
	const asGiven = "Test whether email and key are given, not whether they have text in them."
	return []Mistake{
		controls.mistake(RefusedInValues), refused.mistake(RefusedInKeys),
		refused.mistake(RefusedInEmail), nonASCII.mistake(RefusedInKey),
		refused.mistake(RefusedInResource), shortKeyRefused(16), longMessageRefused(4096),
		{
			ID:    "email-empty-refused",
			Rule:  "email-joins",
			What:  "An empty email is refused, also one that is given directly.",
			Fix:   asGiven,
			steps: Steps{RefuseEmail: isEmpty},
		},
		{
			ID:    "given-credentials-empty-refused",
			Rule:  "key-file-members",
			What:  "An empty email or key that is given directly is refused.",
			Fix:   asGiven,
			steps: Steps{RefuseGiven: func(email, key string) bool { return email == "" || key == "" }},
		},
		{
			ID:    "credentials-empty-refused",
			Rule:  "key-file-members",
			What:  "An empty email or key is refused, also one that is given directly.",
			Fix:   asGiven,
			steps: Steps{RefuseEmail: isEmpty, RefuseKey: isEmpty},
		},
		{
			ID:    "credentials-blank-refused",
			Rule:  "key-file-members",
			What:  "An email or key without any visible character is refused.",
			Fix:   asGiven,
			steps: Steps{RefuseEmail: isBlank, RefuseKey: isBlank},

			VariantOf: "credentials-empty-refused",
		},
		{
			ID:    "email-without-at-refused",
			Rule:  "email-joins",
			What:  "An email without @ is refused.",
			Fix:   anyEmail,
			steps: Steps{RefuseEmail: func(email string) bool { return !strings.Contains(email, "@") }},
		},
		{
			ID:    "resource-empty-refused",
			Rule:  "resource-verbatim",
			What:  "An empty resource is refused.",
			Fix:   "Sign the resource as it is given.",
			steps: Steps{RefuseResource: isEmpty},
		},
		{
			ID:    "resource-without-slash-refused",
			Rule:  "resource-verbatim",
			What:  "A resource that does not start with a slash is refused.",
			Fix:   "Sign the resource as it is given.",
			steps: Steps{RefuseResource: func(r string) bool { return !strings.HasPrefix(r, "/") }},
		},
	}
}

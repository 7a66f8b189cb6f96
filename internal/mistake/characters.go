package mistake

import (
	"fmt"
	"html"
	"strconv"
	"strings"
)

// The ids of the mistakes whose [Characters] the diagnosis measures, by asking.
const (
	CharactersInValues     = "escaped-characters"
	CharactersInKeys       = "escaped-characters-in-keys"
	CharactersInSigningKey = "key-characters"
	CharactersInKeyFile    = "key-characters-in-file"
	CharactersInEmail      = "email-characters"
)

// Characters says what a port signs instead of single characters. What is not in Texts is signed by
// Control, if it is a control character, by NonASCII, or as it is.
type Characters struct {
	Texts             map[rune]string
	Control, NonASCII Spelling
	// KeepsEmail says that the email is signed as it is, since it is added later.
	KeepsEmail bool
}

// Spelling is a way to write any character.
type Spelling func(rune) string

// Spellings are the ways to write a character that are tried. The first leaves it as it is.
func Spellings() []Spelling { return characterSpellings }

var characterSpellings = []Spelling{
	func(r rune) string { return string(r) },
	func(r rune) string { return percentEncodeText(string(r), never, "", upperHex) },
	func(r rune) string { return percentEncodeText(string(r), never, "", lowerHex) },
	always("+"),
	always(""),
	always("_"),
	always("-"),
	always(" "),
	always("?"),
	always("."),
	func(r rune) string { return html.EscapeString(string(r)) },
	func(r rune) string { return fmt.Sprintf("&#%d;", r) },
	func(r rune) string { return fmt.Sprintf("&#x%x;", r) },
	func(r rune) string { return fmt.Sprintf("&#x%X;", r) },
	jsonEscape,
	func(r rune) string { return fmt.Sprintf("%%%02X", r) },
	func(r rune) string { return fmt.Sprintf("%%%02x", r) },
	func(r rune) string { return fmt.Sprintf("%%u%04X", r) },
	javaScriptEscape,
	func(r rune) string { return `\` + string(r) },
	func(r rune) string { return string(r) + string(r) },
	func(r rune) string {
		once := percentEncodeText(string(r), never, "", upperHex)
		return strings.ReplaceAll(once, "%", "%25")
	},
}

// javaScriptEscape writes a character as JavaScript's escape() does.
func javaScriptEscape(r rune) string {
	if r < 0x100 {
		return fmt.Sprintf("%%%02X", r)
	}
	return fmt.Sprintf("%%u%04X", r)
}

func never(byte) bool { return false }

func always(text string) Spelling { return func(rune) string { return text } }

// jsonEscape writes a character as a JSON escape.
func jsonEscape(r rune) string {
	if r < 0x80 {
		return fmt.Sprintf(`\u%04x`, r)
	}
	return escapeNonASCII(string(r))
}

func (c Characters) write(s string) string {
	return mapParts(s, func(text string) string {
		var out strings.Builder
		for _, r := range text {
			out.WriteString(c.text(r))
		}
		return out.String()
	}, same)
}

// pair writes a pair whose value is in these characters, unless it is the email.
func (c Characters) pair(key, value string) string {
	if key == "email" {
		return key + "=" + value
	}
	return key + "=" + c.write(value)
}

func (c Characters) text(r rune) string {
	switch text, measured := c.Texts[r]; {
	case measured:
		return text
	case r < ' ' && c.Control != nil:
		return c.Control(r)
	case r > '~' && c.NonASCII != nil:
		return c.NonASCII(r)
	}
	return string(r)
}

// Signing returns the steps of a set, but with these characters in place of what it does with them.
func (c Characters) Signing(s Set, id string) *Steps {
	steps := s.Steps()
	m := c.Mistake(id)
	steps.overlay(&m.steps, m.changes)
	steps.changes.add(m.parts)
	return steps
}

// Mistake returns the mistake of an id, as a port makes it that signs these characters.
func (c Characters) Mistake(id string) *Mistake {
	m := c.mistake(id, "")
	if changed := c.changed(); changed != "" {
		m.What = fmt.Sprintf("%s These are written otherwise: %s.", m.What, changed)
	}
	m.prepare()
	return &m
}

const fixKeyCharacters = "Use the bytes of the key, encoded as UTF-8, as they are."

// mistake has the steps of an id. The example ends its description.
func (c Characters) mistake(id, example string) Mistake {
	m := Mistake{ID: id, Rule: "no-escaping"}
	m.Fix = "Sign the characters as they are given. Encode them only when you send them."
	of := "values"
	switch id {
	case CharactersInValues:
		m.steps.EscapeValue = c.write
		if c.KeepsEmail {
			m.steps.EscapeValue, m.steps.PairText = same, c.pair
		}
	case CharactersInKeys:
		of = "the keys of parameters"
		m.steps.EscapeKey = c.write
	case CharactersInSigningKey:
		of = "the signing key"
		m.steps.KeyBytes = func(key string) ([]byte, error) { return []byte(c.write(key)), nil }
		m.Rule, m.Fix = "key-bytes", fixKeyCharacters
	case CharactersInKeyFile:
		of = "the signing key of a key file"
		m.steps.FileKey = c.write
		m.Rule, m.Fix = "key-bytes", fixKeyCharacters
	case CharactersInEmail:
		of = "the email of a key file"
		m.steps.FileEmail = c.write
		m.Rule, m.Fix = "email-joins", "Use the email as it is in the key file."
	}
	m.What = "Some characters of " + of + " are signed in another form" + example + "."
	return m
}

// changed lists some characters that are signed in another form.
func (c Characters) changed() string {
	const few = 8
	var listed []string
	more := 0
	for r := range rune(0x80) {
		text, measured := c.Texts[r]
		switch {
		case !measured || text == string(r):
		case len(listed) == few:
			more++
		case text == "":
			listed = append(listed, strconv.QuoteToASCII(string(r))+" left out")
		default:
			listed = append(listed, fmt.Sprintf("%+q as %+q", string(r), text))
		}
	}
	if more > 0 {
		listed = append(listed, fmt.Sprintf("%d more", more))
	}
	return strings.Join(listed, ", ")
}

// characterMistakes are those of a port that percent-encodes all but letters and digits, or leaves
// them out of the email. The diagnosis puts what it measures in their place.
func characterMistakes() []Mistake {
	lower, dropped := special(characterSpellings[2]), special(always(""))
	const example = `, for example a blank as "%20"`
	return []Mistake{
		lower.mistake(CharactersInValues, example), lower.mistake(CharactersInKeys, example),
		lower.mistake(CharactersInSigningKey, example), lower.mistake(CharactersInKeyFile, example),
		dropped.mistake(CharactersInEmail, ", or not at all"),
	}
}

// special writes all but ASCII letters and digits in some way.
func special(spell Spelling) Characters {
	c := Characters{Texts: map[rune]string{}, Control: spell, NonASCII: spell}
	for r := ' '; r <= '~'; r++ {
		if !strings.ContainsRune(alphanumeric, r) {
			c.Texts[r] = spell(r)
		}
	}
	return c
}

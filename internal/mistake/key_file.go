package mistake

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"sigkit/signer"
)

const readStrictly = "Read strict JSON."

// keyFileMistakes are about the syntax of key files and dashboard configs.
func keyFileMistakes() []Mistake {
	return []Mistake{
		fileRead("key-file-bom-skipped",
			"A byte order mark at the start of a file is skipped.",
			"Refuse the file: it must be UTF-8 without a byte order mark.",
			Steps{FileText: func(text string) string { return strings.TrimPrefix(text, "\ufeff") }}),
		fileRead("key-file-non-ascii-refused",
			"A file with characters that are not ASCII is refused.",
			"Read the file as UTF-8, once.",
			Steps{ReadMembers: func(text string) (signer.Object, error) {
				if strings.ContainsFunc(text, func(c rune) bool { return c >= utf8.RuneSelf }) {
					return nil, ErrRefused
				}
				return parseData(text)
			}}),
		fileRead("key-file-trimmed",
			"No-break spaces and other Unicode white space around the JSON are skipped.",
			"Refuse the file: only spaces, tabs and line ends may stand around the object.",
			Steps{FileText: signer.Strip}),
		fileRead("key-file-nan-refused",
			"A key file with NaN or Infinity in some member is refused.",
			"Read only the members you need. The JSON reader of the reference accepts these words.",
			Steps{NonFinite: same}),
		fileRead("key-file-list-unwrapped",
			"A key file that is a list with the object in it is accepted.",
			"Refuse everything but an object.", Steps{RepairFile: unwrapped}),
		fileRead("key-file-lenient",
			"Single quotes, and a comma after the last member, are accepted in a key file.",
			readStrictly, Steps{RepairFile: withoutExtras}),
		fileRead("key-file-controls-in-strings",
			"Line breaks and tabs that are not escaped are accepted in strings of a key file.",
			readStrictly, Steps{RepairFile: withControlsEscaped}),
		fileRead("key-file-text-after-accepted",
			"Text after the object of a key file is ignored.",
			"Refuse a file that goes on after the object.", Steps{RepairFile: firstValue}),
		fileRead("key-file-blank-accepted",
			"An empty key file gives an empty email and key.",
			"Refuse an empty file: it is not a JSON object.", Steps{RepairFile: filledIfBlank}),
		fileRead("key-file-first-of-two",
			"If a member is given twice in a key file, the first one counts.",
			"Let the last one count.", Steps{ReadMembers: readFirstOfTwo}),
		fileRead("key-file-duplicates-refused",
			"A key file that gives a member twice is refused.",
			"Let the last one count.", Steps{ReadMembers: refuseDuplicates}),
		fileRead("key-file-known-twice-refused",
			"A file that gives a member twice is refused if it is one that a client needs.",
			"Let the last one count.", Steps{ReadMembers: refuseKnownTwice}),
		fileRead("key-file-surrogates-refused",
			"A key file with an unpaired surrogate in some member is refused.",
			"Look only at the members you need.", Steps{CheckFile: refuseDataSurrogates}),
		fileRead("key-file-other-types-refused",
			"A key file with a member that is neither a string nor null is refused.",
			"Look only at the members you need.", Steps{CheckFile: refuseOtherTypes}),
		fileRead("key-file-huge-number-refused",
			"A file is refused if some member is a number that is too large for a double.",
			"Look only at the members you need.", Steps{CheckFile: refuseInfinite}),
		fileRead("key-file-unused-members-checked",
			"A file is refused if one of its known members is not valid text, also if this generation "+
				"does not use it.",
			"Look only at the members you need.", Steps{CheckFile: refuseInvalidKnown}),
		fileRead("key-file-unknown-members-refused",
			"A key file or dashboard config with a member that no client needs is refused.",
			"Look only at the members you need.", Steps{CheckFile: refuseUnknown}),
	}
}

func fileRead(id, what, fix string, steps Steps) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "key-file-json",
		What:  what,
		Fix:   fix,
		steps: steps,
	}
}

func unwrapped(text string) string {
	text = strings.TrimPrefix(strings.TrimSpace(text), "[")
	return strings.TrimSuffix(text, "]")
}

func readFirstOfTwo(text string) (signer.Object, error) {
	written, err := writtenMembers(text)
	return firstOfEach(written), err
}

// firstOfEach drops the members whose name was given before.
func firstOfEach(written signer.Object) (first signer.Object) {
	given := map[string]bool{}
	for _, m := range written {
		if !given[m.Key] {
			first = append(first, m)
		}
		given[m.Key] = true
	}
	return first
}

func refuseDuplicates(text string) (signer.Object, error) {
	written, err := writtenMembers(text)
	if err != nil {
		return nil, err
	}
	file, err := parseData(text)
	if len(file) != len(written) {
		return nil, ErrRefused
	}
	return file, err
}

// refuseKnownTwice refuses as serde does for the fields of a struct.
func refuseKnownTwice(text string) (signer.Object, error) {
	written, err := writtenMembers(text)
	if err != nil {
		return nil, err
	}
	given := map[string]bool{}
	for _, m := range written {
		if given[m.Key] && slices.Contains(knownMembers, m.Key) {
			return nil, ErrRefused
		}
		given[m.Key] = true
	}
	return parseData(text)
}

// writtenMembers reads a key file, and returns a member that is given twice as two members.
func writtenMembers(text string) (members signer.Object, err error) {
	if _, err := parseData(text); err != nil {
		return nil, err
	}
	decoder := json.NewDecoder(strings.NewReader(text))
	if _, err := decoder.Token(); err != nil {
		return nil, ErrRefused
	}
	for decoder.More() {
		name, err := decoder.Token()
		if err != nil {
			return nil, ErrRefused
		}
		var raw json.RawMessage
		if err := decoder.Decode(&raw); err != nil {
			return nil, ErrRefused
		}
		value, err := parseData(`{"v":` + string(raw) + `}`)
		if err != nil {
			return nil, err
		}
		members = append(members, signer.Member{Key: name.(string), Value: value[0].Value})
	}
	return members, nil
}

var (
	extraComma = regexp.MustCompile(`,\s*}`)
	jsonString = regexp.MustCompile(`"[^"]*"`)
)

// withoutExtras replaces what some JSON readers accept and strict ones do not.
func withoutExtras(text string) string {
	return extraComma.ReplaceAllString(strings.ReplaceAll(text, "'", `"`), "}")
}

func withControlsEscaped(text string) string {
	escape := strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`)
	return jsonString.ReplaceAllStringFunc(text, escape.Replace)
}

// firstValue is the object at the start of a text, as Go's Decoder reads it.
func firstValue(text string) string {
	var first json.RawMessage
	if err := json.NewDecoder(strings.NewReader(text)).Decode(&first); err != nil {
		return text
	}
	return string(first)
}

func filledIfBlank(text string) string {
	if signer.Strip(text) == "" {
		return `{"email": "", "key": ""}`
	}
	return text
}

func refuseOtherTypes(file signer.Object) error {
	for _, m := range file {
		switch m.Value.(type) {
		case signer.String, signer.Null, nil:
		default:
			return ErrRefused
		}
	}
	return nil
}

// knownMembers are those that the reference reads.
var knownMembers = []string{
	"email", "key", "organization_key", "server_url", "product", "group", "folder",
}

func refuseInfinite(file signer.Object) error {
	if hasInfinite(file) {
		return ErrRefused
	}
	return nil
}

func hasInfinite(v signer.Value) bool {
	switch v := v.(type) {
	case signer.Float:
		return math.IsInf(float64(v), 0)
	case signer.List:
		return slices.ContainsFunc(v, hasInfinite)
	case signer.Object:
		return slices.ContainsFunc(v, func(m signer.Member) bool { return hasInfinite(m.Value) })
	}
	return false
}

// refuseInvalidKnown refuses as a JSON library does that reads a file into a type with fields.
func refuseInvalidKnown(file signer.Object) error {
	for _, m := range file {
		if !slices.Contains(knownMembers, m.Key) || isNull(m.Value) {
			continue
		}
		if text, isString := m.Value.(signer.String); !isString || !utf8.ValidString(string(text)) {
			return ErrRefused
		}
	}
	return nil
}

func refuseUnknown(file signer.Object) error {
	for _, m := range file {
		if !slices.Contains(knownMembers, m.Key) {
			return ErrRefused
		}
	}
	return nil
}

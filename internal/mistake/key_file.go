package mistake

import (
	"encoding/json"
	"math"
	"regexp"
	"slices"
	"strings"
	"unicode"
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

// keyMemberMistakes are about the members of a key file that has been read.
func keyMemberMistakes() []Mistake {
	return []Mistake{
		keyMember("key-file-names-any-case",
			"The case of the member names in a key file is ignored.",
			"Compare names exactly.", Steps{MemberName: strings.ToLower}),
		keyMember("key-file-missing-as-empty",
			"A member that the key file does not have counts as empty.",
			"Refuse a file without email. For profile linuxlink, refuse one without key, too.",
			Steps{MissingMember: func() (string, error) { return "", nil }}),
		keyMember("key-file-missing-as-undefined",
			"A member that the key file does not have is signed as the text undefined.",
			"Refuse a file without email. For profile linuxlink, refuse one without key, too.",
			Steps{MissingMember: func() (string, error) { return "undefined", nil }}),
		keyMember("key-file-missing-as-null",
			"A member that the key file does not have is signed as the text null.",
			"Refuse a file without email. For profile linuxlink, refuse one without key, too.",
			Steps{MissingMember: func() (string, error) { return "null", nil }}),
		keyMember("key-surrogate-replaced",
			"An unpaired surrogate in the key becomes U+FFFD.",
			"Refuse a key that cannot be encoded as UTF-8.",
			Steps{InvalidKey: func(key string) (string, error) {
				return ReplaceSurrogates(key, "\ufffd"), nil
			}}),
		keyMember("key-surrogate-question-mark",
			"An unpaired surrogate in the key becomes ?.",
			"Refuse a key that cannot be encoded as UTF-8.",
			Steps{InvalidKey: func(key string) (string, error) {
				return ReplaceSurrogates(key, "?"), nil
			}}),
		keyMember("key-surrogate-kept",
			"An unpaired surrogate in the key is encoded on its own, in three bytes.",
			"Refuse a key that cannot be encoded as UTF-8.",
			Steps{InvalidKey: func(key string) (string, error) { return key, nil }}),
		keyMember("key-file-numbers-as-text",
			"An email or key that is not a string is converted to text and used.",
			"Refuse a member that is not a string.",
			Steps{MemberText: func(_ *Steps, v signer.Value) (string, error) { return textOf(v), nil }}),
		keyMember("key-file-number-as-text",
			"An email or key that is a number or a boolean is converted to text and used.",
			"Refuse a member that is not a string.",
			Steps{MemberText: numberAsText}),
		keyMember("key-file-big-integer-as-text",
			"An email or key that is an integer beyond 64 bits is used as text, as PHP's "+
				"JSON_BIGINT_AS_STRING reads it.",
			"Refuse a member that is not a string.",
			Steps{MemberText: func(_ *Steps, v signer.Value) (string, error) {
				if i, isInt := v.(signer.Int); isInt {
					if _, err := refuseOver64Bits(i); err != nil {
						return i.String(), nil
					}
				}
				return memberText(v)
			}}),
		keyMember("key-file-other-types-as-text",
			"An email or key that is not a string is converted to text and used. Null becomes an "+
				"empty text.",
			"Refuse a member that is not a string.",
			Steps{MemberText: textOfAny}),
		keyMember("key-file-other-types-as-text-and-null",
			"An email or key that is not a string is converted to text and used, null as the word null.",
			"Refuse a member that is not a string.",
			Steps{MemberText: func(s *Steps, v signer.Value) (string, error) {
				if isNull(v) {
					return "null", nil
				}
				return numberAsText(s, v)
			}}),
		keyMember("key-file-empty-refused",
			"An empty email or key is refused.",
			"Test whether the member is there, not whether it has text in it.",
			Steps{RefuseMember: func(v signer.Value) bool { return v == signer.String("") }}),
		keyMember("key-file-email-without-at-refused",
			"A key file is refused if its email has no @.",
			"Sign any email: the server checks it.",
			Steps{CheckStripped: func(email, _ string, _ bool) error {
				if !strings.Contains(email, "@") {
					return ErrRefused
				}
				return nil
			}}),
		keyMember("key-file-email-syntax-refused",
			"A key file is refused if its email is not one @ between two texts without white space.",
			"Sign any email: the server checks it.",
			Steps{CheckStripped: func(email, _ string, _ bool) error {
				name, host, found := strings.Cut(email, "@")
				if !found || name == "" || host == "" || strings.ContainsAny(host, "@") ||
					strings.ContainsFunc(email, unicode.IsSpace) {
					return ErrRefused
				}
				return nil
			}}),
		keyMember("key-file-other-types-as-empty",
			"An email or key that is not a string counts as empty.",
			"Refuse a member that is not a string.",
			Steps{MemberText: func(_ *Steps, v signer.Value) (string, error) {
				text, _ := memberText(v)
				return text, nil
			}}),
		emptyRefused("key-file-empty-credentials-refused",
			"A key file is refused if its email or key is empty once it is stripped.",
			func(email, key string, given bool) bool { return email == "" || given && key == "" }),
		emptyRefused("key-file-empty-email-refused",
			"A key file is refused if its email is empty once it is stripped.",
			func(email, _ string, _ bool) bool { return email == "" }),
		emptyRefused("key-file-empty-key-refused",
			"A key file is refused if its key is empty once it is stripped.",
			func(_, key string, given bool) bool { return given && key == "" }),
	}
}

func emptyRefused(id, what string, refuse func(email, key string, keyGiven bool) bool) Mistake {
	return keyMember(id, what, "Test whether the member is there, not whether it has text in it.",
		Steps{CheckStripped: func(email, key string, keyGiven bool) error {
			if refuse(email, key, keyGiven) {
				return ErrRefused
			}
			return nil
		}})
}

func keyMember(id, what, fix string, steps Steps) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "key-file-members",
		What:  what,
		Fix:   fix,
		steps: steps,
	}
}

// numberAsText takes numbers and booleans, too, as the port writes them elsewhere.
func numberAsText(s *Steps, v signer.Value) (string, error) {
	switch v := v.(type) {
	case signer.Int:
		return s.Integer(v)
	case signer.Float:
		return s.Float(&Question{}, v)
	case signer.Bool:
		text, _ := s.Boolean(bool(v))
		return text, nil
	}
	return memberText(v)
}

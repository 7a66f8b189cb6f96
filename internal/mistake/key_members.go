package mistake

import (
	"strings"
	"unicode"

	"sigkit/signer"
)

// Fixes that several mistakes in the members of a key file share.
const (
	anyText  = "Test whether the member is there, not whether it has text in it."
	anyEmail = "Sign any email: the server checks it."
)

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
			"A key file with an empty email or key is refused.", anyText,
			Steps{RefuseMember: func(v signer.Value) bool { return v == signer.String("") }}),
		strippedRefused("key-file-email-without-at-refused",
			"A key file is refused if its email has no @.", anyEmail,
			func(email, _ string, _ bool) bool { return !strings.Contains(email, "@") }),
		strippedRefused("key-file-email-syntax-refused",
			"A key file is refused if its email is not one @ between two texts without white space.",
			anyEmail, func(email, _ string, _ bool) bool {
				name, host, _ := strings.Cut(email, "@")
				return name == "" || host == "" || strings.Contains(host, "@") ||
					strings.ContainsFunc(email, unicode.IsSpace)
			}),
		keyMember("key-file-other-types-as-empty",
			"An email or key that is not a string counts as empty.",
			"Refuse a member that is not a string.",
			Steps{MemberText: func(_ *Steps, v signer.Value) (string, error) {
				text, _ := memberText(v)
				return text, nil
			}}),
		strippedRefused("key-file-empty-credentials-refused",
			"A key file is refused if its email or key is empty once it is stripped.", anyText,
			func(email, key string, given bool) bool { return email == "" || given && key == "" }),
		strippedRefused("key-file-empty-email-refused",
			"A key file is refused if its email is empty once it is stripped.", anyText,
			func(email, _ string, _ bool) bool { return email == "" }),
		strippedRefused("key-file-empty-key-refused",
			"A key file is refused if its key is empty once it is stripped.", anyText,
			func(_, key string, given bool) bool { return given && key == "" }),
	}
}

// strippedRefused is a mistake of a port that refuses a key file for what is in it once it is
// stripped.
func strippedRefused(
	id, what, fix string, refuse func(email, key string, keyGiven bool) bool,
) Mistake {
	return keyMember(id, what, fix, Steps{RefuseStripped: refuse})
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

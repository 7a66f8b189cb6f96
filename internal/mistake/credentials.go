package mistake

import (
	"slices"
	"strings"
	"unicode"

	"sigkit/signer"
)

// credentialMistakes are about step 1: key files, dashboard configs and the bytes of the key.
func credentialMistakes() []Mistake {
	return slices.Concat(
		stripMistakes(),
		keyBytesMistakes(),
		generationMistakes(),
		secretMistakes(),
		keyFileMistakes(),
		keyMemberMistakes(),
		dashboardMistakes(),
	)
}

// stripMistakes are about white space around the members of a file.
func stripMistakes() []Mistake {
	return []Mistake{
		{
			ID:    "key-not-stripped",
			Rule:  "key-file-strip",
			What:  "The white space around the key in the key file is kept.",
			Fix:   "Strip the key after you parse the file.",
			steps: Steps{StripKey: same},
		},
		{
			ID:    "email-not-stripped",
			Rule:  "key-file-strip",
			What:  "The white space around the email in the key file is kept.",
			Fix:   "Strip the email, too, after you parse the file.",
			steps: Steps{StripEmail: same},
		},
		stripped("nothing-stripped",
			"The white space around key, email and the tokens of a dashboard config is kept.",
			"Strip them after you parse the file.", same),
		trimmed("strip-ascii-only",
			"Only ASCII white space is stripped from key and email.",
			func(c rune) bool { return strings.ContainsRune(" \t\n\v\f\r", c) }),
		trimmed("strip-unicode-only",
			"U+001C to U+001F are not stripped from key and email. "+
				"The trim functions of Go and Rust leave them.",
			unicode.IsSpace),
		trimmed("strip-javascript",
			"Key and email are trimmed by JavaScript's trim(). "+
				"It removes U+FEFF, and leaves U+0085 and U+001C to U+001F.",
			func(c rune) bool { return c == 0xFEFF || c != 0x85 && unicode.IsSpace(c) }),
		trimmed("strip-java-trim",
			"Key and email are trimmed by Java's trim(). "+
				"It removes all characters up to U+0020, and no other white space.",
			func(c rune) bool { return c <= ' ' }),
		trimmed("strip-java-strip",
			"Key and email are trimmed by Java's strip(). It leaves no-break spaces and U+0085.",
			func(c rune) bool {
				return pythonSpace(c) && !strings.ContainsRune("\u0085\u00a0\u2007\u202f", c)
			}),
		trimmed("strip-table-without-u0085",
			"U+0085 is not stripped from key, email and tokens.",
			func(c rune) bool { return c != 0x85 && pythonSpace(c) }),
		trimmed("strip-php",
			"Key and email are trimmed by PHP's trim(). "+
				"It removes NUL, and leaves form feed and Unicode white space.",
			func(c rune) bool { return strings.ContainsRune(" \t\n\r\x00\v", c) }),
		trimmed("strip-ruby",
			"Key and email are stripped by Ruby's strip. It removes NUL, and leaves Unicode white space.",
			func(c rune) bool { return strings.ContainsRune(" \t\n\v\f\r\x00", c) }),
		stripped("strip-newline-only",
			"Only line ends are stripped from the end of key and email.",
			"Strip all white space, at both ends.",
			func(s string) string { return strings.TrimRight(s, "\r\n") }),
		stripped("strip-end-only",
			"White space is stripped from the end of key and email, but not from the start.",
			"Strip both ends.",
			func(s string) string { return strings.TrimRightFunc(s, pythonSpace) }),
		keyStripped("key-strip-end-only",
			"White space is stripped from the end of the key, but not from the start.",
			func(s string) string { return strings.TrimRightFunc(s, pythonSpace) }),
		keyStripped("key-strip-newline-only", "Only line ends are stripped from the end of the key.",
			func(s string) string { return strings.TrimRight(s, "\r\n") }),
		keyStripped("key-strip-unicode-only",
			"U+001C to U+001F are not stripped from the key.", strings.TrimSpace),
		{
			ID:   "given-credentials-stripped",
			Rule: "key-file-strip",
			What: "White space around an email and a key that are given directly is removed, too.",
			Fix:  "Strip email and key when you read them from a file, and only then.",
			steps: Steps{
				ChangeEmail: signer.Strip,
				KeyBytes:    func(key string) ([]byte, error) { return []byte(signer.Strip(key)), nil },
			},
		},
		{
			ID:    "strip-inside-both",
			Rule:  "key-file-strip",
			What:  "White space inside email and key is removed, too.",
			Fix:   "Strip only the ends.",
			steps: Steps{StripEmail: withoutSpace, StripKey: withoutSpace},
		},
		{
			ID:    "strip-inside",
			Rule:  "key-file-strip",
			What:  "White space inside the key is removed, too.",
			Fix:   "Strip only the ends of the key.",
			steps: Steps{StripKey: withoutSpace},
		},
	}
}

// stripped is a mistake in how email, key and tokens are stripped.
func stripped(id, what, fix string, strip func(string) string) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "key-file-strip",
		What:  what,
		Fix:   fix,
		steps: Steps{StripEmail: strip, StripKey: strip, StripOther: strip},
	}
}

// keyStripped is a mistake in how the key alone is stripped.
func keyStripped(id, what string, strip func(string) string) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "key-file-strip",
		What:  what,
		Fix:   "Strip Unicode white space and U+001C to U+001F, at both ends, nothing else.",
		steps: Steps{StripKey: strip},
	}
}

// trimmed is a mistake in which characters are stripped.
func trimmed(id, what string, space func(rune) bool) Mistake {
	return stripped(id, what, "Strip Unicode white space and U+001C to U+001F, nothing else.",
		func(s string) string { return strings.TrimFunc(s, space) })
}

// pythonSpace reports whether Python's str.strip() removes a character.
func pythonSpace(c rune) bool { return c >= 0x1C && c <= 0x1F || unicode.IsSpace(c) }

// withoutSpace removes white space at the ends as Python does, and Unicode white space inside.
func withoutSpace(s string) string { return strings.Join(strings.Fields(signer.Strip(s)), "") }

// secretMistakes are about which member of a key file is the key.
func secretMistakes() []Mistake {
	return []Mistake{
		organizationKey("organization-key-ignored",
			"Profile vigiles: the member key is used although the file has an organization_key.",
			"Look for organization_key first.", Steps{KeyNames: namesForAll("key")}),
		organizationKey("key-missing-as-none",
			"A missing key is signed as the text None.",
			"Profile vigiles: sign with the empty key. Profile linuxlink: refuse the file.",
			Steps{MissingKey: noneAsKey}),
		organizationKey("organization-key-if-not-empty",
			"Profile vigiles: if organization_key is empty, the member key is used.",
			"Use organization_key whenever the member is there, even if it is empty.",
			Steps{CountsAsKey: hasText}),
		organizationKey("organization-key-always",
			"Profile linuxlink: organization_key is used.",
			"Read organization_key for profile vigiles only.",
			Steps{KeyNames: namesForAll("organization_key", "key")}),
		organizationKey("key-before-organization-key",
			"Profile vigiles: the member key is used if the file has one, else organization_key.",
			"Look for organization_key first.",
			Steps{KeyNames: func(p signer.Profile) []string {
				names := slices.Clone(keyNames(p))
				slices.Reverse(names)
				return names
			}}),
		organizationKey("organization-key-required",
			"Profile vigiles: a key file without organization_key is refused.",
			"Use key if organization_key is missing.",
			Steps{
				KeyNames:   func(p signer.Profile) []string { return keyNames(p)[:1] },
				MissingKey: refusedWithoutKey,
			}),
		organizationKey("organization-key-if-truthy",
			"Profile vigiles: if organization_key is empty or null, the member key is used.",
			"Test whether the member is there. Use it even if it is empty. Refuse null.",
			Steps{CountsAsKey: func(name string, v signer.Value) bool {
				return name != "organization_key" || !isNull(v) && v != signer.String("")
			}}),
		organizationKey("organization-key-if-text",
			"Profile vigiles: an organization_key that is empty or not a string counts as missing.",
			"Test whether the member is there. Use it even if it is empty. Refuse other types.",
			Steps{CountsAsKey: func(name string, v signer.Value) bool {
				text, isString := v.(signer.String)
				return name != "organization_key" || isString && text != ""
			}}),
		organizationKey("organization-key-null-as-missing",
			"Profile vigiles: an organization_key that is null counts as missing.",
			"Refuse the file.",
			Steps{CountsAsKey: func(name string, v signer.Value) bool {
				return name != "organization_key" || !isNull(v)
			}}),
		organizationKey("organization-key-other-type-as-missing",
			"Profile vigiles: an organization_key that is not a string counts as missing.",
			"Refuse the file.",
			Steps{CountsAsKey: func(name string, v signer.Value) bool {
				_, isString := v.(signer.String)
				return isString || name != "organization_key"
			}}),
		{
			ID:    "server-url-unchecked",
			Rule:  "key-file-members",
			What:  "Profile vigiles: a key file is accepted although its server_url is not a string.",
			Fix:   "Refuse the file.",
			steps: Steps{CheckServer: func(signer.Value, bool) error { return nil }},
		},
		{
			ID:   "server-url-empty-refused",
			Rule: "key-file-members",
			What: "Profile vigiles: a key file is refused if its server_url is empty and no base URL is " +
				"given.",
			Fix: "Sign the request. Its URL is then the resource alone.",
			steps: Steps{CheckServer: func(v signer.Value, explicit bool) error {
				text, isString := v.(signer.String)
				if !isString || !explicit && signer.Strip(string(text)) == "" {
					return ErrRefused
				}
				return nil
			}},
		},
		{
			ID:   "server-url-null-as-missing",
			Rule: "key-file-members",
			What: "Profile vigiles: a server_url that is null counts as missing.",
			Fix:  "Refuse the file.",
			steps: Steps{CheckServer: func(v signer.Value, explicit bool) error {
				if isNull(v) {
					return nil
				}
				return checkServer(v, explicit)
			}},
			VariantOf: "server-url-unchecked",
		},
		organizationKey("key-required",
			"Profile vigiles: a key file without the member key is refused, even if it has an "+
				"organization_key.",
			"Look for key only if there is no organization_key.",
			Steps{CheckMembers: func(file signer.Object) error {
				if _, given := member(file, "key"); !given {
					return ErrRefused
				}
				return nil
			}}),
		organizationKey("key-missing-refused",
			"Profile vigiles: a key file without any key is refused.",
			"Sign with the empty key.", Steps{MissingKey: refusedWithoutKey}),
	}
}

func organizationKey(id, what, fix string, steps Steps) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "organization-key",
		What:  what,
		Fix:   fix,
		steps: steps,
	}
}

func namesForAll(names ...string) func(signer.Profile) []string {
	return func(signer.Profile) []string { return names }
}

func noneAsKey(*Steps, signer.Profile) (string, error) { return "None", nil }

func refusedWithoutKey(*Steps, signer.Profile) (string, error) { return "", ErrRefused }

// hasText reports whether a member is not an organization_key that is empty once it is stripped.
func hasText(name string, v signer.Value) bool {
	text, isString := v.(signer.String)
	return name != "organization_key" || !isString || signer.Strip(string(text)) != ""
}

func isNull(v signer.Value) bool {
	_, null := v.(signer.Null)
	return null || v == nil
}

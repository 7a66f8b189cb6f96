package mistake

import (
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"

	"sigkit/signer"
)

// credentialMistakes are about key files, dashboard configs and the bytes of the key.
func credentialMistakes() []Mistake {
	return []Mistake{
		{ID: "key-not-stripped", Rule: "key-file-strip", What: "The key of the key file keeps the white space around it.", Fix: "Strip the key after parsing the file.",
			slot: "strip-key", change: func(r *recipe) { r.stripKey = same }},
		{ID: "email-not-stripped", Rule: "key-file-strip", What: "The email of the key file keeps the white space around it.", Fix: "Strip the email, too, after parsing the file.",
			slot: "strip-email", change: func(r *recipe) { r.stripEmail = same }},
		{ID: "nothing-stripped", Rule: "key-file-strip", What: "Key, email and the tokens of a dashboard config keep the white space around them.", Fix: "Strip them after parsing the file.",
			slot: "strip-key strip-email", change: func(r *recipe) { r.stripKey, r.stripEmail, r.stripToken = same, same, same }},
		stripped("strip-ascii-only", "Only ASCII white space is stripped from key and email.", func(c rune) bool { return strings.ContainsRune(" \t\n\v\f\r", c) }),
		stripped("strip-unicode-only", "U+001C to U+001F stay around key and email, as Go's and Rust's trim functions leave them.", unicode.IsSpace),
		stripped("strip-javascript", "Key and email are trimmed as JavaScript does it: U+FEFF goes, U+0085 and U+001C to U+001F stay.", func(c rune) bool {
			return c == 0xFEFF || c != 0x85 && unicode.IsSpace(c)
		}),
		stripped("strip-java-trim", "Key and email are trimmed by Java's trim(): all characters up to U+0020 go, all other white space stays.", func(c rune) bool { return c <= ' ' }),
		stripped("strip-java-strip", "Key and email are trimmed by Java's strip(): no-break spaces and U+0085 stay.", func(c rune) bool {
			return c >= 0x1C && c <= 0x1F || unicode.IsSpace(c) && !strings.ContainsRune("\u0085\u00a0\u2007\u202f", c)
		}),
		stripped("strip-table-without-u0085", "U+0085 stays around key, email and tokens.", func(c rune) bool { return c != 0x85 && (unicode.IsSpace(c) || c >= 0x1C && c <= 0x1F) }),
		stripped("strip-php", "Key and email are trimmed by PHP's trim(): NUL goes, form feed and Unicode white space stay.", func(c rune) bool { return strings.ContainsRune(" \t\n\r\x00\v", c) }),
		{ID: "strip-newline-only", Rule: "key-file-strip", What: "Only a line end is cut off key and email.", Fix: "Strip all white space, at both ends.",
			slot: "strip-key strip-email", change: func(r *recipe) { r.stripKey, r.stripEmail, r.stripToken = chomp, chomp, chomp }},
		{ID: "strip-end-only", Rule: "key-file-strip", What: "White space is stripped from the end of key and email, not from the start.", Fix: "Strip both ends.",
			slot: "strip-key strip-email", change: func(r *recipe) { r.stripKey, r.stripEmail, r.stripToken = stripEnd, stripEnd, stripEnd }},
		{ID: "strip-inside", Rule: "key-file-strip", What: "All white space is removed from the key, inside it too.", Fix: "Strip only the ends.",
			slot: "strip-key", change: func(r *recipe) {
				r.stripKey = func(s string) string { return strings.Join(strings.Fields(signer.Strip(s)), "") }
			}},

		{ID: "key-newline-added", Rule: "key-bytes", What: "The key is signed with a newline behind it.", Fix: "Use the key without the end of its line.",
			slot: "key-bytes", change: keyBytes(func(s string) []byte { return []byte(s + "\n") })},
		{ID: "key-hex-decoded", Rule: "key-bytes", What: "A key that looks like hex is decoded.", Fix: "Use the UTF-8 bytes of the key text as they stand.",
			slot: "key-bytes", change: keyBytes(func(s string) []byte { return decodedOr(s, hex.DecodeString) })},
		{ID: "key-base64-decoded", Rule: "key-bytes", What: "A key that looks like base64 is decoded.", Fix: "Use the UTF-8 bytes of the key text as they stand.",
			slot: "key-bytes", change: keyBytes(func(s string) []byte { return decodedOr(s, base64.StdEncoding.DecodeString) })},
		{ID: "key-must-be-hex", Rule: "key-bytes", What: "The key is decoded from hex, and refused where it is none.", Fix: "Use the UTF-8 bytes of the key text as they stand.",
			slot: "key-bytes", change: keyBytes(func(s string) []byte { return decodedOrRefused(s, hex.DecodeString) })},
		{ID: "key-must-be-base64", Rule: "key-bytes", What: "The key is decoded from base64, and refused where it is none.", Fix: "Use the UTF-8 bytes of the key text as they stand.",
			slot: "key-bytes", change: keyBytes(func(s string) []byte { return decodedOrRefused(s, base64.StdEncoding.DecodeString) })},
		{ID: "key-cut-at-64", Rule: "key-bytes", What: "A key of more than 64 bytes is cut there.", Fix: "Give HMAC the whole key; it hashes long ones itself.",
			slot: "key-bytes", change: keyBytes(func(s string) []byte { return []byte(s[:min(64, len(s))]) })},
		{ID: "key-cut-at-nul", Rule: "key-bytes", What: "The key ends at the first NUL, as a C string does.", Fix: "Pass the length of the key along with it.",
			slot: "key-bytes", change: keyBytes(func(s string) []byte { before, _, _ := strings.Cut(s, "\x00"); return []byte(before) })},
		{ID: "key-latin-1", Rule: "key-bytes", What: "The key is encoded as Latin-1, with ? for what has no place there.", Fix: "Encode the key as UTF-8.",
			slot: "key-bytes", change: keyBytes(func(s string) []byte { return narrow(s, 0xFF, "?") })},
		{ID: "key-utf-16", Rule: "key-bytes", What: "The key is encoded as UTF-16, little-endian.", Fix: "Encode the key as UTF-8.",
			slot: "key-bytes", change: keyBytes(utf16LE)},
		{ID: "key-lower-cased", Rule: "key-bytes", What: "The key is turned into lower case.", Fix: "Use the key as it stands.",
			slot: "key-bytes", change: keyBytes(func(s string) []byte { return []byte(strings.ToLower(s)) })},
		{ID: "key-hashed", Rule: "key-bytes", What: "The key is hashed with SHA-256 before it is used.", Fix: "Use the key as it stands.",
			slot: "key-bytes", change: keyBytes(func(s string) []byte { return sum256([]byte(s)) })},

		{ID: "organization-key-ignored", Rule: "organization-key", What: "Profile vigiles: the member key is used although there is an organization_key.", Fix: "Look for organization_key first.",
			slot: "secret", change: func(r *recipe) { r.secret = keyOnly }},
		{ID: "key-missing-as-none", Rule: "organization-key", What: "A missing key is signed as the text None.", Fix: "Profile vigiles: sign with the empty key; profile linuxlink: refuse the file.",
			slot: "secret", change: func(r *recipe) { r.secret = noneIfMissing }},
		{ID: "organization-key-if-not-empty", Rule: "organization-key", What: "Profile vigiles: an empty organization_key makes the port use key.", Fix: "Use organization_key wherever the member is present.",
			slot: "secret", change: func(r *recipe) { r.secret = firstNotEmpty }},
		{ID: "organization-key-always", Rule: "organization-key", What: "An organization_key is used with profile linuxlink, too.", Fix: "Read organization_key for profile vigiles only.",
			slot: "secret", change: func(r *recipe) {
				r.secret = func(r *recipe, p string, f signer.Object) string {
					if v, ok := get(f, "organization_key"); ok {
						return r.member(v)
					}
					return secretOf(r, p, f)
				}
			}},
		{ID: "key-missing-refused", Rule: "organization-key", What: "Profile vigiles: a key file without any key is refused.", Fix: "Sign with the empty key.",
			slot: "secret", change: func(r *recipe) {
				r.secret = func(r *recipe, p string, f signer.Object) string {
					key := secretOf(r, p, f)
					_, one := get(f, "key")
					if _, other := get(f, "organization_key"); !one && !other {
						refuse()
					}
					return key
				}
			}},

		{ID: "key-file-bom-skipped", Rule: "key-file-json", What: "A byte order mark in front of the key file is skipped.", Fix: "Refuse it: the file is UTF-8 without one.",
			slot: "file", change: func(r *recipe) {
				r.file = func(text string) signer.Object { return strictFile(strings.TrimPrefix(text, "\ufeff")) }
			}},
		{ID: "key-file-nan-refused", Rule: "key-file-json", What: "A key file with NaN or Infinity in some member is refused.", Fix: "Read only the members you need; the reference's reader takes these words.",
			slot: "file", change: func(r *recipe) { r.file = withoutNaN }},
		{ID: "key-file-list-unwrapped", Rule: "key-file-json", What: "A list that holds the object is taken for it.", Fix: "Refuse all but an object.",
			slot: "file", change: func(r *recipe) {
				r.file = func(text string) signer.Object {
					text = strings.TrimSpace(text)
					return strictFile(strings.TrimSuffix(strings.TrimPrefix(text, "["), "]"))
				}
			}},
		{ID: "key-file-first-of-two", Rule: "key-file-json", What: "Of a member given twice in a key file the first counts.", Fix: "Let the last one count.",
			slot: "file", change: func(r *recipe) { r.file = firstOfTwo }},
		{ID: "key-file-duplicates-refused", Rule: "key-file-json", What: "A key file that gives a member twice is refused.", Fix: "Let the last one count.",
			slot: "file", change: func(r *recipe) {
				r.file = func(text string) signer.Object {
					f := strictFile(text)
					if repeatedMember(text) {
						refuse()
					}
					return f
				}
			}},
		{ID: "key-file-lenient", Rule: "key-file-json", What: "Single quotes and a comma after the last member of a key file are accepted.", Fix: "Read strict JSON.",
			slot: "file", change: lenient(func(text string) string {
				return regexp.MustCompile(`,\s*}`).ReplaceAllString(strings.ReplaceAll(text, "'", `"`), "}")
			})},
		{ID: "key-file-controls-in-strings", Rule: "key-file-json", What: "Real line breaks and tabs inside strings of a key file are accepted.", Fix: "Read strict JSON.",
			slot: "file", change: lenient(func(text string) string {
				return regexp.MustCompile(`"[^"]*"`).ReplaceAllStringFunc(text, strings.NewReplacer("\n", `\n`, "\r", `\r`, "\t", `\t`).Replace)
			})},
		{ID: "key-file-blank-accepted", Rule: "key-file-json", What: "An empty key file gives empty credentials.", Fix: "Refuse it: it is no JSON object.",
			slot: "file", change: func(r *recipe) {
				r.file = func(text string) signer.Object {
					if signer.Strip(text) == "" {
						text = `{"email": "", "key": ""}`
					}
					return strictFile(text)
				}
			}},
		{ID: "key-file-names-any-case", Rule: "key-file-members", What: "Member names of a key file are read without regard to case.", Fix: "Compare names exactly.",
			slot: "file", change: func(r *recipe) {
				r.file = func(text string) (f signer.Object) {
					for _, m := range strictFile(text) {
						f = signer.Set(f, signer.Member{Key: strings.ToLower(m.Key), Value: m.Value})
					}
					return f
				}
			}},
		{ID: "key-file-missing-as-empty", Rule: "key-file-members", What: "A member that is missing from a key file counts as empty.", Fix: "Refuse a file without email, or, for profile linuxlink, without key.",
			slot: "missing", change: func(r *recipe) { r.missing = func() string { return "" } }},
		{ID: "key-surrogate-replaced", Rule: "key-file-members", What: "An unpaired surrogate in the key becomes U+FFFD.", Fix: "Refuse a key that has no UTF-8 form.",
			slot: "bad-key", change: func(r *recipe) { r.badKey = func(s string) string { return replaced(s, "\ufffd") } }},
		{ID: "key-file-numbers-as-text", Rule: "key-file-members", What: "An email or key that is no string is written as text and used.", Fix: "Refuse a member that is not a string.",
			slot: "member", change: func(r *recipe) { r.member = textOf }},
		{ID: "key-file-empty-refused", Rule: "key-file-members", What: "An empty email or key is refused.", Fix: "Test whether the member is there, not whether it is true.",
			slot: "member", change: func(r *recipe) {
				r.member = func(v signer.Value) string {
					if mustBeText(v) == "" {
						refuse()
					}
					return mustBeText(v)
				}
			}},

		{ID: "dashboard-ignored", Rule: "dashboard-config", What: "The dashboard config is not looked at.", Fix: "Add its tokens to the data before signing.",
			slot: "tokens", change: func(r *recipe) { r.tokens = func(_ *recipe, q *question) signer.Object { return q.data } }},
		{ID: "dashboard-product-token-always", Rule: "dashboard-config", What: "Profile vigiles: the token joins the data as product_token.", Fix: "Name it group_token for profile vigiles.",
			slot: "tokens", change: func(r *recipe) { r.tokens = renamed("group_token", "product_token") }},
		{ID: "dashboard-folder-dropped", Rule: "dashboard-config", What: "The folder of the dashboard config is left out.", Fix: "Add folder_token where folder is not empty.",
			slot: "tokens", change: func(r *recipe) { r.tokens = renamed("folder_token", "") }},
		{ID: "dashboard-caller-wins", Rule: "dashboard-config", What: "A token that the caller gave is kept where the dashboard config has one.", Fix: "Let the dashboard config win.",
			slot: "tokens", change: func(r *recipe) {
				r.tokens = func(r *recipe, q *question) signer.Object { return signer.Set(dashboardTokens(r, q), q.data...) }
			}},
	}
}

func stripped(id, what string, blank func(rune) bool) Mistake {
	trim := func(s string) string { return strings.TrimFunc(s, blank) }
	return Mistake{ID: id, Rule: "key-file-strip", What: what, Fix: "Strip Unicode white space and U+001C to U+001F, nothing else.",
		slot: "strip-key strip-email", change: func(r *recipe) { r.stripKey, r.stripEmail, r.stripToken = trim, trim, trim }}
}

func chomp(s string) string    { return strings.TrimRight(s, "\r\n") }
func stripEnd(s string) string { return signer.Strip("|" + s)[1:] } // the bar keeps the start

// lenient mends the text of a file that cannot be read, and tries again.
func lenient(mend func(string) string) func(*recipe) {
	return func(r *recipe) {
		r.file = func(text string) signer.Object {
			if f, err := signer.ParseData([]byte(text)); err == nil {
				return f
			}
			if f, err := signer.ParseData([]byte(mend(text))); err == nil {
				return f
			}
			return strictFile(text)
		}
	}
}

func keyBytes(f func(string) []byte) func(*recipe) { return func(r *recipe) { r.keyBytes = f } }

func decodedOr(s string, decode func(string) ([]byte, error)) []byte {
	if b, err := decode(s); err == nil && s != "" {
		return b
	}
	return []byte(s)
}

func decodedOrRefused(s string, decode func(string) ([]byte, error)) []byte {
	b, err := decode(s)
	if err != nil {
		refuse()
	}
	return b
}

// narrow encodes in one byte a character, up to a highest.
func narrow(s string, highest rune, instead string) (out []byte) {
	for _, c := range s {
		if c <= highest {
			out = append(out, byte(c))
		} else {
			out = append(out, instead...)
		}
	}
	return out
}

func utf16LE(s string) (out []byte) {
	for _, unit := range utf16.Encode([]rune(s)) {
		out = append(out, byte(unit), byte(unit>>8))
	}
	return out
}

func keyOnly(r *recipe, p string, f signer.Object) string {
	secretOf(r, p, f)
	if v, ok := get(f, "key"); ok {
		return r.member(v)
	}
	return ""
}

func noneIfMissing(r *recipe, p string, f signer.Object) string {
	_, given := get(f, "key")
	if _, other := get(f, "organization_key"); !given && (!other || p != string(signer.Vigiles)) {
		return "None"
	}
	return secretOf(r, p, f)
}

func firstNotEmpty(r *recipe, p string, f signer.Object) string {
	key := secretOf(r, p, f)
	if v, ok := get(f, "key"); ok && signer.Strip(key) == "" {
		return r.member(v)
	}
	return key
}

func withoutNaN(text string) signer.Object {
	f, err := signer.ParseData([]byte(text))
	if err != nil {
		refuse()
	}
	return f
}

// members calls do for each member of a file's object, in the order written; strict readers have seen the text before.
func members(text string, do func(name string, value json.RawMessage)) {
	decoder := json.NewDecoder(strings.NewReader(nonFinite.ReplaceAllString(text, "${1}0")))
	if _, err := decoder.Token(); err != nil {
		return
	}
	for decoder.More() {
		name, err := decoder.Token()
		var value json.RawMessage
		if err != nil || decoder.Decode(&value) != nil {
			return
		}
		do(name.(string), value)
	}
}

func firstOfTwo(text string) signer.Object {
	strictFile(text)
	var f signer.Object
	members(text, func(name string, value json.RawMessage) {
		if _, given := get(f, name); !given {
			f = append(f, strictFile(`{"v":` + string(value) + `}`)[0])
			f[len(f)-1].Key = name
		}
	})
	return f
}

func repeatedMember(text string) (repeated bool) {
	seen := map[string]bool{}
	members(text, func(name string, _ json.RawMessage) {
		repeated = repeated || seen[name]
		seen[name] = true
	})
	return repeated
}

// renamed joins the tokens of the dashboard config with one under another name, or without it.
func renamed(from, to string) func(*recipe, *question) signer.Object {
	return func(r *recipe, q *question) signer.Object {
		plain := &question{in: q.in}
		var tokens signer.Object
		for _, m := range dashboardTokens(r, plain) {
			if m.Key == from {
				m.Key = to
			}
			if m.Key != "" {
				tokens = append(tokens, m)
			}
		}
		return signer.Set(q.data, tokens...)
	}
}

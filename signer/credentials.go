package signer

import (
	"bytes"
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Profile names a generation of the reference client. Both sign in the same way, but they read
// different members of their files.
type Profile string

// The two profiles. The zero value counts as LinuxLink.
const (
	LinuxLink Profile = "linuxlink" // timesys-api-toolkit 1.0.3
	Vigiles   Profile = "vigiles"   // vigiles-cli 1.9.0
)

// DefaultServer returns the base URL that a profile uses if no other is given (rule base-url).
func (p Profile) DefaultServer() string {
	if p == Vigiles {
		return "https://vigiles.lynx.com"
	}
	return "https://linuxlink.timesys.com"
}

// Credentials are what a key file contains. BaseURL is put in front of every resource, unchanged
// (rule base-url).
type Credentials struct {
	Email   string
	Key     Key
	BaseURL string
}

// ParseKeyFile reads the text of a key file (step 1). An error is of [KindKeyFile] and never quotes
// the key.
func ParseKeyFile(p Profile, text []byte) (Credentials, error) {
	file, err := parseConfig("key file", KindKeyFile, text)
	if err != nil {
		return Credentials{}, err
	}
	email, _, err := file.text("email", true)
	if err != nil {
		return Credentials{}, err
	}
	if p == Vigiles {
		return file.vigiles(email)
	}
	key, _, err := file.key("key", true)
	if err != nil {
		return Credentials{}, err
	}
	return Credentials{email, key, p.DefaultServer()}, nil
}

// vigiles reads the members that only the later generation uses (rules organization-key,
// base-url).
func (c config) vigiles(email string) (Credentials, error) {
	key, given, err := c.key("organization_key", false)
	if err == nil && !given {
		key, _, err = c.key("key", false)
	}
	if err != nil {
		return Credentials{}, err
	}
	server, given, err := c.text("server_url", false)
	if err != nil {
		return Credentials{}, err
	}
	if !given {
		server = Vigiles.DefaultServer()
	}
	return Credentials{email, key, strings.TrimSuffix(server, "/")}, nil
}

// ParseDashboardConfig reads the text of a dashboard config. It returns the tokens that are added
// to the data of a manifest upload; empty tokens are left out (rule dashboard-config). An error is
// of [KindDashboardConfig].
func ParseDashboardConfig(p Profile, text []byte) (Object, error) {
	file, err := parseConfig("dashboard config", KindDashboardConfig, text)
	if err != nil {
		return nil, err
	}
	name, member := "product_token", "product"
	if p == Vigiles {
		name = "group_token"
		if file.members.has("group") {
			member = "group"
		}
	}
	token, _, err := file.text(member, true)
	if err != nil {
		return nil, err
	}
	if p == Vigiles && token == "" {
		return nil, file.memberError(member, "is empty")
	}
	folder, _, err := file.text("folder", false)
	if err != nil {
		return nil, err
	}
	var tokens Object
	if token != "" {
		tokens = append(tokens, Member{name, String(token)})
	}
	if folder != "" {
		tokens = append(tokens, Member{"folder_token", String(folder)})
	}
	return tokens, nil
}

// config is a small JSON object of strings: a key file or a dashboard config.
type config struct {
	name    string
	kind    Kind
	members Object
}

func parseConfig(name string, kind Kind, text []byte) (config, error) {
	v, failed := parseJSON(maskNonFinite(text))
	if failed != nil {
		return config{}, failed.asError(name, kind)
	}
	members, ok := v.(Object)
	if !ok {
		return config{}, &Error{
			Kind:    kind,
			Where:   name,
			Problem: "it is " + typeName(v) + ", not an object",
			Fix:     `write {"member": "value"}`,
		}
	}
	return config{name, kind, members}, nil
}

// text returns a member's stripped text, and whether the member is present.
func (c config) text(member string, mandatory bool) (text string, given bool, err error) {
	for _, m := range c.members {
		if m.Key != member {
			continue
		}
		s, ok := m.Value.(String)
		if !ok {
			return "", true, c.memberError(member, "is "+typeName(m.Value)+", not a string")
		}
		return Strip(string(s)), true, nil
	}
	if mandatory {
		return "", false, c.memberError(member, "is missing")
	}
	return "", false, nil
}

// key returns a member as a key. It must be possible to encode it as UTF-8: the reference encodes
// it while it reads the file, not when it signs.
func (c config) key(member string, mandatory bool) (Key, bool, error) {
	text, given, err := c.text(member, mandatory)
	if err == nil && !utf8.ValidString(text) {
		err = c.memberError(member, "contains an unpaired surrogate")
	}
	return NewKey(text), given, err
}

func (c config) memberError(member, problem string) error {
	return &Error{
		Kind:    c.kind,
		Where:   c.name,
		Problem: fmt.Sprintf("member %q %s", member, problem),
		Fix:     fmt.Sprintf(`write %q: "…"`, member),
	}
}

// Strip removes leading and trailing white space as Python's str.strip() does (rule
// key-file-strip): Unicode White_Space and U+001C to U+001F.
func Strip(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return unicode.Is(unicode.White_Space, r) || r >= 0x1C && r <= 0x1F
	})
}

// maskNonFinite replaces NaN, Infinity and -Infinity by a number of the same length, where a JSON
// value may stand. The reference's JSON reader accepts them. No member that is used may be a
// number, so the value does not matter.
func maskNonFinite(text []byte) []byte {
	if !bytes.Contains(text, []byte("NaN")) && !bytes.Contains(text, []byte("Infinity")) {
		return text
	}
	masked := bytes.Clone(text)
	before := byte(':') // the last byte that is not white space
	for i := 0; i < len(masked); i++ {
		if masked[i] == '"' {
			i = stringEnd(masked, i)
			before = '"'
			continue
		}
		if bytes.IndexByte([]byte(":,["), before) >= 0 {
			for _, word := range []string{"NaN", "Infinity", "-Infinity"} {
				if bytes.HasPrefix(masked[i:], []byte(word)) {
					copy(masked[i:], "0                "[:len(word)])
				}
			}
		}
		if bytes.IndexByte([]byte(" \t\r\n"), masked[i]) < 0 {
			before = masked[i]
		}
	}
	return masked
}

// stringEnd returns the index of the quote that closes the string which opens at i, or the last
// index.
func stringEnd(text []byte, i int) int {
	for i++; i < len(text)-1 && text[i] != '"'; i++ {
		if text[i] == '\\' {
			i++
		}
	}
	return i
}

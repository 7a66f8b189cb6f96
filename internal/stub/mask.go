package stub

import (
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"

	"sigkit/internal/wire"
)

// hidden stands for a secret.
const hidden = "[hidden]"

// shortestSecret is how long a text must be to be looked for everywhere, in bytes. A shorter one is
// part of other words.
const shortestSecret = 4

// secretHeader matches the names of headers that let somebody in, also misspelt ones.
var secretHeader = regexp.MustCompile(
	`(?i)auth|token|signature|key|cookie|secret|passw|credential`)

// secretParameter matches the names of parameters that let somebody in.
var secretParameter = regexp.MustCompile(
	`(?i)^(.*_)?(token|key|secret|password|passwd|signature)$`)

// secretPair matches a parameter that lets somebody in. In a message nothing separates the first
// one from the resource, so that only the end of a name counts.
var secretPair = regexp.MustCompile(`(?i)((?:token|key|secret|password|passwd|signature)=)[^&]+`)

// tokenShape matches what looks like a signature: base64 of 32 bytes.
var tokenShape = regexp.MustCompile(`(^|[^A-Za-z0-9+/_-])[A-Za-z0-9+/_-]{43}(=|%3[Dd])`)

// mask hides secrets by their values, however they are escaped in a URL, and what looks like a
// signature.
type mask struct {
	redact  func(string) string // hides one secret that is not known here; may be nil
	secrets []string
}

// maskOf knows some secrets, and those that a request holds under a name that says so.
func maskOf(r Request, redact func(string) string, secrets ...string) *mask {
	for _, form := range []string{r.Target[strings.IndexByte(r.Target, '?')+1:], r.Body} {
		for p := range wire.EachPair(form) {
			if secretParameter.MatchString(p.Key) {
				secrets = append(secrets, p.Value)
			}
		}
	}
	short := func(s string) bool { return len(s) < shortestSecret }
	m := &mask{redact, slices.DeleteFunc(secrets, short)}
	// A secret may be a part of another one.
	slices.SortFunc(m.secrets, func(a, b string) int { return len(b) - len(a) })
	return m
}

// text returns a text without secrets. Parts of a form that hold one in escaped form are hidden.
func (m *mask) text(s string) string {
	s = m.plain(s)
	var b strings.Builder
	for s != "" {
		end := strings.IndexAny(s, "&=?")
		if end < 0 {
			end = len(s)
		}
		if m.escaped(s[:end]) {
			b.WriteString(hidden)
		} else {
			b.WriteString(s[:end])
		}
		if end < len(s) {
			b.WriteByte(s[end])
			end++
		}
		s = s[end:]
	}
	return b.String()
}

// plain hides the secrets that are not escaped.
func (m *mask) plain(s string) string {
	if m.redact != nil {
		s = m.redact(s)
	}
	for _, secret := range m.secrets {
		s = strings.ReplaceAll(s, secret, hidden)
	}
	s = secretPair.ReplaceAllString(s, "${1}"+hidden)
	return tokenShape.ReplaceAllString(s, "${1}"+hidden)
}

// escaped reports whether a part of a form holds a secret when it is decoded, maybe twice.
func (m *mask) escaped(part string) bool {
	const depth = 3
	for range depth {
		plain, err := url.QueryUnescape(part)
		if err != nil || plain == part {
			return false
		}
		if m.plain(plain) != plain {
			return true
		}
		part = plain
	}
	return false
}

// request returns a request without secrets. Texts that are long are cut.
func (m *mask) request(r Request) Request {
	r.Method, r.Target = m.text(clipped(r.Method)), m.text(clipped(r.Target))
	r.Body = m.text(clipped(r.Body))
	public := http.Header{}
	for name, values := range r.Header {
		for _, value := range values {
			if secretHeader.MatchString(name) {
				value = hidden
			}
			name := m.text(clipped(name))
			public[name] = append(public[name], m.text(clipped(value)))
		}
	}
	r.Header = public
	return r
}

// verdict returns a verdict without secrets.
func (m *mask) verdict(v Verdict) Verdict {
	v.Detail, v.Message, v.Token = m.text(v.Detail), m.text(v.Message), hidden
	return v
}

// maxRecorded is how much of a text is recorded, in bytes.
const maxRecorded = 64 << 10

func clipped(text string) string {
	if len(text) <= maxRecorded {
		return text
	}
	return strings.ToValidUTF8(text[:maxRecorded], "") + "\u2026"
}

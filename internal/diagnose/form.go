package diagnose

import (
	"fmt"
	"net/url"
	"strings"
	"sync"

	"sigkit/internal/mistake"
	"sigkit/internal/wire"
	"sigkit/signer"
)

// The form of a signature is what can be seen of it without knowing what was signed: the name of
// its header, what stands around the token, length and alphabet. Each is a fact of its own, so that
// several mistakes in the form are found even if every message is wrong.

// maxForms is how many answers are looked at for their form: it is the same in all of a port.
const maxForms = 12

// form reports whether the fact is about the form of the signature.
func (k kind) form() bool { return k == headerName || k == around || k == alphabet }

// formOf returns one part of the form of a signature.
func formOf(k kind, name, value string) string {
	if k == headerName {
		return strings.ToLower(name)
	}
	before, word, after := splitToken(value)
	if k == around {
		return fmt.Sprintf("%q %q", before, after)
	}
	letters := "other"
	switch decoded, err := url.PathUnescape(word); {
	case strings.Trim(word, "0123456789abcdef") == "":
		letters = "hex"
	case strings.Trim(word, "0123456789ABCDEF") == "":
		letters = "HEX"
	case strings.ToLower(word) == word:
		letters = "lower case"
	case err == nil && decoded != word:
		letters, word = "percent-encoded", decoded
	}
	return fmt.Sprintf("%d %s", len(word), letters)
}

// splitToken returns the token of a header's value, and what stands before and after it.
func splitToken(value string) (before, word, after string) {
	const ends = `'"` + "\n"
	start := strings.LastIndexAny(strings.TrimRight(value, ends+"="), ` :='"`) + 1
	word = strings.TrimRight(value[start:], ends)
	return value[:start], word, value[start+len(word):]
}

// signature returns the header that carries the signature: the right one, else one of a name that
// is a known mistake, else the only one.
func signature(headers []wire.Header) (name, value string, found bool) {
	for _, known := range headerNames() {
		if values := wire.Values(headers, known); len(values) == 1 {
			return known, values[0], true
		}
	}
	if len(headers) == 1 {
		return headers[0].Name, headers[0].Value, true
	}
	return "", "", false
}

// headerNames are the right name of the header and the known wrong ones.
var headerNames = sync.OnceValue(func() []string {
	names := []string{signer.Header}
	for _, m := range mistake.Catalogue() {
		if m.Changes("HeaderName") {
			names = append(names, mistake.Set{m}.Steps().HeaderName)
		}
	}
	return names
})

// inForm reports whether a mistake shows in the form of every signature. Rest is the set without
// it.
func (s *side) inForm(rest *state) bool {
	missed, shown := map[kind]bool{}, map[kind]bool{}
	for at, f := range s.facts {
		if f.kind.form() {
			missed[f.kind] = missed[f.kind] || !s.top.holds[at]
			shown[f.kind] = shown[f.kind] || s.top.holds[at] && !rest.holds[at]
		}
	}
	found := false
	for k := range shown {
		if shown[k] && missed[k] {
			return false
		}
		found = found || shown[k]
	}
	return found
}

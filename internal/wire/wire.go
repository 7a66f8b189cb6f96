// Package wire compares requests by what a server decodes from them.
//
// Two URLs are the same if server, path and parameters are: the values of each key, in their order.
// The order of different keys, the style of percent-encoding and an empty query do not count, since
// no server can see them.
package wire

import (
	"fmt"
	"iter"
	"net/url"
	"slices"
	"strings"

	"github.com/go-json-experiment/json/jsontext"

	"sigkit/signer"
)

// Header is one header of a request.
type Header struct{ Name, Value string }

// Values returns the values of the headers with a name, which is compared without case.
func Values(headers []Header, name string) (values []string) {
	for _, h := range headers {
		if strings.EqualFold(h.Name, name) {
			values = append(values, h.Value)
		}
	}
	return values
}

// Texts is one side of a comparison: what was wanted, or what came. Nil members are unknown.
type Texts struct {
	HMACMsg     *string `json:"hmac_msg,omitempty"`
	Token       *string `json:"token,omitempty"`
	URL         *string `json:"url,omitempty"`
	Body        *string `json:"body,omitempty"`
	Error       *string `json:"error,omitempty"`
	Unsupported *string `json:"unsupported,omitempty"`
}

// Difference is the first difference between two requests that a server can see.
type Difference struct {
	Where     string // for people: `the path`, `the parameter "a" of the query`
	Want, Got string // the two sides, decoded: a server, a path, or the pairs of one key
}

// CompareURL returns the first difference of two URLs, or nil.
func CompareURL(want, got string) *Difference {
	if want == got {
		return nil
	}
	w, wantErr := signer.SplitURL(want)
	g, gotErr := signer.SplitURL(got)
	if wantErr != nil || gotErr != nil { // at least one cannot be sent
		return &Difference{"the URL", want, got}
	}
	if w, g := strings.ToLower(w.Server()), strings.ToLower(g.Server()); w != g {
		return &Difference{"the server", w, g}
	}
	wantPath, wantQuery, _ := strings.Cut(w.Target(), "?")
	gotPath, gotQuery, _ := strings.Cut(g.Target(), "?")
	if w, g := decodedPath(wantPath), decodedPath(gotPath); w != g {
		return &Difference{"the path", w, g}
	}
	return compareQueries(wantQuery, gotQuery)
}

// compareQueries compares queries. Where the resource has a query of its own, the parameters follow
// behind another "?". Each part is compared alone, so that the order of the keys does not count
// there, either.
func compareQueries(want, got string) *Difference {
	w, g := strings.Split(want, "?"), strings.Split(got, "?")
	if len(w) != len(g) {
		return compareForms("query", want, got)
	}
	for i := range w {
		if d := compareForms("query", w[i], g[i]); d != nil {
			return d
		}
	}
	return nil
}

// CompareBody returns the first difference of two form-encoded bodies, or nil. A nil body and an
// empty one are the same. Two JSON objects are the same if their members are.
func CompareBody(want, got *string) *Difference {
	text := func(s *string) string {
		if s == nil {
			return ""
		}
		return *s
	}
	if sameJSON(text(want), text(got)) {
		return nil
	}
	return compareForms("body", text(want), text(got))
}

// sameJSON reports whether two texts are JSON objects with the same members.
func sameJSON(a, b string) bool {
	if !strings.HasPrefix(a, "{") || !strings.HasPrefix(b, "{") {
		return false
	}
	x, y := jsontext.Value(a), jsontext.Value(b)
	return x.Canonicalize() == nil && y.Canonicalize() == nil && string(x) == string(y)
}

// SameRequest reports whether two requests reach a server as the same. Nil is no request.
func SameRequest(a, b *signer.Sent) bool {
	if a == nil || b == nil {
		return a == b
	}
	return a.Method == b.Method &&
		CompareURL(a.URL, b.URL) == nil && CompareBody(a.Body, b.Body) == nil
}

// compareForms compares forms key by key, the keys of want first.
func compareForms(where, want, got string) *Difference {
	if want == got {
		return nil
	}
	w, g := byKey(Pairs(want)), byKey(Pairs(got))
	for _, key := range slices.Concat(w.keys, g.keys) {
		if !slices.Equal(w.values[key], g.values[key]) {
			return &Difference{
				Where: fmt.Sprintf("the parameter %q of the %s", key, where),
				Want:  decodedPairs(key, w.values[key]),
				Got:   decodedPairs(key, g.values[key]),
			}
		}
	}
	return nil
}

// parameters are the values of each key, and the keys in the order of their first pair.
type parameters struct {
	keys   []string
	values map[string][]string
}

func byKey(pairs []Pair) parameters {
	p := parameters{values: map[string][]string{}}
	for _, pair := range pairs {
		if p.values[pair.Key] == nil {
			p.keys = append(p.keys, pair.Key)
		}
		p.values[pair.Key] = append(p.values[pair.Key], pair.Value)
	}
	return p
}

func decodedPairs(key string, values []string) string {
	pairs := make([]string, len(values))
	for i, value := range values {
		pairs[i] = key + "=" + value
	}
	return strings.Join(pairs, "&")
}

// Pair is one pair of a form, decoded.
type Pair struct{ Key, Value string }

// Pairs decodes a form. A part without "=" is a key with an empty value; an empty part is none.
func Pairs(form string) []Pair { return slices.Collect(EachPair(form)) }

// EachPair is [Pairs] one pair at a time.
func EachPair(form string) iter.Seq[Pair] {
	return func(yield func(Pair) bool) {
		for part := range strings.SplitSeq(form, "&") {
			if part == "" {
				continue
			}
			key, value, _ := strings.Cut(part, "=")
			if !yield(Pair{unescaped(key), unescaped(value)}) {
				return
			}
		}
	}
}

func unescaped(s string) string {
	if plain, err := url.QueryUnescape(s); err == nil {
		return plain
	}
	return s
}

func decodedPath(path string) string {
	if plain, err := url.PathUnescape(path); err == nil {
		return plain
	}
	return path
}

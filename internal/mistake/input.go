package mistake

import (
	"bytes"
	"encoding/json"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"sigkit/signer"
)

// credentials reads email and key as step 1 says.
func (r *recipe) credentials(q *question) (email, key string) {
	if q.in.KeyFile == nil {
		if !utf8.ValidString(*q.in.Key) {
			refuse()
		}
		return r.direct(*q.in.Email), *q.in.Key
	}
	f := r.file(*q.in.KeyFile)
	email = r.stripEmail(r.required(f, "email"))
	key = r.stripKey(r.secret(r, q.in.Profile, f))
	if !utf8.ValidString(key) {
		key = r.badKey(key)
	}
	return email, key
}

// required is the text of a member that must be there.
func (r *recipe) required(f signer.Object, name string) string {
	if v, ok := get(f, name); ok {
		return r.member(v)
	}
	return r.missing()
}

// secretOf is the key of a key file (rules key-file-members, organization-key).
func secretOf(r *recipe, profile string, f signer.Object) string {
	if profile != string(signer.Vigiles) {
		return r.required(f, "key")
	}
	if v, ok := get(f, "server_url"); ok {
		r.member(v)
	}
	for _, name := range []string{"organization_key", "key"} {
		if v, ok := get(f, name); ok {
			return r.member(v)
		}
	}
	return ""
}

func get(f signer.Object, name string) (signer.Value, bool) {
	for _, m := range f {
		if m.Key == name {
			return m.Value, true
		}
	}
	return nil, false
}

func mustBeText(v signer.Value) string {
	s, ok := v.(signer.String)
	if !ok {
		refuse()
	}
	return string(s)
}

// nonFinite are the numbers that Python's reader takes and others do not, where a value may stand.
var nonFinite = regexp.MustCompile(`([:,\[]\s*)(?:NaN|-?Infinity)`)

// strictFile reads the text of a file as the reference does.
func strictFile(text string) signer.Object {
	f, err := signer.ParseData([]byte(text))
	if err != nil {
		f, err = signer.ParseData([]byte(nonFinite.ReplaceAllString(text, "${1}0")))
	}
	if err != nil {
		refuse()
	}
	return f
}

// dashboardTokens is the data with the tokens of the dashboard config (rule dashboard-config).
func dashboardTokens(r *recipe, q *question) signer.Object {
	f := strictFile(*q.in.DashboardConfig)
	vigiles := q.in.Profile == string(signer.Vigiles)
	name, from := "product_token", "product"
	if vigiles {
		name = "group_token"
		if _, given := get(f, "group"); given {
			from = "group"
		}
	}
	main, given := get(f, from)
	if !given {
		refuse()
	}
	tokens := signer.Object{{Key: name, Value: signer.String(r.stripToken(mustBeText(main)))}}
	if vigiles && tokens[0].Value == signer.String("") {
		refuse()
	}
	if folder, given := get(f, "folder"); given {
		tokens = append(tokens, signer.Member{Key: "folder_token", Value: signer.String(r.stripToken(mustBeText(folder)))})
	}
	tokens = slices.DeleteFunc(tokens, func(m signer.Member) bool { return m.Value == signer.String("") })
	return signer.Set(q.data, tokens...)
}

// spellings finds the floats of a JSON text as they are written there, by value; of two spellings the first.
func spellings(data []byte) map[float64]string {
	if !bytes.ContainsAny(data, ".eE") {
		return nil
	}
	found := map[float64]string{}
	decoder := json.NewDecoder(bytes.NewReader(data))
	decoder.UseNumber()
	for {
		token, err := decoder.Token()
		if err != nil {
			return found
		}
		if n, ok := token.(json.Number); ok && strings.ContainsAny(n.String(), ".eE") {
			f, _ := strconv.ParseFloat(n.String(), 64)
			if _, ok := found[f]; !ok {
				found[f] = n.String()
			}
		}
	}
}

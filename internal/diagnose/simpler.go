package diagnose

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"sigkit/signer"
	"sigkit/vectors"
)

// plainEmail, plainKey and plainResource are what shrinking puts in the place of the real ones.
const (
	plainEmail    = "a@b"
	plainKey      = "k"
	plainResource = "/"
)

// simpler returns the inputs that are one step simpler, those that promise most first: without a
// part, with a shorter or a plainer value. Each weighs less than the input.
func simpler(in vectors.Input, n int) (all []vectors.Input) {
	type weighed struct {
		vectors.Input
		weight int
	}
	var lighter []weighed
	from := weight(&in)
	add := func(change func(*vectors.Input)) {
		next := weighed{in, 0}
		change(&next.Input)
		if next.weight = weight(&next.Input); next.weight < from {
			lighter = append(lighter, next)
		}
	}
	add(func(in *vectors.Input) { in.DashboardConfig = nil })
	add(func(in *vectors.Input) { in.KeyFile, in.Email, in.Key = nil, new(plainEmail), new(plainKey) })
	add(func(in *vectors.Input) { in.Profile = "" })
	add(func(in *vectors.Input) { in.BaseURL = nil })
	add(func(in *vectors.Input) { in.Resource = plainResource })
	add(func(in *vectors.Input) { in.Method = "GET" })
	for _, text := range simplerTexts(in.Resource) {
		add(func(in *vectors.Input) { in.Resource = text })
	}
	for _, text := range simplerFiles(in.KeyFile) {
		add(func(in *vectors.Input) { in.KeyFile = &text })
	}
	for _, text := range simplerFiles(in.DashboardConfig) {
		add(func(in *vectors.Input) { in.DashboardConfig = &text })
	}
	data, err := signer.ParseData(in.Data) // empty after an error
	for _, object := range simplerObjects(data) {
		add(func(in *vectors.Input) { in.Data = vectors.AppendValue(nil, object) })
	}
	if in.KeyFile == nil && err == nil {
		for _, text := range simplerTexts(*in.Email) {
			add(func(in *vectors.Input) { in.Email = &text })
		}
		for _, text := range simplerTexts(*in.Key) {
			add(func(in *vectors.Input) { in.Key = &text })
		}
	}
	slices.SortStableFunc(lighter, func(a, b weighed) int { return cmp.Compare(a.weight, b.weight) })
	for _, next := range lighter {
		all = append(all, next.Input)
	}
	return spread(all, n)
}

// simplerFiles returns the texts of a file with fewer or plainer members.
func simplerFiles(file *string) (texts []string) {
	if file == nil {
		return nil
	}
	members, err := signer.ParseData([]byte(*file))
	if err != nil {
		return simplerTexts(*file)
	}
	for _, object := range simplerObjects(members) {
		texts = append(texts, string(vectors.AppendValue(nil, object)))
	}
	return texts
}

// parametersOf returns the requests with one parameter of an input each, and the one without any.
// Credentials, resource and server are plain.
func parametersOf(in vectors.Input) (all []vectors.Input) {
	data, err := signer.ParseData(in.Data)
	if err != nil {
		return nil
	}
	plain := vectors.Input{
		Email:    new(plainEmail),
		Key:      new(plainKey),
		Method:   in.Method,
		Resource: plainResource,
	}
	for _, m := range data {
		next := plain
		next.Data = vectors.AppendValue(nil, signer.Object{m})
		all = append(all, next)
	}
	plain.Data = []byte("{}")
	return append(all, plain)
}

// spread picks n inputs: the lightest half of them, and others of all sizes, since the boldest
// steps mostly fail otherwise.
func spread(all []vectors.Input, n int) []vectors.Input {
	if len(all) <= n {
		return all
	}
	picked := slices.Clone(all[:n/2])
	rest := all[n/2:]
	for i := range n - n/2 {
		picked = append(picked, rest[i*len(rest)/(n-n/2)])
	}
	return picked
}

// weight says how far an input is from the plainest one. Characters other than letters weigh more.
func weight(in *vectors.Input) int {
	w := 0
	for _, part := range []*string{in.KeyFile, in.DashboardConfig, in.BaseURL, in.Email, in.Key} {
		if part != nil {
			w += 3 + textWeight(*part)
		}
	}
	if in.Method != "GET" {
		w += 3
	}
	empty := strings.Count(string(in.Data), `""`)
	if in.Resource != plainResource {
		w += 1 + textWeight(in.Resource)
	}
	return w + len(in.Profile) + textWeight(string(in.Data)) + 3*empty
}

func textWeight(s string) (w int) {
	if s == "" {
		return 3 // plainer is "a": empty texts often mean something
	}
	for _, c := range s {
		switch {
		case c == 'a':
			w += 2
		case c >= 'b' && c <= 'z':
			w += 3
		case c < utf8.RuneSelf:
			w += 4
		default:
			w += 6
		}
	}
	return w
}

func simplerObjects(object signer.Object) (all []signer.Object) {
	if n := len(object); n > 3 {
		all = append(all, object[:n/2], object[n/2:])
	}
	for i, m := range object {
		all = append(all, slices.Delete(slices.Clone(object), i, i+1))
		if len(object) > 1 {
			all = append(all, signer.Object{m})
		}
		for _, v := range simplerValues(m.Value) {
			all = append(all, withMember(object, i, signer.Member{Key: m.Key, Value: v}))
		}
		for _, key := range simplerTexts(m.Key) {
			if _, taken := find(object, key); !taken {
				all = append(all, withMember(object, i, signer.Member{Key: key, Value: m.Value}))
			}
		}
	}
	return all
}

func withMember(object signer.Object, i int, m signer.Member) signer.Object {
	changed := slices.Clone(object)
	changed[i] = m
	return changed
}

func find(object signer.Object, key string) (signer.Value, bool) {
	for _, m := range object {
		if m.Key == key {
			return m.Value, true
		}
	}
	return nil, false
}

func simplerValues(v signer.Value) (all []signer.Value) {
	switch v := v.(type) {
	case signer.String:
		for _, text := range simplerTexts(string(v)) {
			all = append(all, signer.String(text))
		}
	case signer.Int:
		all = append(all, signer.NewInt(0), signer.NewInt(1), signer.String("a"))
		if digits := v.String(); len(digits) > 1 {
			if shorter, err := signer.ParseInt(digits[:len(digits)/2]); err == nil {
				all = append(all, shorter)
			}
			if shorter, err := signer.ParseInt(digits[:len(digits)-1]); err == nil {
				all = append(all, shorter)
			}
		}
	case signer.Float:
		all = append(all, signer.Float(1), signer.Float(0.5), signer.NewInt(1), signer.String("a"))
	case signer.Bool, signer.Null, nil:
		all = append(all, signer.String("a"))
	case signer.List:
		all = simplerLists(v)
	case signer.Object:
		all = append(all, signer.String("a"))
		for _, object := range simplerObjects(v) {
			all = append(all, object)
		}
	}
	return all
}

func simplerLists(list signer.List) (all []signer.Value) {
	all = append(all, signer.String("a"))
	if n := len(list); n > 3 {
		all = append(all, list[:n/2], list[n/2:])
	}
	for i, v := range list {
		all = append(all, slices.Delete(slices.Clone(list), i, i+1))
		if i > 20 {
			continue // long lists get shorter first
		}
		for _, element := range simplerValues(v) {
			changed := slices.Clone(list)
			changed[i] = element
			all = append(all, changed)
		}
	}
	return all
}

// simplerTexts returns shorter texts, each special character alone, and texts with one character
// made plain.
func simplerTexts(s string) (all []string) {
	const each = 24 // longer texts get shorter first
	if s == "" {
		return nil
	}
	runes := []rune(s)
	n := len(runes)
	all = append(all, "", "a")
	for _, r := range specials(runes) {
		all = append(all, string(r))
	}
	all = append(all, string(runes[:n/2]), string(runes[n/2:]), string(runes[:1]), string(runes[n-1:]))
	for part := n / 4; part >= 2; part /= 2 {
		for from := 0; from+part <= n && len(all) < 3*each; from += part {
			all = append(all, string(slices.Concat(runes[:from], runes[from+part:])))
		}
	}
	for i := range runes[:min(n, each)] {
		if n > 1 {
			all = append(all, string(slices.Concat(runes[:i], runes[i+1:])))
		}
		if runes[i] != 'a' {
			plain := slices.Clone(runes)
			plain[i] = 'a'
			all = append(all, string(plain))
		}
	}
	return all
}

// specials returns the first few different characters of a text that are not small letters.
func specials(runes []rune) (found []rune) {
	const most = 40
	for _, r := range runes {
		if (r < 'a' || r > 'z') && !slices.Contains(found, r) {
			found = append(found, r)
			if len(found) == most {
				break
			}
		}
	}
	return found
}

// contains reports whether a smaller request can be made of a request by leaving out and by making
// plain.
func contains(v, smaller *vectors.Vector) bool {
	in, small := &v.Input, &smaller.Input
	data, err := signer.ParseData(in.Data)
	smallData, smallErr := signer.ParseData(small.Data)
	return err == nil && smallErr == nil &&
		(small.Method == "GET" || small.Method == in.Method) &&
		(small.Resource == "" || small.Resource == plainResource || small.Resource == in.Resource) &&
		(small.Profile == "" || small.Profile == in.Profile) &&
		(small.BaseURL == nil || in.BaseURL != nil) &&
		containsFile(in.KeyFile, small.KeyFile) &&
		containsFile(in.DashboardConfig, small.DashboardConfig) &&
		containsObject(data, smallData)
}

// containsFile reports whether a file has all members of a smaller one, as they are.
func containsFile(file, small *string) bool {
	if small == nil || file == nil {
		return small == nil
	}
	members, err := signer.ParseData([]byte(*file))
	smaller, smallErr := signer.ParseData([]byte(*small))
	if err != nil || smallErr != nil {
		return *file == *small
	}
	return !slices.ContainsFunc(smaller, func(m signer.Member) bool {
		v, given := find(members, m.Key)
		return !given || text(v) != text(m.Value)
	})
}

func text(v signer.Value) string { return string(signer.AppendText(nil, v)) }

func containsObject(object, small signer.Object) bool {
	for _, m := range small {
		if !slices.ContainsFunc(object, func(o signer.Member) bool {
			return containsText(o.Key, m.Key) && containsValue(o.Value, m.Value)
		}) {
			return false
		}
	}
	return len(small) <= len(object)
}

func containsValue(v, small signer.Value) bool {
	switch small := small.(type) {
	case signer.String:
		text, ok := v.(signer.String)
		return ok && containsText(string(text), string(small))
	case signer.List:
		list, ok := v.(signer.List)
		sameEmptiness := (len(small) > 0) == (len(list) > 0)
		missing := func(e signer.Value) bool {
			return !slices.ContainsFunc(list, func(o signer.Value) bool { return containsValue(o, e) })
		}
		return ok && len(small) <= len(list) && sameEmptiness && !slices.ContainsFunc(small, missing)
	case signer.Object:
		object, ok := v.(signer.Object)
		return ok && containsObject(object, small)
	}
	return text(v) == text(small)
}

// containsText reports whether all characters of a text but plain ones stand in another, longer
// one.
func containsText(s, small string) bool {
	for _, r := range small {
		if r != 'a' && !strings.ContainsRune(s, r) {
			return false
		}
	}
	return len(small) <= len(s) && (small != "") == (s != "")
}

package mistake

import (
	"regexp"
	"slices"
	"strings"

	"sigkit/signer"
)

// nonFinite matches the words that Python's JSON reader accepts as numbers, where a value may
// stand.
var nonFinite = regexp.MustCompile(`([:,\[]\s*)(?:NaN|-?Infinity)`)

// finite replaces NaN and Infinity, which Python's JSON reader accepts, by a number.
func finite(text string) string { return nonFinite.ReplaceAllString(text, "${1}0") }

func parseData(text string) (signer.Object, error) { return signer.ParseData([]byte(text)) }

// readFile reads the text of a key file or dashboard config (rule key-file-json).
func (s *Steps) readFile(text string) (signer.Object, error) {
	text = s.FileText(text)
	repairedAndFinite := func(text string) string { return s.NonFinite(s.RepairFile(text)) }
	for _, repair := range []func(string) string{
		same, s.NonFinite, s.RepairFile, repairedAndFinite,
	} {
		read, err := s.ReadMembers(repair(text))
		if err != nil {
			continue
		}
		if err := s.CheckFile(read); err != nil {
			return nil, err
		}
		named := slices.Clone(read)
		for i := range named {
			named[i].Key = s.MemberName(named[i].Key)
		}
		return signer.Set(nil, named...), nil
	}
	return nil, ErrRefused
}

// memberText returns the text of a member that must be a string (rule key-file-members).
func memberText(v signer.Value) (string, error) {
	if s, ok := v.(signer.String); ok {
		return string(s), nil
	}
	return "", ErrRefused
}

// member returns a member of an object.
func member(object signer.Object, name string) (signer.Value, bool) {
	for _, m := range object {
		if m.Key == name {
			return m.Value, true
		}
	}
	return nil, false
}

// required returns the text of a member that must be there (rule key-file-members).
func (s *Steps) required(file signer.Object, name string) (string, error) {
	if v, ok := member(file, name); ok {
		return s.memberText(v)
	}
	return s.MissingMember()
}

func onlyString(_ *Steps, v signer.Value) (string, error) { return memberText(v) }

// memberText returns the text of an email or a key.
func (s *Steps) memberText(v signer.Value) (string, error) {
	if s.RefuseMember(v) {
		return "", ErrRefused
	}
	return s.MemberText(s, v)
}

// secret returns the key of a key file, not stripped, and whether the file has one (rules
// key-file-members, organization-key).
func (s *Steps) secret(q *Question, file signer.Object) (key string, given bool, err error) {
	p := s.profile(q)
	if v, ok := member(file, "server_url"); ok && p == signer.Vigiles {
		if err := s.CheckServer(v, q.input.BaseURL != nil); err != nil {
			return "", false, err
		}
	}
	if err := s.CheckMembers(file); err != nil {
		return "", false, err
	}
	for _, name := range s.KeyNames(p) {
		if v, ok := member(file, name); ok && s.CountsAsKey(name, v) {
			key, err = s.memberText(v)
			return key, true, err
		}
	}
	key, err = s.MissingKey(s, p)
	return key, false, err
}

func keyNames(p signer.Profile) []string {
	if p == signer.Vigiles {
		return []string{"organization_key", "key"}
	}
	return []string{"key"}
}

// missingKey is the key of a file that has none (rule organization-key).
func missingKey(s *Steps, p signer.Profile) (string, error) {
	if p == signer.Vigiles {
		return "", nil
	}
	return s.MissingMember()
}

// checkServer refuses a server_url that is not a string (rule key-file-members).
func checkServer(v signer.Value, _ bool) error {
	_, err := memberText(v)
	return err
}

func allMembers(file signer.Object) signer.Object { return file }

// addTokens returns the data with the tokens of the dashboard config (rule dashboard-config).
func addTokens(s *Steps, q *Question) (signer.Object, error) {
	file, err := s.readFile(*q.input.DashboardConfig)
	if err != nil {
		return nil, err
	}
	file = s.TokenMembers(file)
	if !s.GroupCounts(file) {
		file = without(file, func(m signer.Member) bool { return m.Key == "group" })
	}
	profile := s.profile(q)
	tokens, err := s.mainTokens(profile, file)
	if err != nil {
		return nil, err
	}
	name := s.FolderToken(profile)
	folder, given, keep, err := s.token(file, "folder")
	if err == nil && !given && name != "" {
		err = s.MissingFolder(profile)
	}
	if name != "" && keep {
		tokens = append(tokens, signer.Member{Key: name, Value: signer.String(folder)})
	}
	return s.JoinTokens(q.data, tokens), err
}

// mainTokens returns the tokens of product and group.
func (s *Steps) mainTokens(p signer.Profile, file signer.Object) (tokens signer.Object, err error) {
	missing := func() error { return s.MissingToken(p) }
	for _, from := range s.MainTokens(p, file) {
		text, given, keep, err := s.token(file, from.Member)
		switch {
		case err != nil:
			return nil, err
		case given && text != "":
			missing = nil
		case given && missing != nil:
			missing = func() error { return s.EmptyToken(p) }
		}
		if !keep {
			continue
		}
		for _, name := range s.TokenNames(from.Name) {
			tokens = append(tokens, signer.Member{Key: name, Value: signer.String(text)})
		}
	}
	if missing != nil {
		err = missing()
	}
	return tokens, err
}

func tokensWin(data, tokens signer.Object) signer.Object { return signer.Set(data, tokens...) }

// refusedForVigiles refuses for one generation.
func refusedForVigiles(p signer.Profile) error {
	if p == signer.Vigiles {
		return ErrRefused
	}
	return nil
}

// mainTokens is product_token from product for linuxlink, and group_token from group, else from
// product, for vigiles.
func mainTokens(p signer.Profile, file signer.Object) []TokenName {
	if p != signer.Vigiles {
		return []TokenName{productToken}
	}
	if _, given := member(file, "group"); given {
		return []TokenName{groupToken}
	}
	return []TokenName{{"product", "group_token"}}
}

// token returns a stripped member of a dashboard config, whether it is given, and whether it is a
// token that is added.
func (s *Steps) token(file signer.Object, name string) (text string, given, keep bool, err error) {
	v, given := member(file, name)
	if !given {
		text = s.AbsentToken()
		return text, false, s.KeepToken(text, text, false), nil
	}
	raw, err := s.TokenText(s, v)
	text = s.StripToken(s, raw)
	return text, true, s.KeepToken(text, raw, true), err
}

// profile returns the generation as which the port answers a question.
func (s *Steps) profile(q *Question) signer.Profile { return s.Generation(q.input.Generation()) }

// server returns the base URL of a question (rule base-url).
func (s *Steps) server(q *Question) string {
	profile, explicit := s.profile(q), q.input.BaseURL != nil
	if q.input.KeyFile != nil && s.SendReadsServer(profile, explicit) {
		file, err := s.readFile(*q.input.KeyFile)
		if url, given := s.SendServerURL(file); err == nil && given {
			return s.SendServerEnd(s.SendStripServer(s, url))
		}
	}
	if explicit {
		return s.SendExplicit(*q.input.BaseURL)
	}
	return s.SendDefault(profile)
}

// readsServer is true for a vigiles client that was not given a base URL.
func readsServer(p signer.Profile, explicit bool) bool { return p == signer.Vigiles && !explicit }

func withoutSlash(url string) string { return strings.TrimSuffix(url, "/") }

func serverURL(file signer.Object) (url string, given bool) {
	v, _ := member(file, "server_url")
	text, isString := v.(signer.String)
	return string(text), isString
}

package mistake

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"slices"
	"strings"
	"unicode/utf8"

	"sigkit/signer"
)

// reference returns the steps of the reference client. A test holds them to package signer.
func reference() *Steps {
	return &Steps{
		Generation:     func(p signer.Profile) signer.Profile { return p },
		FileText:       same,
		NonFinite:      finite,
		RepairFile:     same,
		ReadMembers:    parseData,
		CheckFile:      func(signer.Object) error { return nil },
		MemberName:     same,
		RefuseMember:   func(signer.Value) bool { return false },
		MemberText:     onlyString,
		MissingMember:  func() (string, error) { return "", ErrRefused },
		KeyNames:       keyNames,
		CountsAsKey:    func(string, signer.Value) bool { return true },
		MissingKey:     missingKey,
		CheckMembers:   func(signer.Object) error { return nil },
		CheckServer:    checkServer,
		InvalidKey:     func(string) (string, error) { return "", ErrRefused },
		StripEmail:     signer.Strip,
		StripKey:       signer.Strip,
		RefuseStripped: func(string, string, bool) bool { return false },
		FileEmail:      same,
		FileKey:        same,
		StripOther:     signer.Strip,
		StripToken:     func(s *Steps, token string) string { return s.StripOther(token) },
		RefuseGiven:    func(string, string) bool { return false },
		RefuseEmail:    accept,
		RefuseKey:      accept,
		ChangeEmail:    same,
		KeyBytes:       func(key string) ([]byte, error) { return []byte(key), nil },
		AddTokens:      addTokens,
		JoinTokens:     tokensWin,
		GroupCounts:    func(signer.Object) bool { return true },
		MainTokens:     mainTokens,
		TokenNames:     func(name string) []string { return []string{name} },
		FolderToken:    func(signer.Profile) string { return "folder_token" },
		TokenMembers:   allMembers,
		TokenText:      onlyString,
		MissingToken:   func(signer.Profile) error { return ErrRefused },
		EmptyToken:     refusedForVigiles,
		MissingFolder:  func(signer.Profile) error { return nil },
		AbsentToken:    func() string { return "" },
		KeepToken:      func(text, _ string, _ bool) bool { return text != "" },

		Repeated:   func(_, merged signer.Object) (signer.Object, error) { return merged, nil },
		CheckData:  func(signer.Object) error { return nil },
		KeepName:   func(string) bool { return true },
		RefuseName: accept,
		RefuseText: accept,
		AddEmail:   signer.WithEmail,
		EmailPlace: Sorted,

		KeepElement:  func(signer.Value) bool { return true },
		Unorderable:  func(*Steps, signer.List) (signer.List, error) { return nil, ErrRefused },
		SortList:     func(_, sorted signer.List) signer.List { return sorted },
		ListPairs:    onePairEach,
		ObjectPairs:  onePairPerKey,
		TrimString:   same,
		Normalize:    same,
		LineEnds:     same,
		ChangeCase:   same,
		GuessType:    same,
		DropControls: same,
		CutString:    same,
		OmitString:   func(string) bool { return false },
		EscapeString: same,
		Boolean:      func(b bool) (string, bool) { return textOf(signer.Bool(b)), true },
		Null:         func() (string, bool) { return textOf(signer.Null{}), true },
		Integer:      func(i signer.Int) (string, error) { return i.String(), nil },
		Float:        func(_ *Question, f signer.Float) (string, error) { return textOf(f), nil },
		NestedText:   func(v signer.Value) (string, error) { return repr(v), nil },

		ChangeKey:   same,
		EscapeKey:   same,
		EscapeValue: same,
		EscapeEmail: same,
		SortPairs:   sortByKey,
		OrderPairs:  func(pairs []Pair) []Pair { return pairs },
		PairText:    func(key, value string) string { return key + "=" + value },
		JoinPairs:   func(pairs []string) string { return strings.Join(pairs, "&") },
		FinishPairs: same,

		CheckMethod:  upperCase,
		SignedMethod: same,
		Resource:     func(_ *Steps, _ *Question, resource string) string { return resource },
		Parameters: func(_ *Signing, _ signer.Object, joined string) (string, error) {
			return joined, nil
		},
		Layout: func(method, resource, parameters string) string {
			return method + resource + parameters
		},
		RefuseResource: accept,
		RefuseMessage:  accept,
		ChangeMessage:  same,
		Encode:         encodeUTF8,
		ChangeBytes:    func(message []byte) []byte { return message },

		MAC:         hmacSHA256,
		EncodeToken: base64.StdEncoding.EncodeToString,
		ChangeToken: same,
		HeaderName:  signer.Header,

		SendReadsServer: readsServer,
		SendServerURL:   serverURL,
		SendStripServer: func(s *Steps, url string) string { return s.StripOther(url) },
		SendServerEnd:   withoutSlash,
		SendDefault:     signer.Profile.DefaultServer,
		SendExplicit:    same,
		SendBase:        same,
		SendURL:         func(base, resource string) string { return base + resource },
		SendList:        func(list signer.List) (signer.List, error) { return list, nil },
		SendEmptyList:   func() signer.List { return nil },
		SendText:        same,
		SendOmit:        func(string) bool { return false },
		SendListKey:     func(key string, _ int) string { return key },
		SendNull:        func(inBody bool) (string, bool) { return textOf(signer.Null{}), !inBody },
		SendBoolean:     func(b bool) (string, bool) { return textOf(signer.Bool(b)), true },
		SendInteger:     func(i signer.Int) (string, error) { return i.String(), nil },
		SendFloat:       func(_ *Question, f signer.Float) (string, error) { return textOf(f), nil },
		SendNested:      func(v signer.Value) (string, error) { return textOf(v), nil },
		SendFlattened:   flattenOnce,
		SendObject:      onePairPerKey,
		SendEmail:       func(data signer.Object) signer.Object { return data },
		SendEscapeKey:   quotePlus,
		SendEscape:      quotePlus,
		SendEscapeEmail: quotePlus,
		SendBody:        func(_ signer.Object, form string) string { return form },
		SendInBody:      func(method string) bool { return method == "POST" },
		SendInBoth:      func(string) bool { return false },
		SendForm:        func(string) bool { return true },
		SendQuery:       func(url, form string) string { return url + "?" + form },
	}
}

func same(s string) string { return s }

// accept refuses nothing.
func accept(string) bool { return false }

// textOf returns a value as Python's str() writes it.
func textOf(v signer.Value) string { return string(signer.AppendText(nil, v)) }

// repr returns a value as Python's repr() writes it.
func repr(v signer.Value) string { return string(signer.AppendRepr(nil, v)) }

func onePairEach(s *Signing, key string, list signer.List) error {
	for _, v := range list {
		if err := s.AddValue(key, key, v); err != nil {
			return err
		}
	}
	return nil
}

func onePairPerKey(s *Signing, key string, object signer.Object) error {
	for _, m := range object {
		if err := s.AddValue(key, key, signer.String(m.Key)); err != nil {
			return err
		}
	}
	return nil
}

func sortByKey(pairs []Pair) []Pair {
	slices.SortStableFunc(pairs, func(a, b Pair) int { return strings.Compare(a.Sort, b.Sort) })
	return pairs
}

func upperCase(method string) (string, error) {
	if method == "" || strings.Trim(method, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") != "" {
		return "", ErrRefused
	}
	return method, nil
}

func encodeUTF8(message string) ([]byte, error) {
	if !utf8.ValidString(message) {
		return nil, ErrRefused
	}
	return []byte(message), nil
}

func hmacSHA256(key, message []byte) []byte {
	h := hmac.New(sha256.New, key)
	h.Write(message)
	return h.Sum(nil)
}

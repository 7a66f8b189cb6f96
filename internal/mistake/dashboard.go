package mistake

import (
	"strings"

	"sigkit/signer"
)

const addOneToken = "Add one: product_token from product for profile linuxlink, " +
	"group_token from group, or else from product, for profile vigiles."

var (
	productToken = TokenName{"product", "product_token"}
	groupToken   = TokenName{"group", "group_token"}
)

// dashboardMistakes are about the tokens of a dashboard config.
func dashboardMistakes() []Mistake {
	return []Mistake{
		dashboard("dashboard-ignored",
			"The dashboard config is not used.",
			"Add its tokens to the data before you sign.",
			Steps{AddTokens: func(_ *Steps, q *Question) (signer.Object, error) {
				return q.data, nil
			}}),
		dashboard("dashboard-blank-ignored",
			"A dashboard config without any text counts as none.",
			"Refuse it: it is not a JSON object.",
			Steps{AddTokens: func(s *Steps, q *Question) (signer.Object, error) {
				if signer.Strip(*q.input.DashboardConfig) == "" {
					return q.data, nil
				}
				return addTokens(s, q)
			}}),
		dashboard("dashboard-unreadable-ignored",
			"A dashboard config that cannot be read counts as none.",
			"Refuse it.",
			Steps{AddTokens: func(s *Steps, q *Question) (signer.Object, error) {
				if _, err := s.readFile(*q.input.DashboardConfig); err != nil {
					return q.data, nil
				}
				return addTokens(s, q)
			}}),
		dashboard("dashboard-product-token-always",
			"Profile vigiles: the token is added as product_token.",
			"Name it group_token for profile vigiles.",
			Steps{TokenNames: named("product_token")}),
		dashboard("dashboard-group-token-always",
			"Profile linuxlink: the token is added as group_token.",
			"Name it product_token for profile linuxlink.",
			Steps{TokenNames: named("group_token")}),
		dashboard("dashboard-both-names",
			"The token is added twice: as product_token and as group_token.",
			addOneToken, Steps{TokenNames: named("product_token", "group_token")}),
		dashboard("dashboard-group-ignored",
			"Profile vigiles: the group of the config is not used, only its product.",
			"Use group if the config has one, else product.",
			Steps{MainTokens: forVigiles(TokenName{"product", "group_token"})}),
		dashboard("dashboard-product-first",
			"Profile vigiles: the product is used even if the config has a group.",
			"Use group if the config has one, else product.",
			Steps{MainTokens: productFirst}),
		dashboard("dashboard-group-in-both",
			"Profile linuxlink: the group is used if the config has one.",
			"Use product for profile linuxlink, and refuse a config without it.",
			Steps{MainTokens: groupInBoth}),
		dashboard("dashboard-product-and-group",
			"A product is added as product_token and a group as group_token, "+
				"whatever the generation.",
			addOneToken, Steps{MainTokens: whatever(productToken, groupToken)}),
		dashboard("dashboard-product-beside-group",
			"Profile vigiles: a product is added as product_token, and a group as group_token.",
			addOneToken, Steps{MainTokens: forVigiles(productToken, groupToken)}),
		dashboard("dashboard-group-alone",
			"Profile vigiles: the product is not used if the config has no group.",
			"Add the product as group_token if there is no group.",
			Steps{MainTokens: forVigiles(groupToken)}),
		dashboard("dashboard-group-if-not-empty",
			"Profile vigiles: the product is used if the group is empty.",
			"Use group whenever the member is there. Refuse a config in which it is empty.",
			Steps{GroupCounts: func(file signer.Object) bool {
				v, _ := member(file, "group")
				text, isString := v.(signer.String)
				_, other := member(file, "product")
				return !isString || !other || signer.Strip(string(text)) != ""
			}}),
		dashboard("dashboard-names-of-file",
			"The tokens are added under the names in the file: product, group and folder.",
			"Name them product_token or group_token, and folder_token.",
			Steps{
				MainTokens:  whatever(TokenName{"product", "product"}, TokenName{"group", "group"}),
				TokenNames:  reference().TokenNames, // so that the mistake excludes those in it
				FolderToken: func(signer.Profile) string { return "folder" },
			}),
		dashboard("dashboard-members-copied",
			"All members of the dashboard config are added to the data as they are.",
			"Add product_token or group_token, and folder_token, and nothing else.",
			Steps{
				AddTokens: func(s *Steps, q *Question) (signer.Object, error) {
					file, err := s.readFile(*q.input.DashboardConfig)
					return signer.Set(q.data, file...), err
				},
				TokenText:  onlyString,
				KeepToken:  func(string, string, bool) bool { return true },
				StripToken: asGiven,
				TokenNames: reference().TokenNames,
				// None of these runs. They are here so that the mistake excludes those in them.
				TokenMembers:  allMembers,
				GroupCounts:   reference().GroupCounts,
				JoinTokens:    tokensWin,
				MainTokens:    mainTokens,
				FolderToken:   reference().FolderToken,
				MissingToken:  anyConfig,
				EmptyToken:    anyEmpty,
				MissingFolder: reference().MissingFolder,
			}),
		dashboard("dashboard-missing-accepted",
			"A dashboard config without product or group is accepted.",
			"Refuse it.",
			Steps{MissingToken: anyConfig}),
		dashboard("dashboard-missing-product-accepted",
			"Profile linuxlink: a dashboard config without product is accepted.",
			"Refuse it.",
			Steps{MissingToken: refusedForVigiles}),
		dashboard("dashboard-null-as-missing",
			"A member of the dashboard config that is null counts as missing.",
			"Refuse a token that is not a string.",
			Steps{TokenMembers: func(file signer.Object) signer.Object {
				return without(file, func(m signer.Member) bool { return isNull(m.Value) })
			}}),
		dashboard("dashboard-number-as-text",
			"A token that is a number or a boolean is used as text.",
			"Refuse a token that is not a string.",
			Steps{TokenText: numberAsText}),
		dashboard("dashboard-empty-accepted",
			"Profile vigiles: a dashboard config with an empty group is accepted.",
			"Refuse it.", Steps{EmptyToken: anyEmpty}),
		dashboard("dashboard-empty-product-refused",
			"Profile linuxlink: a dashboard config with an empty product is refused.",
			"Leave out product_token if product is empty.",
			Steps{EmptyToken: func(signer.Profile) error { return ErrRefused }}),
		dashboard("dashboard-folder-required",
			"A dashboard config without folder is refused.",
			"Leave out folder_token if there is no folder.",
			Steps{MissingFolder: func(signer.Profile) error { return ErrRefused }}),
		dashboard("dashboard-folder-required-in-vigiles",
			"Profile vigiles: a dashboard config without folder is refused.",
			"Leave out folder_token if there is no folder.",
			Steps{MissingFolder: refusedForVigiles}),
		dashboard("dashboard-empty-tokens-added",
			"A token of the dashboard config that is empty is added with an empty value.",
			"Leave out empty tokens.",
			Steps{KeepToken: func(_, _ string, given bool) bool { return given }}),
		dashboard("dashboard-blank-tokens-added",
			"A token of the dashboard config that is only white space is added with an empty value.",
			"Strip the token before you test whether it is empty.",
			Steps{KeepToken: func(_, raw string, _ bool) bool { return raw != "" }}),
		dashboard("dashboard-missing-tokens-added",
			"A token that the dashboard config does not have, or that is empty, is added with an "+
				"empty value.",
			"Leave out empty tokens.",
			Steps{KeepToken: func(string, string, bool) bool { return true }}),
		absentTokens("dashboard-missing-tokens-as-undefined", "undefined"),
		absentTokens("dashboard-missing-tokens-as-none", "None"),
		dashboard("dashboard-not-stripped",
			"The white space around the tokens of a dashboard config is kept.",
			"Strip the tokens after you parse the config.",
			Steps{StripToken: asGiven}),
		dashboard("dashboard-types-unchecked",
			"A token that is a number is used as text, and null counts as missing.",
			"Refuse a token that is not a string.",
			Steps{TokenText: textOfAny}),
		dashboard("dashboard-blank-tokens-refused",
			"A dashboard config with a token that is only white space is refused.",
			"Strip the token, and leave it out if it is empty then. For profile vigiles, refuse only an "+
				"empty group or product.",
			Steps{TokenText: func(_ *Steps, v signer.Value) (string, error) {
				text, err := memberText(v)
				if text != "" && signer.Strip(text) == "" {
					return "", ErrRefused
				}
				return text, err
			}}),
		dashboard("dashboard-folder-dropped",
			"The folder of the dashboard config is left out.",
			"Add folder_token if folder is not empty.",
			Steps{FolderToken: func(signer.Profile) string { return "" }}),
		dashboard("dashboard-folder-vigiles-only",
			"Profile linuxlink: the folder of the dashboard config is left out.",
			"Add folder_token for both generations, if folder is not empty.",
			Steps{FolderToken: func(p signer.Profile) string {
				if p == signer.Vigiles {
					return "folder_token"
				}
				return ""
			}}),
		dashboard("dashboard-caller-wins",
			"A token that the caller gave is not replaced by that of the dashboard config.",
			"Let the token of the dashboard config replace it.",
			Steps{JoinTokens: func(data, tokens signer.Object) signer.Object {
				return signer.Set(tokens, data...)
			}}),
		dashboard("dashboard-folder-with-token-only",
			"The folder is left out if there is no product or group beside it.",
			"Add folder_token if folder is not empty, whatever else is there.",
			Steps{JoinTokens: func(data, tokens signer.Object) signer.Object {
				if len(tokens) == 1 && strings.HasPrefix(tokens[0].Key, "folder") {
					return data
				}
				return tokensWin(data, tokens)
			}}),
		dashboard("dashboard-needs-both",
			"The dashboard config is used only if it has a product or group and a folder.",
			"Add each token that is not empty.",
			Steps{JoinTokens: func(data, tokens signer.Object) signer.Object {
				if len(tokens) < 2 {
					return data
				}
				return tokensWin(data, tokens)
			}}),
	}
}

// absentTokens is a mistake of a port that writes tokens which are not given as some text.
func absentTokens(id, text string) Mistake {
	return dashboard(id,
		"A token that the dashboard config does not have is added as the text "+text+".",
		"Leave out a token that is not there, or that is empty.",
		Steps{
			AbsentToken: func() string { return text },
			KeepToken:   func(string, string, bool) bool { return true },
		})
}

func dashboard(id, what, fix string, steps Steps) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "dashboard-config",
		What:  what,
		Fix:   fix,
		steps: steps,
	}
}

// asGiven keeps the white space around a token.
func asGiven(_ *Steps, token string) string { return token }

// anyConfig accepts a config without product or group.
func anyConfig(signer.Profile) error { return nil }

// anyEmpty accepts an empty one.
func anyEmpty(signer.Profile) error { return nil }

// named adds a token under some names.
func named(names ...string) func(string) []string {
	return func(string) []string { return names }
}

func productFirst(p signer.Profile, file signer.Object) []TokenName {
	if _, given := member(file, "product"); given && p == signer.Vigiles {
		return []TokenName{{"product", "group_token"}}
	}
	return mainTokens(p, file)
}

func groupInBoth(p signer.Profile, file signer.Object) []TokenName {
	if _, given := member(file, "group"); given && p != signer.Vigiles {
		return []TokenName{{"group", "product_token"}}
	}
	return mainTokens(p, file)
}

// whatever adds tokens whatever the generation.
func whatever(names ...TokenName) func(signer.Profile, signer.Object) []TokenName {
	return func(signer.Profile, signer.Object) []TokenName { return names }
}

// forVigiles adds tokens for profile vigiles, and that of the reference for linuxlink.
func forVigiles(names ...TokenName) func(signer.Profile, signer.Object) []TokenName {
	return func(p signer.Profile, file signer.Object) []TokenName {
		if p == signer.Vigiles {
			return names
		}
		return mainTokens(p, file)
	}
}

// textOfAny takes null for an empty text, and writes what is not a string as text.
func textOfAny(s *Steps, v signer.Value) (string, error) {
	switch v.(type) {
	case signer.Null, nil:
		return "", nil
	case signer.List, signer.Object:
		return textOf(v), nil
	}
	return numberAsText(s, v)
}

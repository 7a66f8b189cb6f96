package mistake

import (
	"slices"

	"sigkit/signer"
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
		dashboard("dashboard-product-token-always",
			"Profile vigiles: the token is added as product_token.",
			"Name it group_token for profile vigiles.",
			Steps{AddTokens: changedTokens(renamed("group_token", "product_token"))}),
		dashboard("dashboard-group-token-always",
			"Profile linuxlink: the token is added as group_token.",
			"Name it product_token for profile linuxlink.",
			Steps{AddTokens: changedTokens(renamed("product_token", "group_token"))}),
		dashboard("dashboard-product-and-group",
			"A product is added as product_token and a group as group_token, "+
				"whatever the generation. None of them must be there.",
			"Add one: product_token from product for profile linuxlink, group_token from group, "+
				"or else from product, for profile vigiles. Refuse a config without it.",
			Steps{
				AddTokens: namedTokens(map[string]string{
					"product": "product_token",
					"group":   "group_token",
					"folder":  "folder_token",
				}),
				MissingToken: anyConfig,
			}),
		dashboard("dashboard-names-of-file",
			"The tokens are added under the names in the file: product, group and folder.",
			"Name them product_token or group_token, and folder_token.",
			Steps{
				AddTokens: namedTokens(map[string]string{
					"product": "product",
					"group":   "group",
					"folder":  "folder",
				}),
				MissingToken: anyConfig,
			}),
		dashboard("dashboard-members-copied",
			"All members of the dashboard config are added to the data as they are.",
			"Add product_token or group_token, and folder_token, and nothing else.",
			Steps{
				AddTokens: func(s *Steps, q *Question) (signer.Object, error) {
					file, err := s.readFile(*q.input.DashboardConfig)
					return signer.Set(q.data, file...), err
				},
				TokenText:    memberText,
				MissingToken: anyConfig,
				KeepToken:    func(string, bool) bool { return true },
				StripToken:   same,
			}),
		dashboard("dashboard-missing-accepted",
			"A dashboard config without product or group is accepted.",
			"Refuse it. For profile vigiles, refuse an empty one, too.",
			Steps{MissingToken: anyConfig}),
		dashboard("dashboard-empty-tokens-added",
			"A token of the dashboard config that is empty is added with an empty value.",
			"Leave out empty tokens.",
			Steps{KeepToken: func(_ string, given bool) bool { return given }}),
		dashboard("dashboard-missing-tokens-added",
			"A token that the dashboard config does not have, or that is empty, is added with an "+
				"empty value.",
			"Leave out empty tokens.",
			Steps{KeepToken: func(string, bool) bool { return true }}),
		dashboard("dashboard-not-stripped",
			"The white space around the tokens of a dashboard config is kept.",
			"Strip the tokens after you parse the config.",
			Steps{StripToken: same}),
		dashboard("dashboard-types-unchecked",
			"A token that is a number is used as text, and null counts as missing.",
			"Refuse a token that is not a string.",
			Steps{TokenText: textOfAny}),
		dashboard("dashboard-folder-dropped",
			"The folder of the dashboard config is left out.",
			"Add folder_token if folder is not empty.",
			Steps{AddTokens: changedTokens(func(tokens signer.Object) signer.Object {
				return slices.DeleteFunc(tokens, func(m signer.Member) bool {
					return m.Key == "folder_token"
				})
			})}),
		dashboard("dashboard-caller-wins",
			"A token that the caller gave is not replaced by that of the dashboard config.",
			"Let the token of the dashboard config replace it.",
			Steps{AddTokens: func(s *Steps, q *Question) (signer.Object, error) {
				tokens, err := s.dashboardTokens(q)
				return signer.Set(tokens, q.data...), err
			}}),
	}
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

// anyConfig accepts a config without product or group.
func anyConfig() error { return nil }

// renamed gives a token another name.
func renamed(from, to string) func(signer.Object) signer.Object {
	return func(tokens signer.Object) signer.Object {
		for i := range tokens {
			if tokens[i].Key == from {
				tokens[i].Key = to
			}
		}
		return tokens
	}
}

// textOfAny takes null for an empty token, and writes what is not a string as text.
func textOfAny(v signer.Value) (string, error) {
	if _, null := v.(signer.Null); null || v == nil {
		return "", nil
	}
	return textOf(v), nil
}

// namedTokens adds each member of the dashboard config that has a name in a table.
func namedTokens(names map[string]string) func(*Steps, *Question) (signer.Object, error) {
	return func(s *Steps, q *Question) (signer.Object, error) {
		file, err := s.readFile(*q.input.DashboardConfig)
		if err != nil {
			return nil, err
		}
		data := q.data
		for _, m := range file {
			if names[m.Key] == "" {
				continue
			}
			text, _, err := s.token(file, m.Key)
			if err != nil {
				return nil, err
			}
			if s.KeepToken(text, true) {
				data = signer.Set(data, signer.Member{Key: names[m.Key], Value: signer.String(text)})
			}
		}
		return data, nil
	}
}

// changedTokens adds the tokens of the dashboard config after a change.
func changedTokens(
	change func(signer.Object) signer.Object,
) func(*Steps, *Question) (signer.Object, error) {
	return func(s *Steps, q *Question) (signer.Object, error) {
		tokens, err := s.dashboardTokens(q)
		return signer.Set(q.data, change(tokens)...), err
	}
}

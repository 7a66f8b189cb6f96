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
			func(_ *Steps, q *Question) (signer.Object, error) { return q.data, nil }),
		dashboard("dashboard-product-token-always",
			"Profile vigiles: the token is added as product_token.",
			"Name it group_token for profile vigiles.",
			changedTokens(func(tokens signer.Object) signer.Object {
				for i := range tokens {
					if tokens[i].Key == "group_token" {
						tokens[i].Key = "product_token"
					}
				}
				return tokens
			})),
		dashboard("dashboard-group-token-always",
			"Profile linuxlink: the token is added as group_token.",
			"Name it product_token for profile linuxlink.",
			changedTokens(func(tokens signer.Object) signer.Object {
				for i := range tokens {
					if tokens[i].Key == "product_token" {
						tokens[i].Key = "group_token"
					}
				}
				return tokens
			})),
		{
			ID:   "dashboard-product-and-group",
			Rule: "dashboard-config",
			What: "A product is added as product_token and a group as group_token, " +
				"whatever the generation. None of them must be there.",
			Fix: "Add one: product_token from product for profile linuxlink, group_token from group, " +
				"or else from product, for profile vigiles. Refuse a config without it.",
			steps: Steps{
				AddTokens: namedTokens(map[string]string{
					"product": "product_token",
					"group":   "group_token",
					"folder":  "folder_token",
				}),
				MissingToken: func() error { return nil },
			},
		},
		{
			ID:   "dashboard-names-of-file",
			Rule: "dashboard-config",
			What: "The tokens are added under the names in the file: product, group and folder.",
			Fix:  "Name them product_token or group_token, and folder_token.",
			steps: Steps{
				AddTokens: namedTokens(map[string]string{
					"product": "product",
					"group":   "group",
					"folder":  "folder",
				}),
				MissingToken: func() error { return nil },
			},
		},
		{
			ID:   "dashboard-members-copied",
			Rule: "dashboard-config",
			What: "All members of the dashboard config are added to the data as they are.",
			Fix:  "Add product_token or group_token, and folder_token, and nothing else.",
			steps: Steps{
				AddTokens: func(s *Steps, q *Question) (signer.Object, error) {
					file, err := s.readFile(*q.input.DashboardConfig)
					return signer.Set(q.data, file...), err
				},
				TokenText:    memberText,
				MissingToken: func() error { return nil },
				KeepToken:    func(string, bool) bool { return true },
				StripToken:   same,
			},
		},
		{
			ID:    "dashboard-missing-accepted",
			Rule:  "dashboard-config",
			What:  "A dashboard config without product or group is accepted.",
			Fix:   "Refuse it. For profile vigiles, refuse an empty one, too.",
			steps: Steps{MissingToken: func() error { return nil }},
		},
		{
			ID:   "dashboard-empty-tokens-added",
			Rule: "dashboard-config",
			What: "A token of the dashboard config that is empty is added with an empty value.",
			Fix:  "Leave out empty tokens.",
			steps: Steps{
				KeepToken: func(_ string, given bool) bool { return given },
			},
		},
		{
			ID:   "dashboard-missing-tokens-added",
			Rule: "dashboard-config",
			What: "A token that the dashboard config does not have, or that is empty, is added with an " +
				"empty value.",
			Fix:   "Leave out empty tokens.",
			steps: Steps{KeepToken: func(string, bool) bool { return true }},
		},
		{
			ID:    "dashboard-not-stripped",
			Rule:  "dashboard-config",
			What:  "The white space around the tokens of a dashboard config is kept.",
			Fix:   "Strip the tokens after you parse the config.",
			steps: Steps{StripToken: same},
		},
		{
			ID:   "dashboard-types-unchecked",
			Rule: "dashboard-config",
			What: "A token that is a number is used as text, and null counts as missing.",
			Fix:  "Refuse a token that is not a string.",
			steps: Steps{TokenText: func(v signer.Value) (string, error) {
				if _, null := v.(signer.Null); null || v == nil {
					return "", nil
				}
				return textOf(v), nil
			}},
		},
		dashboard("dashboard-folder-dropped",
			"The folder of the dashboard config is left out.",
			"Add folder_token if folder is not empty.",
			changedTokens(func(tokens signer.Object) signer.Object {
				return slices.DeleteFunc(tokens, func(m signer.Member) bool {
					return m.Key == "folder_token"
				})
			})),
		dashboard("dashboard-caller-wins",
			"A token that the caller gave is not replaced by that of the dashboard config.",
			"Let the token of the dashboard config replace it.",
			func(s *Steps, q *Question) (signer.Object, error) {
				tokens, err := s.dashboardTokens(q)
				return signer.Set(tokens, q.data...), err
			}),
	}
}

func dashboard(
	id, what, fix string, addTokens func(*Steps, *Question) (signer.Object, error),
) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "dashboard-config",
		What:  what,
		Fix:   fix,
		steps: Steps{AddTokens: addTokens},
	}
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

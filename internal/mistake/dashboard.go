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

// changedTokens adds the tokens of the dashboard config after a change.
func changedTokens(
	change func(signer.Object) signer.Object,
) func(*Steps, *Question) (signer.Object, error) {
	return func(s *Steps, q *Question) (signer.Object, error) {
		tokens, err := s.dashboardTokens(q)
		return signer.Set(q.data, change(tokens)...), err
	}
}

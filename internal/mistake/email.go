package mistake

import (
	"slices"
	"strings"

	"sigkit/signer"
)

// emailMistakes are about step 2.
func emailMistakes() []Mistake {
	return []Mistake{
		{ID: "email-missing", Rule: "email-joins", What: "The email is not signed.", Fix: "Add the key file's email to the data before signing.",
			slot: "email email-at", change: func(r *recipe) { r.emailAt = absent }},
		{ID: "email-first", Rule: "email-joins", What: "The email is put before all other pairs.", Fix: "Let it take part in the sorting.",
			slot: "email email-at", change: func(r *recipe) { r.emailAt = first }},
		{ID: "email-last", Rule: "email-joins", What: "The email is put behind all other pairs.", Fix: "Let it take part in the sorting.",
			slot: "email email-at", change: func(r *recipe) { r.emailAt = last }},
		{ID: "email-not-replaced", Rule: "email-joins", What: "An email that the caller gave is kept.", Fix: "Let the key file's email replace it.",
			slot: "email", change: joins(func(data signer.Object, email string) signer.Object {
				if _, given := get(data, "email"); given {
					return data
				}
				return signer.WithEmail(data, email)
			})},
		{ID: "email-beside-callers", Rule: "email-joins", What: "An email that the caller gave is signed beside the key file's.", Fix: "Let the key file's email replace it.",
			slot: "email", change: joins(func(data signer.Object, email string) signer.Object {
				return append(slices.Clone(data), signer.Member{Key: "email", Value: signer.String(email)})
			})},
		{ID: "email-lower-cased", Rule: "email-joins", What: "The email is turned into lower case.", Fix: "Use the email as the key file has it.",
			slot: "email-text", change: changeEmail(strings.ToLower)},
		{ID: "email-cut-at-plus", Rule: "email-joins", What: "A part behind a plus sign is cut from the email.", Fix: "Use the email as the key file has it.",
			slot: "email-text", change: changeEmail(func(s string) string {
				name, domain, _ := strings.Cut(s, "@")
				name, _, _ = strings.Cut(name, "+")
				if domain == "" {
					return name
				}
				return name + "@" + domain
			})},
		{ID: "email-as-user", Rule: "email-joins", What: "The email is signed under the key user.", Fix: "The key is email.",
			slot: "email", change: joins(func(data signer.Object, email string) signer.Object {
				return signer.Set(data, signer.Member{Key: "user", Value: signer.String(email)})
			})},
	}
}

func joins(f func(signer.Object, string) signer.Object) func(*recipe) {
	return func(r *recipe) { r.email = f }
}

func changeEmail(f func(string) string) func(*recipe) {
	return func(r *recipe) {
		strip := r.stripEmail
		r.stripEmail = func(s string) string { return f(strip(s)) }
		r.direct = f
	}
}

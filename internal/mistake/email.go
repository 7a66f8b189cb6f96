package mistake

import (
	"slices"
	"strings"
	"unicode/utf8"

	"sigkit/signer"
)

const sortEmail = "Sort the email together with all other pairs."

// emailMistakes are about step 2: the email joins the data.
func emailMistakes() []Mistake {
	return []Mistake{
		emailPlaced("email-missing", "The email is not signed.",
			"Add the email of the key file to the data before you sign.", Absent),
		emailPlaced("email-first", "The email comes before all other pairs.", sortEmail, First),
		emailPlaced("email-last", "The email comes after all other pairs.", sortEmail, Last),
		emailAdded("email-not-replaced",
			"An email that the caller gave is not replaced by that of the key file.",
			"Let the email of the key file replace it.", addIfMissing),
		emailAdded("email-beside-callers",
			"An email that the caller gave is signed in addition to that of the key file.",
			"Let the email of the key file replace it.", addSecond),
		{
			ID:    "email-percent-encoded",
			Rule:  "no-escaping",
			What:  "The email is percent-encoded in the message, as %40 for @, and other values are not.",
			Fix:   "Sign keys and values as they are. Escape them when you send them.",
			steps: Steps{EscapeEmail: percentEncoder(unreserved, "%20", upperHex)},
		},
		emailChanged("email-lower-cased", "The email is changed to lower case.", lowerCase),
		{
			ID:    "key-file-email-lower-cased",
			Rule:  "email-joins",
			What:  "The email of a key file is changed to lower case.",
			Fix:   "Sign and send the email as it is in the file.",
			steps: Steps{FileEmail: lowerCase},
		},
		emailChanged("email-cut-at-plus",
			"Everything from + to @ is removed from the email.", withoutTag),
		{
			ID:   "data-surrogates-refused",
			Rule: "message-utf8",
			What: "Data with an unpaired surrogate is refused, even if it does not reach the message.",
			Fix: "Refuse the message, not the data: the value may be replaced by the email of the " +
				"key file or by a token of a dashboard config.",
			steps: Steps{CheckData: refuseDataSurrogates},
		},
		emailAdded("email-as-user", "The email is signed with the key user.",
			"Use the key email.",
			func(data signer.Object, email string) signer.Object {
				return signer.Set(data, signer.Member{Key: "user", Value: signer.String(email)})
			}),
	}
}

// emailPlaced is a mistake in the place of the email. Such a port does not add it to the data: the
// field AddEmail is set so that the mistake excludes those in how the email is added.
func emailPlaced(id, what, fix string, place Place) Mistake {
	return emailMistake(id, what, fix, Steps{EmailPlace: place, AddEmail: signer.WithEmail})
}

// emailAdded is a mistake in how the email is added to the data.
func emailAdded(id, what, fix string, add func(signer.Object, string) signer.Object) Mistake {
	return emailMistake(id, what, fix, Steps{AddEmail: add})
}

// emailChanged is a mistake in the text of the email.
func emailChanged(id, what string, change func(string) string) Mistake {
	fix := "Use the email as it is in the key file."
	return emailMistake(id, what, fix, Steps{ChangeEmail: change})
}

func emailMistake(id, what, fix string, steps Steps) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "email-joins",
		What:  what,
		Fix:   fix,
		steps: steps,
	}
}

func refuseDataSurrogates(data signer.Object) error {
	if hasSurrogate(data) {
		return ErrRefused
	}
	return nil
}

// hasSurrogate reports whether a text in a value contains an unpaired surrogate.
func hasSurrogate(v signer.Value) bool {
	switch v := v.(type) {
	case signer.String:
		return !utf8.ValidString(string(v))
	case signer.List:
		return slices.ContainsFunc(v, hasSurrogate)
	case signer.Object:
		return slices.ContainsFunc(v, func(m signer.Member) bool {
			return !utf8.ValidString(m.Key) || hasSurrogate(m.Value)
		})
	}
	return false
}

func addIfMissing(data signer.Object, email string) signer.Object {
	if _, given := member(data, "email"); given {
		return data
	}
	return signer.WithEmail(data, email)
}

func addSecond(data signer.Object, email string) signer.Object {
	return append(slices.Clone(data), signer.Member{Key: "email", Value: signer.String(email)})
}

func withoutTag(email string) string {
	name, domain, _ := strings.Cut(email, "@")
	name, _, _ = strings.Cut(name, "+")
	if domain == "" {
		return name
	}
	return name + "@" + domain
}

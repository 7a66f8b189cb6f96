package mistake

import (
	"slices"
	"strconv"
	"strings"

	"sigkit/signer"
)

// SentAsSigned is the id of the mistake with which the mistakes in what is signed show in what is
// sent.
const SentAsSigned = "sent-as-signed"

// sendingMistakes are about the request that is sent. They change nothing that is signed.
func sendingMistakes() []Mistake {
	return slices.Concat(
		sentPlaceMistakes(),
		sentValueMistakes(),
		sentTextMistakes(),
		sentListMistakes(),
		sentEscapeMistakes(),
		baseURLMistakes(),
	)
}

// sentPlaceMistakes send data in the wrong place or format, or not at all.
func sentPlaceMistakes() []Mistake {
	return []Mistake{
		{
			ID:   "sent-body-as-json",
			Rule: "wire-form",
			What: "The body of a POST is sent as JSON.",
			Fix:  "Send the body form-encoded.",
			steps: Steps{SendBody: func(data signer.Object, _ string) string {
				return javaScriptJSON(data)
			}},
		},
		{
			ID:    "sent-post-in-query",
			Rule:  "wire-form",
			What:  "The data of a POST is sent in the URL.",
			Fix:   "Send the data of a POST in the body.",
			steps: Steps{SendInBody: func(string) bool { return false }},
		},
		{
			ID:    "sent-in-body-of-put-patch-delete",
			Rule:  "wire-query",
			What:  "The data of PUT, PATCH and DELETE is sent in a form body.",
			Fix:   "Send data in the body for POST only. Send it in the query for all other methods.",
			steps: Steps{SendInBody: oneOf("POST", "PUT", "PATCH", "DELETE")},
		},
		{
			ID:    "sent-in-body-of-put-patch",
			Rule:  "wire-query",
			What:  "The data of PUT and PATCH is sent in a form body.",
			Fix:   "Send data in the body for POST only. Send it in the query for all other methods.",
			steps: Steps{SendInBody: oneOf("POST", "PUT", "PATCH")},
		},
		{
			ID:    "sent-in-body-of-put-delete",
			Rule:  "wire-query",
			What:  "The data of PUT and DELETE is sent in a form body.",
			Fix:   "Send data in the body for POST only. Send it in the query for all other methods.",
			steps: Steps{SendInBody: oneOf("POST", "PUT", "DELETE")},
		},
		{
			ID:    "sent-in-body-of-put",
			Rule:  "wire-query",
			What:  "The data of a PUT is sent in a form body.",
			Fix:   "Send data in the body for POST only. Send it in the query for all other methods.",
			steps: Steps{SendInBody: oneOf("POST", "PUT")},
		},
		{
			ID:   "sent-in-body-always",
			Rule: "wire-query",
			What: "The data of every request is sent in a form body, that of a GET, too.",
			Fix:  "Send data in the body for POST only. Send it in the query for all other methods.",
			// A port that does not return its body looks the same.
			VariantOf: "sent-query-missing",
			steps: Steps{
				SendInBody: func(string) bool { return true },
				SendInBoth: func(string) bool { return false },
				SendForm:   func(string) bool { return false },
			},
		},
		{
			ID:   "sent-in-body-and-query",
			Rule: "wire-query",
			What: "The data of a request other than POST is sent in the query and in a body.",
			Fix:  "Send no body but for POST.",
			steps: Steps{
				SendInBody: func(method string) bool { return method == "POST" },
				SendInBoth: func(method string) bool { return method != "POST" },
			},
		},
		{
			ID:    "sent-query-missing",
			Rule:  "wire-query",
			What:  "The data of a request other than POST is not sent.",
			Fix:   "Send the data as the query.",
			steps: Steps{SendForm: func(string) bool { return false }},
		},
		{
			ID:    "sent-delete-without-data",
			Rule:  "wire-query",
			What:  "The data of a DELETE is signed but not sent.",
			Fix:   "Send the data of a DELETE as the query.",
			steps: Steps{SendForm: func(method string) bool { return method != "DELETE" }},
		},
		{
			ID:   SentAsSigned,
			Rule: "wire-form",
			What: "The pairs that are signed are sent, so what is wrong with their texts is wrong there, " +
				"too, and lists are sent sorted.",
			Fix: "Make the form from the data: values as they are given, lists in the caller's order.",

			VariantOf: "sent-lists-sorted",
			Several:   true,
			steps: Steps{
				SendSigned: true,
				// None of these runs. They are here so that the mistake excludes those in them.
				SendList:      reference().SendList,
				SendEmptyList: reference().SendEmptyList,
				SendListKey:   reference().SendListKey,
				SendNull:      reference().SendNull,
				SendBoolean:   reference().SendBoolean,
				SendInteger:   reference().SendInteger,
				SendFloat:     reference().SendFloat,
				SendObject:    reference().SendObject,
				SendNested:    reference().SendNested,
				SendFlattened: reference().SendFlattened,
				SendText:      reference().SendText,
				SendOmit:      reference().SendOmit,
			},
		},
		{
			ID:    "sent-email-missing",
			Rule:  "wire-form",
			What:  "The email is signed but not sent.",
			Fix:   "Send the data with the email in it.",
			steps: Steps{SendEmail: withoutEmail},
		},
		{
			ID:   "sent-email-missing-in-body",
			Rule: "wire-form",
			What: "The email is not sent in a body, only in a query.",
			Fix:  "Send the data with the email in it.",
			steps: Steps{SendBody: func(_ signer.Object, form string) string {
				return withoutEmailPair(form)
			}},
		},
		{
			ID:   "sent-email-missing-in-query",
			Rule: "wire-query",
			What: "The email is not sent in a query, only in a body.",
			Fix:  "Send the data with the email in it.",
			steps: Steps{SendQuery: func(url, form string) string {
				return url + "?" + withoutEmailPair(form)
			}},
		},
	}
}

// sentValueMistakes send null and booleans as another text.
func sentValueMistakes() []Mistake {
	return []Mistake{
		sentNull("sent-null-as-none", "Null is sent as None in a body.", "None", true),
		sentNull("sent-null-as-null", "Null is sent as null.", "null", true),
		sentNull("sent-null-as-empty", "Null is sent as an empty value.", "", true),
		sentNull("sent-null-left-out", "A null is left out of a query.", "", false),
		{
			ID:    "sent-line-ends-as-crlf",
			Rule:  "wire-form",
			What:  "Line ends in values are sent as CR LF.",
			Fix:   "Send texts as they are signed.",
			steps: Steps{SendText: withCRLF},
		},
		sentBoolean("sent-booleans-lower-case", "Booleans are sent as true and false.", "true", "false"),
		sentBoolean("sent-booleans-yes-no", "Booleans are sent as yes and no.", "yes", "no"),
		sentBoolean("sent-booleans-as-digits", "Booleans are sent as 1 and 0.", "1", "0"),
	}
}

// sentListMistakes send lists in another order or form.
func sentListMistakes() []Mistake {
	emptyValue := func() signer.List { return signer.List{signer.String("")} }
	return []Mistake{
		{
			ID:    "sent-lists-sorted",
			Rule:  "wire-query",
			What:  "Lists are sent in the sorted order of the message.",
			Fix:   "Send lists in the caller's order.",
			steps: Steps{SendList: signer.SortList},
		},
		{
			ID:    "sent-lists-last-only",
			Rule:  "wire-query",
			What:  "Only the last value of a list is sent.",
			Fix:   "Send one key=value for each element of a list.",
			steps: Steps{SendList: lastOnly},
		},
		sentAsOne(
			"sent-lists-comma-joined",
			"A list is sent as one value, joined with commas.",
			joinTexts,
		),
		sentAsOne("sent-lists-as-json", "A list is sent as JSON, in one value.", javaScriptJSON),
		sentAsOne(
			"sent-lists-as-repr",
			"A list is sent as Python's str() writes it, in one value.",
			textOf,
		),
		sentAsOne("sent-lists-as-json-spaced",
			"A list is sent as Python's json.dumps() writes it, in one value.", pythonJSON),
		sentAsOne("sent-lists-as-go", "A list is sent as Go's fmt writes it, in one value: [a b].",
			goText),
		sentAsOne("sent-lists-as-java",
			"A list is sent as Java's List.toString() writes it, in one value: [a, b].", javaText),
		sentAsOne("sent-lists-as-ruby", "A list is sent as Ruby's to_s writes it, in one value.",
			rubyText),
		sentAsOne("sent-lists-as-php-array", "A list is sent as the word Array, as PHP writes it.",
			phpArray),
		sentListKey(
			"sent-lists-with-brackets",
			"The key of a list is sent with [] behind it, as in key[]=value.",
			func(key string, _ int) string { return key + "[]" },
		),
		sentListKey(
			"sent-lists-with-indexes",
			"The key of a list is sent with an index behind it, as in key[0]=value.",
			func(key string, i int) string { return key + "[" + strconv.Itoa(i) + "]" },
		),
		{
			ID:   "sent-nested-as-text",
			Rule: "wire-form",
			What: "A list or object inside a list is sent as one text in a body, as in a query.",
			Fix: "In a body, send one pair for each element of the inner list, and one for each key of " +
				"the object.",
			steps: Steps{SendFlattened: func(list signer.List) signer.List {
				return list
			}},

			idiomsOf: "nested-repr",
		},
		{
			ID:    "sent-empty-lists-as-empty",
			Rule:  "wire-query",
			What:  "An empty list is sent as an empty value.",
			Fix:   "Send nothing for an empty list.",
			steps: Steps{SendEmptyList: emptyValue},
		},
		{
			ID:   "sent-empty-lists-as-brackets",
			Rule: "wire-query",
			What: "An empty list is sent as the value [].",
			Fix:  "Send nothing for an empty list.",
			steps: Steps{SendEmptyList: func() signer.List {
				return signer.List{signer.String("[]")}
			}},
		},
	}
}

const fixSentNull = "Leave null out of a body. Send it as None in a query."

func sentNull(id, what, text string, keep bool) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "wire-form",
		What:  what,
		Fix:   fixSentNull,
		steps: Steps{SendNull: func(bool) (string, bool) { return text, keep }},

		idiomsOf: "text-null",
	}
}

func sentBoolean(id, what, yes, no string) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "wire-form",
		What:  what,
		Fix:   "Send True and False, as they are signed.",
		steps: Steps{SendBoolean: words(yes, no)},

		idiomsOf: "text-boolean",
	}
}

// sentAsOne sends every list as one value, an empty one included.
func sentAsOne(id, what string, write func(signer.Value) string) Mistake {
	one := func(list signer.List) signer.List { return signer.List{signer.String(write(list))} }
	return Mistake{
		ID:   id,
		Rule: "wire-query",
		What: what,
		Fix:  "Send one key=value for each element of a list.",
		steps: Steps{
			SendList:      func(list signer.List) (signer.List, error) { return one(list), nil },
			SendEmptyList: func() signer.List { return one(signer.List{}) },
			// These do not run. They are here so that the mistake excludes those in them.
			SendNested:    reference().SendNested,
			SendFlattened: reference().SendFlattened,
		},
	}
}

func sentListKey(id, what string, write func(key string, index int) string) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "wire-query",
		What:  what,
		Fix:   "Send every element of a list under the plain key.",
		steps: Steps{SendListKey: write},
	}
}

func oneOf(methods ...string) func(string) bool {
	return func(method string) bool { return slices.Contains(methods, method) }
}

func withoutEmail(data signer.Object) signer.Object {
	isEmail := func(m signer.Member) bool { return m.Key == "email" }
	return slices.DeleteFunc(slices.Clone(data), isEmail)
}

// joinTexts joins the elements of a list with commas.
func joinTexts(list signer.Value) string {
	var texts []string
	for _, v := range list.(signer.List) {
		texts = append(texts, textOf(v))
	}
	return strings.Join(texts, ",")
}

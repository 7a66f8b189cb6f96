package mistake

import (
	"crypto/md5"
	"crypto/sha256"
	"encoding/hex"
	"hash"
	"maps"
	"net/url"
	"slices"
	"strings"

	"sigkit/signer"
)

// layoutMistakes are about step 7: method, resource, and how they form the message.
func layoutMistakes() []Mistake {
	return slices.Concat(
		messageMistakes(),
		parameterMistakes(),
		methodMistakes(),
		resourceMistakes(),
		vendorMistakes(),
	)
}

// messageMistakes are about how the three parts of the message are joined. In the functions, m is
// the method, r the resource, and p the parameters.
func messageMistakes() []Mistake {
	return []Mistake{
		laidOut("layout-newlines", "Newlines separate method, resource and parameters.",
			func(m, r, p string) string { return m + "\n" + r + "\n" + p }),
		laidOut("layout-blanks", "Spaces separate method, resource and parameters.",
			func(m, r, p string) string { return m + " " + r + " " + p }),
		laidOut("layout-ampersands", "& separates method, resource and parameters.",
			func(m, r, p string) string { return m + "&" + r + "&" + p }),
		laidOut("layout-question-mark", "? separates resource and parameters, as in a URL.",
			func(m, r, p string) string { return m + r + "?" + p }),
		laidOut("layout-question-mark-in-get",
			"In a GET, ? separates resource and parameters, as in a URL.",
			func(m, r, p string) string {
				if strings.EqualFold(m, "GET") {
					p = "?" + p
				}
				return m + r + p
			}),
		laidOut("layout-colons", "Colons separate method, resource and parameters.",
			func(m, r, p string) string { return m + ":" + r + ":" + p }),
		laidOut("layout-pipes", "| separates method, resource and parameters.",
			func(m, r, p string) string { return m + "|" + r + "|" + p }),
		laidOut("layout-newline-after-method", "A newline separates method and resource.",
			func(m, r, p string) string { return m + "\n" + r + p }),
		laidOut("layout-oauth",
			"The message is that of OAuth 1.0: & separates the parts, and they are percent-encoded.",
			func(m, r, p string) string { return m + "&" + percent(r) + "&" + percent(p) }),
		laidOut("layout-blank-after-method", "A space separates method and resource.",
			func(m, r, p string) string { return m + " " + r + p }),
		laidOut("layout-newline-before-parameters", "A newline separates resource and parameters.",
			func(m, r, p string) string { return m + r + "\n" + p }),
		laidOut("layout-newline-at-end", "The message ends with a newline.",
			func(m, r, p string) string { return m + r + p + "\n" }),
		laidOut("layout-resource-first", "The resource comes before the method.",
			func(m, r, p string) string { return r + m + p }),
		laidOut("layout-parameters-first", "The parameters come before method and resource.",
			func(m, r, p string) string { return p + m + r }),
		laidOut("layout-method-last", "The method comes after resource and parameters.",
			func(m, r, p string) string { return r + p + m }),
		laidOut("layout-resource-last", "The resource comes after the parameters.",
			func(m, r, p string) string { return m + p + r }),
		laidOut("layout-without-method", "The method is not signed.",
			func(_, r, p string) string { return r + p }),
		laidOut("layout-without-resource", "The resource is not signed.",
			func(m, _, p string) string { return m + p }),
		laidOut("layout-without-parameters", "The parameters are not signed.",
			func(m, r, _ string) string { return m + r }),
		laidOut("layout-parameters-only", "Only the parameters are signed.",
			func(_, _, p string) string { return p }),
	}
}

func laidOut(id, what string, layout func(method, resource, parameters string) string) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "message-layout",
		What:  what,
		Fix:   "Sign method, resource and parameters in this order, with nothing between them.",
		steps: Steps{Layout: layout},
	}
}

// parameterMistakes sign something else than the joined pairs.
func parameterMistakes() []Mistake {
	return []Mistake{
		signedFor("parameters-of-post-only", "Parameters are signed for POST only.", "POST"),
		signedFor("parameters-not-of-get", "The parameters of a GET are not signed.",
			"POST", "PUT", "PATCH", "DELETE"),
		signedFor("parameters-not-of-delete", "The parameters of a DELETE are not signed.",
			"GET", "POST", "PUT", "PATCH"),
		signedInGet("parameters-of-get-email-only",
			"Of the parameters of a GET, only the email is signed.",
			func(s *Steps, data signer.Object) signer.Object {
				return slices.DeleteFunc(slices.Clone(data), func(m signer.Member) bool {
					return m.Key != "email"
				})
			}),
		escapedInGet("parameters-of-get-quote-plus",
			"The parameters of a GET are form-encoded: a blank becomes +.", quotePlus),
		escapedInGet("parameters-of-get-percent",
			"The parameters of a GET are percent-encoded: a blank becomes %20.", percent),
		escapedInGet("parameters-of-get-quote",
			"The parameters of a GET are encoded as Python's quote() does: all but slashes.", quotedPath),
		signedAs("body-as-json", "The parameters are signed as JSON.",
			func(_ *Question, data signer.Object) (string, error) {
				return javaScriptJSON(data), nil
			}),
		signedAs("body-as-json-spaced",
			"The parameters are signed as JSON, as Python's json.dumps() writes it.",
			func(_ *Question, data signer.Object) (string, error) { return pythonJSON(data), nil }),
		signedAs("body-as-json-sorted", "The parameters are signed as JSON with sorted keys.",
			func(_ *Question, data signer.Object) (string, error) {
				return javaScriptJSON(sortedDeep(data)), nil
			}),
		signedAs("body-as-json-php",
			"The parameters are signed as JSON, as PHP's json_encode() writes it.",
			func(_ *Question, data signer.Object) (string, error) { return phpJSON(data), nil }),
		signedAs("parameters-query-or-json",
			"A POST is signed with its data as JSON, any other request with its query after a ?.",
			queryOrJSON),
		parametersHashed("parameters-hashed-sha-256",
			"The SHA-256 of the parameters is signed, in hex.", sha256.New),
		parametersHashed("parameters-hashed-md5",
			"The MD5 of the parameters is signed, in hex.", md5.New),
		signedAs("body-as-sent",
			"The query or the form body is signed as it is sent. "+
				"It is percent-encoded, and its lists are in the caller's order.",
			func(q *Question, data signer.Object) (string, error) {
				return referenceForm(q, data)
			}),
	}
}

// signedFor signs the parameters for some methods only.
func signedFor(id, what string, methods ...string) Mistake {
	return parametersSigned(id, what,
		func(s *Signing, _ signer.Object, joined string) (string, error) {
			if slices.Contains(methods, strings.ToUpper(s.input.Method)) {
				return joined, nil
			}
			return "", nil
		})
}

// signedInGet signs the pairs of a GET with other steps or other data.
func signedInGet(
	id, what string, change func(s *Steps, data signer.Object) signer.Object,
) Mistake {
	return parametersSigned(id, what,
		func(s *Signing, data signer.Object, joined string) (string, error) {
			if !strings.EqualFold(s.input.Method, "GET") {
				return joined, nil
			}
			steps := *s.Steps
			return steps.joined(s.Question, change(&steps, data), nil)
		})
}

// escapedInGet escapes keys and values in a GET.
func escapedInGet(id, what string, escape func(string) string) Mistake {
	return signedInGet(id, what, func(s *Steps, data signer.Object) signer.Object {
		s.EscapeKey, s.EscapeValue = escape, escape
		return data
	})
}

// signedAs writes the data in another form.
func signedAs(
	id, what string, write func(q *Question, data signer.Object) (string, error),
) Mistake {
	return parametersSigned(id, what,
		func(s *Signing, data signer.Object, _ string) (string, error) {
			return write(s.Question, data)
		})
}

// withQuery adds the parameters in the query of the resource to the data.
func withQuery(s *Signing, data signer.Object, joined string) (string, error) {
	_, query, found := strings.Cut(s.Question.input.Resource, "?")
	if !found {
		return joined, nil
	}
	given, _ := url.ParseQuery(query) // without what cannot be decoded
	data = slices.Clone(data)
	for _, key := range slices.Sorted(maps.Keys(given)) {
		for _, text := range given[key] {
			data = append(data, signer.Member{Key: key, Value: signer.String(text)})
		}
	}
	return s.joined(s.Question, data, nil)
}

func queryOrJSON(q *Question, data signer.Object) (string, error) {
	if q.input.Method == "POST" {
		return javaScriptJSON(data), nil
	}
	query, err := referenceForm(q, data)
	return "?" + query, err
}

// parametersHashed signs a hash of the joined pairs.
func parametersHashed(id, what string, newHash func() hash.Hash) Mistake {
	return parametersSigned(id, what,
		func(_ *Signing, _ signer.Object, joined string) (string, error) {
			text, err := encodeUTF8(joined)
			h := newHash()
			h.Write(text)
			return hex.EncodeToString(h.Sum(nil)), err
		})
}

func parametersSigned(
	id, what string, parameters func(*Signing, signer.Object, string) (string, error),
) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "message-layout",
		What:  what,
		Fix:   "Sign the sorted pairs key=value for every method, however the data is sent.",
		steps: Steps{Parameters: parameters},
	}
}

func methodMistakes() []Mistake {
	const upper, sent = "Sign the method in upper case.", "Sign the method that is sent."
	return []Mistake{
		methodSigned("method-lower-case", "The method is signed in lower case.", upper,
			strings.ToLower),
		methodSigned("method-title-case", "The method is signed as Get, Post and so on.", upper,
			func(method string) string { return method[:1] + strings.ToLower(method[1:]) }),
		methodReplaced("method-patch-as-post", "PATCH", "POST"),
		methodReplaced("method-patch-as-put", "PATCH", "PUT"),
		methodReplaced("method-put-as-post", "PUT", "POST"),
		methodReplaced("method-delete-as-post", "DELETE", "POST"),
		methodReplaced("method-delete-as-get", "DELETE", "GET"),
		methodSigned("method-always-post", "Every request is signed as POST.", sent,
			func(string) string { return "POST" }),
		methodSigned("method-always-get", "Every request is signed as GET.", sent,
			func(string) string { return "GET" }),
	}
}

func methodReplaced(id, from, to string) Mistake {
	return methodSigned(id, from+" is signed as "+to+".", "Sign the method that is sent.",
		func(method string) string {
			if method == from {
				return to
			}
			return method
		})
}

func methodSigned(id, what, fix string, signed func(string) string) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "method-case",
		What:  what,
		Fix:   fix,
		steps: Steps{SignedMethod: signed},
	}
}

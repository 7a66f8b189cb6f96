package check

import (
	"slices"
	"strings"
)

// tokenRules are the rules that can make a token wrong while the message is right.
var tokenRules = []string{
	"header-name", "token-hmac", "token-base64", "key-bytes", "message-utf8", "key-file-json",
	"key-file-members", "key-file-strip", "organization-key",
}

// requestRules are the rules that can make a request wrong while its signature is right.
var requestRules = []string{
	"method-case", "resource-verbatim", "base-url", "wire-form", "wire-query",
}

// apparent returns the rule that a failure without a known mistake shows at once, whatever the rule
// of its vector: the step that a port under construction lacks. It returns the rule of the vector
// if the failure shows no other.
func (r *Result) apparent() string {
	want, got := r.Want.HMACMsg, r.Got.HMACMsg
	switch {
	case r.Outcome != Fail:
	case r.Fault == WrongToken && r.Got.Token != nil && *r.Got.Token == "":
		return "token-hmac"
	case r.Fault == WrongRequest && !slices.Contains(requestRules, r.Rule):
		if r.Want.Body != nil {
			return "wire-form"
		}
		return "wire-query"
	case r.Fault == WrongToken && got != nil && !slices.Contains(tokenRules, r.Rule):
		return "token-hmac"
	case r.Fault != WrongMessage || want == nil || *got == "":
	case strings.HasPrefix(*want, *got) && !strings.Contains(*got, "="):
		return "pairs-join" // there is nothing behind the resource
	case strings.Count(*got, "email=") < strings.Count(*want, "email="):
		return "email-joins"
	case r.Got.Token != nil && *r.Got.Token == "":
		return "token-hmac" // without tokens, no mistake in the message can be told
	}
	return r.Rule
}

package check

import (
	"fmt"
	"strings"

	"sigkit/internal/explain"
	"sigkit/internal/port"
	"sigkit/signer"
	"sigkit/vectors"
)

// messageDetail says where a message differs.
func messageDetail(v *vectors.Vector, want *vectors.Expect, got string, token *string) string {
	at := vectors.FirstDifference(want.HMACMsg, got)
	var detail string
	switch at {
	case len(got):
		detail = fmt.Sprintf("the message ends after byte %d of %d", at, len(want.HMACMsg))
	case len(want.HMACMsg):
		detail = fmt.Sprintf("the message goes on after byte %d, where it must end", at)
	default:
		detail = fmt.Sprintf("the message differs from byte %d on, %s",
			at+1, explain.Locate(&v.Input, at))
	}
	if token != nil && *token == want.Token {
		detail += "; but the token is right, so hmac_msg is not the message that was signed"
	}
	return detail
}

// headerDetail says which headers came instead.
func headerDetail(got *port.Answer) string {
	switch {
	case len(got.Headers) == 0 && len(got.Unknown) > 0:
		return fmt.Sprintf("the answer has no headers, so no %s; its unknown members are: %s",
			signer.Header, strings.Join(got.Unknown, ", "))
	case len(got.Headers) == 0:
		return "the answer has no headers, so no " + signer.Header
	}
	names := make([]string, len(got.Headers))
	for i, h := range got.Headers {
		names[i] = h.Name
	}
	return fmt.Sprintf("the answer has no %s among its headers (%s)",
		signer.Header, clipped(strings.Join(names, ", "), 0))
}

func tokenDetail(messageKnown bool) string {
	if messageKnown {
		return "the message is right, but the token is not: check the key, the hash and the base64"
	}
	return "the token differs; return hmac_msg too, to see whether the message is wrong"
}

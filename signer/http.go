package signer

import (
	"context"
	"net/http"
	"strings"
)

// NewRequest returns the signed HTTP request of r, as the reference client sends it: target, body, content type and [Header]. It sends nothing. An error is an [*Error] for
// what cannot be signed, or cannot be sent ([KindInvalidURL], [KindInvalidUnicode]).
func (s *Signer) NewRequest(ctx context.Context, r Request) (*http.Request, error) {
	d, err := s.DryRun(r)
	if err != nil {
		return nil, err
	}
	if d.Wire.Method == "" {
		return nil, &Error{KindInvalidUnicode, "data", "an unpaired surrogate can be signed as an escape but not sent", "send text that has a UTF-8 form"}
	}
	target, err := Target(d.Wire.URL)
	if err != nil {
		return nil, err
	}
	scheme, rest, _ := strings.Cut(d.Wire.URL, "://")
	if end := strings.IndexAny(rest, `/?#\`); end >= 0 {
		rest = rest[:end]
	}
	request, err := http.NewRequestWithContext(ctx, d.Wire.Method, scheme+"://"+rest+target, strings.NewReader(d.Wire.Body))
	if err != nil {
		return nil, &Error{KindInvalidURL, "URL", err.Error(), "check the base URL"}
	}
	request.Header.Set(Header, d.Token)
	if d.Wire.ContentType != "" {
		request.Header.Set("Content-Type", d.Wire.ContentType)
	}
	return request, nil
}

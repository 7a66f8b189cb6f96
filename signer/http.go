package signer

import (
	"context"
	"io"
	"net/http"
	"strings"
)

// NewRequest returns the signed HTTP request of r, as the reference client sends it: target, body,
// content type and [Header]. It sends nothing. An error is an [*Error] for what cannot be signed,
// or cannot be sent ([KindInvalidURL], [KindInvalidUnicode]).
func (s *Signer) NewRequest(ctx context.Context, r Request) (*http.Request, error) {
	d, err := s.DryRun(r)
	if err != nil {
		return nil, err
	}
	if d.Sent == nil {
		return nil, &Error{
			Kind:    KindInvalidUnicode,
			Where:   "data",
			Problem: "it contains an unpaired surrogate, which can be signed as an escape but not sent",
			Fix:     "send text that can be encoded as UTF-8",
		}
	}
	url, err := SplitURL(d.Sent.URL)
	if err != nil {
		return nil, err
	}
	var body io.Reader
	if d.Sent.Body != nil {
		body = strings.NewReader(*d.Sent.Body)
	}
	request, err := http.NewRequestWithContext(ctx, r.Method, url.Server()+url.Target(), body)
	if err != nil {
		return nil, &Error{
			Kind:    KindInvalidURL,
			Where:   "URL",
			Problem: err.Error(),
			Fix:     "check the base URL",
		}
	}
	request.Header.Set(Header, d.Token)
	if d.Sent.Body != nil {
		request.Header.Set("Content-Type", FormType)
	}
	return request, nil
}

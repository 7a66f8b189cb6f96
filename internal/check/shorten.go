package check

import (
	"fmt"
	"strings"

	"sigkit/internal/port"
	"sigkit/internal/wire"
	"sigkit/vectors"
)

// Texts up to these lengths, in bytes, are kept as they came.
const (
	longText   = 1 << 20
	longHeader = 8 << 10
)

// shortened returns an answer without what is too long to be right: the start of such a text says
// as much, and many answers are in memory at a time.
func shortened(v *vectors.Vector, a *port.Answer) *port.Answer {
	short := *a
	want := v.Expect
	var url, body int
	if want.Request != nil {
		url = len(want.Request.URL)
		if want.Request.Body != nil {
			body = len(*want.Request.Body)
		}
	}
	short.HMACMsg = start(a.HMACMsg, len(want.HMACMsg), 1, longText)
	short.URL = start(a.URL, url, escaped, longText)
	short.Body = start(a.Body, body, escaped, longText)
	short.Error = start(a.Error, 0, 1, longHeader)
	short.Unsupported = start(a.Unsupported, 0, 1, longHeader)
	short.Headers = shortHeaders(a.Headers, len(want.Token))
	return &short
}

// escaped is how many times longer a right URL or body can be than that of the reference: each byte
// may be a percent escape.
const escaped = 3

// start returns a text, or its start if it is longer than some limit and than what is expected,
// times a factor.
func start(text *string, expected, factor, limit int) *string {
	if text == nil || len(*text) <= max(limit, factor*expected+clipMargin) {
		return text
	}
	const mark = 64 // room for what tells the length, so that the start is not cut once more
	begin := strings.ToValidUTF8((*text)[:expected+clipMargin-mark], "")
	return new(fmt.Sprintf("%s\u2026 [%d bytes in all]", begin, len(*text)))
}

func shortHeaders(headers []wire.Header, token int) (short []wire.Header) {
	for _, h := range headers {
		h.Name = *start(&h.Name, 0, 1, longHeader)
		h.Value = *start(&h.Value, token, 1, longHeader)
		short = append(short, h)
	}
	return short
}

package signer

import (
	"fmt"
	"log/slog"
	"strings"
)

// Key is the secret HMAC key. It prints as [key] with every verb, in slog and in JSON. It is a
// closure, so that code that prints the fields of structs cannot read it.
type Key struct{ secret func() string }

const hiddenKey = "[key]"

// NewKey returns secret as a key: its UTF-8 bytes, neither stripped nor decoded (rule key-bytes).
func NewKey(secret string) Key { return Key{func() string { return secret }} }

func (k Key) reveal() string {
	if k.secret == nil {
		return ""
	}
	return k.secret()
}

// Len returns the length of the key in bytes.
func (k Key) Len() int { return len(k.reveal()) }

// Redact returns a text with [key] in the place of each copy of the key. A key of less than 4 bytes
// is not looked for: it is part of other words.
func (k Key) Redact(text string) string {
	if k.Len() < 4 {
		return text
	}
	return strings.ReplaceAll(text, k.reveal(), hiddenKey)
}

// Format writes [key], whatever the verb.
func (Key) Format(f fmt.State, _ rune) { fmt.Fprint(f, hiddenKey) }

// String returns [key].
func (Key) String() string { return hiddenKey }

// LogValue returns [key].
func (Key) LogValue() slog.Value { return slog.StringValue(hiddenKey) }

// MarshalText returns [key].
func (Key) MarshalText() ([]byte, error) { return []byte(hiddenKey), nil }

package signer_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/signer"
)

// The key is hidden from everything that prints it, also as a field of other things.
func TestKeyIsNeverShown(t *testing.T) {
	type holder struct {
		key    signer.Key
		Signer *signer.Signer
		inner  map[string]any
	}
	credentials := signer.Credentials{Email: "user@example.com", Key: signer.NewKey(secret)}
	s := newSigner(t)
	_, err := s.Sign(signer.Request{Method: "GET"}) // so that its pool is not empty
	require.NoError(t, err)
	var logged bytes.Buffer
	for _, v := range []any{
		credentials.Key, &credentials.Key, credentials, &credentials, s, &s,
		holder{credentials.Key, s, map[string]any{"c": credentials}},
	} {
		verbs := []string{"%v", "%+v", "%#v", "%s", "%q", "%x", "%X", "%d", "%T", "%p"}
		for _, verb := range verbs {
			assertHidden(t, verb, fmt.Sprintf(verb, v))
		}
		text, err := json.Marshal(v)
		assert.NoError(t, err)
		assertHidden(t, "json", string(text))
		for _, h := range []slog.Handler{
			slog.NewTextHandler(&logged, nil),
			slog.NewJSONHandler(&logged, nil),
		} {
			slog.New(h).Info("key", "value", v, "group", slog.GroupValue(slog.Any("k", v)))
		}
	}
	assertHidden(t, "slog", logged.String())
	assert.Contains(t, logged.String(), "[key]")
	assert.Equal(t, "[key]", fmt.Sprint(credentials.Key))
}

func assertHidden(t *testing.T, how, text string) {
	t.Helper()
	for _, form := range []string{
		secret,
		fmt.Sprintf("%x", secret),
		fmt.Sprintf("%X", secret),
		fmt.Sprint([]byte(secret))[1:20],
	} {
		assert.NotContains(t, text, form, "%s shows the key", how)
	}
}

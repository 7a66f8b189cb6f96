package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// A resource that cannot be encoded as UTF-8 gives an error and no signature, in every form.
func TestSignRefusesSurrogateInResource(t *testing.T) {
	keyFile := filepath.Join(t.TempDir(), "key.json")
	require.NoError(t, os.WriteFile(keyFile, []byte(`{"email":"e","key":"k"}`), 0o600))
	for _, as := range []string{"json", "curl", "httpie", "raw"} {
		args := []string{"sign", "--key-file", keyFile, "--method", "GET", "--as", as,
			"--resource", "/\xed\xa0\x80"}
		var stdout, stderr bytes.Buffer
		assert.Equal(t, 2, run(t.Context(), args, nil, &stdout, &stderr), as)
		assert.Empty(t, stdout.String(), as)
		assert.Contains(t, stderr.String(), "resource: an unpaired surrogate", as)
	}
}

package mistake

import (
	"testing"

	"github.com/stretchr/testify/assert"

	"sigkit/vectors"
)

// The port reads organization_key for both profiles. It still checks server_url for vigiles.
func TestOrganizationKeyAlways(t *testing.T) {
	steps := Set{Find("organization-key-always")}.Steps()
	for _, test := range []struct {
		profile, file string
		refused       bool
	}{
		{"linuxlink", `{"email": "e", "organization_key": "o"}`, false},
		{"vigiles", `{"email": "e", "organization_key": "o", "server_url": "https://h"}`, false},
		{"vigiles", `{"email": "e", "organization_key": "o", "server_url": null}`, true},
	} {
		q := NewQuestion(&vectors.Input{
			Profile:  test.profile,
			KeyFile:  &test.file,
			Method:   "GET",
			Resource: "/r",
			Data:     []byte(`{}`),
		})
		assert.Equal(t, test.refused, steps.Sign(q).Refused, "%s %s", test.profile, test.file)
	}
}

func TestEmailPlacesExcludeAdding(t *testing.T) {
	added := []string{"email-not-replaced", "email-beside-callers", "email-as-user"}
	for _, place := range []string{"email-missing", "email-first", "email-last"} {
		for _, other := range added {
			assert.True(t, Find(place).Excludes(Find(other)), "%s and %s", place, other)
		}
		assert.False(t, Find(place).Excludes(Find("email-lower-cased")), place)
	}
}

package sigkit

import (
	"iter"
	"os"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/internal/testport"
	"sigkit/internal/wire"
	"sigkit/vectors"
)

// generations are the two generations of the vendor's client.
var generations = []vectors.Profile{vectors.LinuxLink, vectors.Vigiles}

// Each of the vendor's clients conforms under its own profile. Under the other profile it fails
// exactly the vectors for which its own generation has another answer.
func TestVendorClientsConform(t *testing.T) {
	if os.Getenv("SIGKIT_VENDOR_CLIENTS") == "" {
		t.Skip("needs SIGKIT_VENDOR_CLIENTS: the folders of the vendor's two clients, as in PATH")
	}
	testport.NeedTool(t, "python3", "-c", "import requests")
	for _, client := range generations {
		for _, profile := range generations {
			t.Run(string(client)+" asked as "+string(profile), func(t *testing.T) {
				askVendorClient(t, client, profile)
			})
		}
	}
}

// askVendorClient asks the client of one generation the extended vectors of a profile.
func askVendorClient(t *testing.T, client, profile vectors.Profile) {
	run := runPort(t, check.Config{
		Asker: port.Stream{Config: port.Config{
			Command:      []string{"python3", "testdata/ports/vendor.py", string(client)},
			StartTimeout: 2 * time.Minute,
		}},
		Vectors:       under(profile),
		SkipDiagnosis: true,
	})
	due := map[string]bool{}
	for v := range under(profile) {
		due[v.ID] = answersDiffer(v, client)
	}
	for _, r := range run.Vectors {
		want := check.Pass
		if due[r.ID] {
			want = check.Fail
		}
		assert.Equal(t, want, r.Outcome, "%s: %s %s", r.ID, r.Fault, r.Detail)
	}
	assert.Len(t, run.Vectors, len(due))
	t.Logf("| %s | %s | %s | %d pass, %d fail |",
		client, profile, run.Verdict, run.Counts.Pass, run.Counts.Fail)
}

// under returns the extended vectors as they are asked under a profile.
func under(profile vectors.Profile) iter.Seq2[vectors.Vector, error] {
	return func(yield func(vectors.Vector, error) bool) {
		for v := range upTo(vectors.Extended) {
			if asked, ok := v.Under(profile); ok && !yield(asked, nil) {
				return
			}
		}
	}
}

// answersDiffer reports whether a client of some generation must fail a vector.
func answersDiffer(v vectors.Vector, client vectors.Profile) bool {
	in := v.Input
	in.Profile = string(client)
	e := in.Expected()
	if v.Expect.Error != "" || e.Error != "" {
		return (v.Expect.Error == "") != (e.Error == "")
	}
	return v.Expect.Token != e.Token || !wire.SameRequest(v.Expect.Request, e.Request)
}

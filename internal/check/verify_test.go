package check

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/vectors"
)

// Each thing that differs from a saved result is told from the others.
func TestVerification(t *testing.T) {
	digest := "d19a541a1e2b77091888e254af5e0515"
	base := func() *Run {
		return &Run{
			Version:  "v1",
			Platform: "linux/amd64",
			Verdict:  Conforms,
			Vectors:  []Result{{ID: "a/b", Digest: digest, Level: vectors.Core, Outcome: Pass}},
		}
	}
	for name, c := range map[string]struct {
		edit   func(claimed *Run)
		want   Differs
		reason string
		note   string
	}{
		"nothing": {edit: func(*Run) {}},
		"tool": {
			edit: func(r *Run) { r.Version = "v0" },
			want: Differs{Tool: true},
			note: "the tool differs: v0 then, v1 now",
		},
		"platform": {
			edit: func(r *Run) { r.Platform = "plan9/386" },
			note: "the platform differs: plan9/386 then, linux/amd64 now",
		},
		"command": {
			edit: func(r *Run) { r.Command = []string{"./p", "a b"} },
			note: "the command differs: ./p 'a b' then,  now",
		},
		"vectors of the same release": {
			edit:   func(r *Run) { r.Vectors[0].Digest = "" },
			want:   Differs{Vectors: true, Edited: true},
			reason: "1 ask or expect something else, 0 are not in the result, and 0 are only there",
		},
		"vectors of another release": {
			edit:   func(r *Run) { r.Vectors[0].Digest, r.Version = "", "v0" },
			want:   Differs{Vectors: true, Tool: true},
			reason: "they have changed since, or the result was edited",
			note:   "the tool differs",
		},
		"own vectors": {
			edit:   func(r *Run) { r.Vectors, r.Selection.Vectors = nil, "own.json" },
			want:   Differs{Vectors: true},
			reason: "0 ask or expect something else, 1 are not in the result",
		},
		"port": {
			edit:   func(r *Run) { r.Vectors[0].Outcome = Fail },
			want:   Differs{Port: true},
			reason: "0 vectors are worse, 1 differ in another way",
		},
		"level": {
			edit:   func(r *Run) { r.Vectors[0].Level = vectors.Quirk },
			want:   Differs{Edited: true},
			reason: `the result was edited: it gives a/b the level "quirk", its digest has "core"`,
		},
	} {
		t.Run(name, func(t *testing.T) {
			claimed := base()
			c.edit(claimed)
			v := NewVerification("r.json", claimed, base())
			assert.Equal(t, c.want, v.Differs)
			assert.Equal(t, c.reason == "", v.Holds)
			if c.reason != "" {
				require.Len(t, v.Reasons, 1)
				assert.Contains(t, v.Reasons[0], c.reason)
			}
			if c.note != "" {
				require.Len(t, v.Notes, 1)
				assert.Contains(t, v.Notes[0], c.note)
			}
		})
	}
}

// A fresh request that fails refutes only a result without any failure.
func TestVerificationFresh(t *testing.T) {
	fresh := &Run{
		Selection: Selected{Random: &Random{Seed: 7, Count: 2}},
		Counts:    Counts{Pass: 1, Fail: 1},
		Vectors:   []Result{{ID: "random-7-0", Outcome: Pass}, {ID: "random-7-1", Breaks: true}},
	}
	for name, c := range map[string]struct {
		claimed Run
		refutes bool
	}{
		"conforms":            {Run{Verdict: Conforms}, true},
		"with known failures": {Run{Verdict: Conforms, Known: 1, Baseline: "b.txt"}, false},
		"fails":               {Run{Verdict: Fails}, false},
	} {
		t.Run(name, func(t *testing.T) {
			v := NewVerification("r.json", &c.claimed, &c.claimed)
			require.True(t, v.Holds)
			v.AddFresh(fresh)
			assert.Equal(t, c.refutes, v.Fresh.Refutes)
			assert.Equal(t, !c.refutes, v.Holds)
			assert.Equal(t, c.refutes, v.Differs.Port)
			assert.Len(t, v.Fresh.OnlyBroken().Run.Vectors, 1)
			assert.Len(t, v.Fresh.Run.Vectors, 2)
		})
	}
}

// Every probe can be signed, and a result with one can be saved.
func TestSettings(t *testing.T) {
	names := map[string]bool{}
	for _, s := range Settings() {
		assert.NotEmpty(t, s.Variables)
		names[s.Name] = true
	}
	assert.Len(t, names, len(Settings()))
	assert.GreaterOrEqual(t, len(names), 12)
	ids := map[string]bool{}
	for _, v := range probes() {
		assert.NotEmpty(t, v.Expect.Token)
		ids[v.ID] = true
	}
	assert.Len(t, ids, len(probes()))
	t.Setenv("JAVA_TOOL_OPTIONS", "-Xmx1g")
	turkish := Settings()[0].environment()
	assert.Contains(t, turkish, "JAVA_TOOL_OPTIONS=-Xmx1g -Duser.language=tr -Duser.country=TR")
}

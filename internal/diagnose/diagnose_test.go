package diagnose

import (
	"context"
	"os"
	"runtime/debug"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/mistake"
	"sigkit/internal/port"
	"sigkit/internal/testport"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// The tests sign millions of times and keep little: they spend less time on collecting garbage.
func TestMain(m *testing.M) {
	debug.SetGCPercent(400)
	os.Exit(m.Run())
}

func TestCatalogueFits(t *testing.T) {
	assert.LessOrEqual(t, len(mistake.Catalogue()), capacity, "make bitset larger")
}

// A right port has no diagnosis.
func TestNothingWrong(t *testing.T) {
	p := newPort(true)
	assert.Nil(t, p.asking(vectors.Quirk).Diagnose(t.Context(), p.run(vectors.Quirk)))
}

// named returns the ids of the findings with their confidence, sorted.
func named(d *Diagnosis) (ids []string) {
	for _, f := range d.Findings {
		ids = append(ids, string(f.Side)+" "+string(f.Confidence)+" "+f.Mistakes[0].ID)
	}
	slices.Sort(ids)
	return ids
}

// What is signed and what is sent are diagnosed side by side.
func TestSides(t *testing.T) {
	p := newPort(false, mistakesNamed("token-hex", "layout-newlines", "boolean-lower-case",
		"sent-query-missing", "sent-lists-sorted")...)
	d := p.asking(vectors.Core).Diagnose(t.Context(), p.run(vectors.Core))
	assert.Equal(t, []string{
		"sent certain sent-lists-sorted",
		"sent certain sent-query-missing",
		"signed certain boolean-lower-case",
		"signed certain layout-newlines",
		"signed certain token-hex",
	}, named(d))
	assert.True(t, d.Complete)
	assert.Equal(t, d.Failures, d.Explained)
	assert.Equal(t, d.Explained, d.Signed+d.Sent)
}

// A first attempt in Ruby: body-as-sent explains its answers to GET, so the search meets that
// before escaped-values-only, and must exchange them.
func TestExchange(t *testing.T) {
	testport.TakesLong(t)
	p := newPort(false, mistakesNamed("escaped-values-only", "layout-question-mark",
		"boolean-lower-case", "list-unsorted", "dashboard-ignored", "nothing-stripped")...)
	d := p.asking(vectors.Core).Diagnose(t.Context(), p.run(vectors.Core))
	assert.True(t, d.Complete)
	assert.Equal(t, []string{
		"sent certain dashboard-ignored",
		"sent certain nothing-stripped",
		"signed certain boolean-lower-case",
		"signed certain dashboard-ignored",
		"signed certain escaped-values-only",
		"signed certain layout-question-mark",
		"signed certain list-unsorted",
		"signed certain nothing-stripped",
	}, named(d))
}

// Two mistakes that fit equally are alternatives. Where the port is there, it is asked which it is.
func TestAlternatives(t *testing.T) {
	p := newPort(false, mistakesNamed("email-last")...)
	var few []Observation
	for _, o := range p.run(vectors.Core) {
		if o.Vector.ID == "api-calls/manifests-list-of-group" || o.Vector.ID == "api-calls/heartbeat" {
			few = append(few, o)
		}
	}
	require.Len(t, few, 2)
	d := patient(vectors.Core).Diagnose(t.Context(), few)
	require.Len(t, d.Findings, 1)
	f := d.Findings[0]
	assert.Equal(t, Likely, f.Confidence)
	assert.Greater(t, len(f.Mistakes), 1)
	assert.Contains(t, f.Mistakes, mistake.Find("email-last"))
	require.NotNil(t, f.Distinguish)
	assert.NotEqual(t, f.Distinguish.Answers[0], f.Distinguish.Answers[1])

	d = p.asking(vectors.Core).Diagnose(t.Context(), few)
	require.Len(t, d.Findings, 1)
	assert.Equal(t, []string{"signed certain email-last"}, named(d))
	assert.Len(t, d.Findings[0].Mistakes, 1)
}

func TestConstant(t *testing.T) {
	var refuses, same []Observation
	for _, o := range newPort(false).run(vectors.Core) {
		refuse := &port.Answer{Error: new("no")}
		token := &port.Answer{Headers: []wire.Header{{Name: "x-auth-signature", Value: "test"}}}
		refuses = append(refuses, Observation{Vector: o.Vector, Answer: refuse, Failed: true})
		same = append(same, Observation{Vector: o.Vector, Answer: token, Failed: true})
	}
	assert.Equal(t, Refuses, patient(vectors.Core).Diagnose(t.Context(), refuses).Constant)
	assert.Equal(t, OneToken, patient(vectors.Core).Diagnose(t.Context(), same).Constant)
}

// One odd answer keeps nothing else from being named.
func TestOddAnswer(t *testing.T) {
	p := newPort(false, mistakesNamed("boolean-lower-case")...)
	observations := p.run(vectors.Core)
	for i := range observations {
		if observations[i].Vector.ID == "api-calls/heartbeat" {
			odd := []wire.Header{{Name: signer.Header, Value: "something else"}}
			observations[i].Answer = &port.Answer{Headers: odd}
			observations[i].Failed = true
		}
	}
	d := patient(vectors.Core).Diagnose(t.Context(), observations)
	assert.Equal(t, []string{"signed certain boolean-lower-case"}, named(d))
	assert.Equal(t, d.Failures-1, d.Explained)
	require.Len(t, d.Unexplained, 1)
	assert.Equal(t, []string{"api-calls/heartbeat"}, d.Unexplained[0].Vectors)
	assert.False(t, d.Complete)
}

// A port that answers with the signature of another request is told so, before any mistake.
func TestUnstable(t *testing.T) {
	p := newPort(true)
	observations := p.run(vectors.Core)
	for i := 1; i < len(observations); i += 2 {
		before, o := observations[i-1], &observations[i]
		o.Answer = before.Answer
		o.Failed = o.Vector.Expect.Token != before.Vector.Expect.Token
	}
	d := p.asking(vectors.Core).Diagnose(t.Context(), observations)
	require.NotEmpty(t, d.Unstable)
	assert.Empty(t, d.Findings)
	assert.True(t, slices.ContainsFunc(d.Unstable, func(u Unstable) bool {
		return strings.HasPrefix(u.Seen[0], "the signature of ") && u.Seen[1] == "the right token"
	}), "%v", d.Unstable)
}

// A diagnosis ends with its context.
func TestDiagnosisEnds(t *testing.T) {
	p := newPort(false, mistakesNamed("hash-sha-1", "boolean-lower-case", "list-unsorted")...)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	assert.NotPanics(t, func() { p.asking(vectors.Core).Diagnose(ctx, p.run(vectors.Core)) })
}

// What was seen in the wild is identified, the plain mistake before the exotic.
func TestIdentify(t *testing.T) {
	v := vectors.All()[0]
	for i := range vectors.All() {
		if vectors.All()[i].ID == "text/true" {
			v = vectors.All()[i]
		}
	}
	one := newPort(false, mistakesNamed("boolean-lower-case")...)
	a := one.steps.Sign(mistake.NewQuestion(&v.Input))
	sets, right := Sighting{Input: &v.Input, Message: &a.Message}.Identify(t.Context())
	assert.False(t, right)
	require.NotEmpty(t, sets)
	assert.Equal(t, "boolean-lower-case", sets[0].String())
	two := newPort(false, mistakesNamed("boolean-lower-case", "token-hex")...)
	b := two.steps.Sign(mistake.NewQuestion(&v.Input))
	sets, right = Sighting{Input: &v.Input, Token: &b.Token}.Identify(t.Context())
	assert.False(t, right)
	require.NotEmpty(t, sets)
	assert.Equal(t, "boolean-lower-case + token-hex", sets[0].String())
	_, right = Sighting{Input: &v.Input, Token: &v.Expect.Token}.Identify(t.Context())
	assert.True(t, right)
}

// The smallest request still fails, also if the port returns no message.
func TestSmallestFails(t *testing.T) {
	for _, message := range []bool{false, true} {
		if message && !testport.Thorough() {
			continue
		}
		p := newPort(message, mistake.Unlisted("booleans-quoted", unlisted["booleans-quoted"]))
		d := p.asking(vectors.Core).Diagnose(t.Context(), p.run(vectors.Core))
		require.NotEmpty(t, d.Unexplained)
		for _, u := range d.Unexplained {
			assert.Regexp(t, "true|false", string(u.Smallest))
		}
	}
}

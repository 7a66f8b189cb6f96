package check

import (
	"context"
	"encoding/json"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/diagnose"
	"sigkit/internal/mistake"
	"sigkit/internal/port"
	"sigkit/internal/wire"
	"sigkit/schema"
	"sigkit/vectors"
)

// wrongPort is an asker that answers as a port with some mistakes. It knows the inputs from the
// questions.
type wrongPort struct {
	set     mistake.Set
	message bool // it returns hmac_msg
	notUTF8 bool // the message cannot be read if it has characters beyond U+FFFF
	crashes string
}

func (w wrongPort) Ask(ctx context.Context, all questions, reply replyFunc) error {
	steps := w.set.Steps()
	for {
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case q, ok := <-all:
			if !ok {
				return nil
			}
			reply(q, w.reply(steps, q))
		}
	}
}

func (w wrongPort) reply(steps *mistake.Steps, q port.Question) port.Reply {
	if q.ID == w.crashes {
		return port.Reply{Fault: port.Crashed}
	}
	line, err := vectors.ParseLine("question", 1, q.Line(""))
	if err != nil {
		return port.Reply{Fault: port.Garbage, Detail: err.Error()}
	}
	return port.Reply{Answer: w.answer(steps, &line.Vector.Input)}
}

func (w wrongPort) answer(steps *mistake.Steps, in *vectors.Input) *port.Answer {
	q := mistake.NewQuestion(in)
	a := steps.Sign(q)
	if a.Refused {
		return &port.Answer{Error: new("no")}
	}
	got := &port.Answer{Headers: []wire.Header{{Name: a.Header, Value: a.Token}}}
	if w.message {
		got.HMACMsg = &a.Message
	}
	if w.notUTF8 && strings.ContainsFunc(a.Message, func(r rune) bool { return r > 0xffff }) {
		got.HMACMsg, got.NotUTF8 = nil, "the answer is not UTF-8"
	}
	if sent := steps.Send(q); sent != nil {
		got.URL, got.Body = &sent.URL, sent.Body
	}
	return got
}

func (wrongPort) Mode() (name, note string) { return "stream", "" }

func set(t *testing.T, ids ...string) (s mistake.Set) {
	for _, id := range ids {
		m := mistake.Find(id)
		require.NotNil(t, m, id)
		s = append(s, m)
	}
	return s
}

// core are the built-in vectors of level core.
func core(yield func(vectors.Vector, error) bool) {
	for v, err := range builtIn {
		if v.Level == vectors.Core && !yield(v, err) {
			return
		}
	}
}

// A wrong port is told its mistakes, if it can be asked again or not. What is written follows the
// schema.
func TestDiagnosisOfARun(t *testing.T) {
	want := []string{"boolean-lower-case", "list-unsorted"}
	for name, again := range map[string]bool{"asked again": true, "not there any more": false} {
		t.Run(name, func(t *testing.T) {
			w := wrongPort{set: set(t, want...), message: true}
			c := Config{Asker: w, Vectors: core, Level: vectors.Core, Shrink: true}
			if again {
				c.Again = w
			}
			run, err := c.Do(t.Context())
			require.NoError(t, err)
			d := run.Diagnosis
			require.NotNil(t, d)
			assert.Equal(t, run.Counts.Fail, d.Failures)
			assert.Equal(t, d.Failures, d.Explained)
			assert.True(t, d.Complete)
			assert.ElementsMatch(t, want, ids(d))
			assertValid(t, run)
		})
	}
}

// What of an answer is not UTF-8 does not hide the mistake behind it.
func TestDiagnosisOfWhatIsNotUTF8(t *testing.T) {
	w := wrongPort{set: set(t, "message-cesu-8"), message: true, notUTF8: true}
	run, err := Config{Asker: w, Vectors: core, Again: w}.Do(t.Context())
	require.NoError(t, err)
	assert.Zero(t, run.Counts.Fail)
	assert.Equal(t, port.Garbage, run.Failed()[0].Fault)
	assert.Equal(t, "the answer is not UTF-8", run.Failed()[0].Detail)
	require.NotNil(t, run.Diagnosis)
	assert.Equal(t, run.Counts.Error, run.Diagnosis.Failures)
	assert.Equal(t, []string{"message-cesu-8"}, ids(run.Diagnosis))
	assertValid(t, run)
}

// A run of level core is told what the next level will show.
func TestDiagnosisLooksBeyondTheLevel(t *testing.T) {
	var beyond []*vectors.Vector
	for _, v := range vectors.All() {
		if v.Level == vectors.Extended {
			beyond = append(beyond, &v)
		}
	}
	w := wrongPort{set: set(t, "list-unsorted", "key-file-nan-refused"), message: true}
	c := Config{Asker: w, Vectors: core, Level: vectors.Core, Again: w}
	run, err := c.Do(t.Context())
	require.NoError(t, err)
	assert.Equal(t, []string{"list-unsorted"}, ids(run.Diagnosis))
	c.Beyond = beyond
	run, err = c.Do(t.Context())
	require.NoError(t, err)
	d := run.Diagnosis
	require.Equal(t, []string{"list-unsorted", "key-file-nan-refused"}, ids(d))
	assert.Empty(t, d.Findings[1].Explains)
	assert.Contains(t, d.Findings[1].Beyond, "key-file/nan-in-other-member")
	assert.Equal(t, diagnose.Certain, d.Findings[1].Confidence)
	assert.Equal(t, run.Counts.Fail, d.Explained)
	assertValid(t, run)
}

func ids(d *diagnose.Diagnosis) (all []string) {
	for _, f := range d.Findings {
		all = append(all, f.Mistakes[0].ID)
	}
	return all
}

func assertValid(t *testing.T, run *Run) {
	text, err := json.Marshal(run)
	require.NoError(t, err)
	assert.NoError(t, schema.Validate(schema.Result, text))
}

func TestDiagnosisCountsWhatIsUnanswered(t *testing.T) {
	id := vectors.All()[0].ID
	w := wrongPort{set: set(t, "boolean-lower-case"), crashes: id}
	run, err := Config{Asker: w, Vectors: core}.Do(t.Context())
	require.NoError(t, err)
	require.NotNil(t, run.Diagnosis)
	assert.Equal(t, 1, run.Diagnosis.Unanswered)
	assert.Equal(t, run.Counts.Fail, run.Diagnosis.Failures)
	assertValid(t, run)
}

// There is no diagnosis if there is nothing to name: the port conforms, by itself or by its
// baseline, or only its baseline is out of date.
func TestNoDiagnosis(t *testing.T) {
	fails := wrongPort{set: set(t, "boolean-lower-case")}
	for _, c := range []struct {
		name     string
		asker    Asker
		baseline string // for signed, whose token is wrong
		verdict  Verdict
		skip     bool
	}{
		{"conforms", wrongPort{}, "", Conforms, false},
		{"conforms by its baseline", fails, "g/signed wrong-token", Conforms, false},
		{"stale entry", wrongPort{}, "g/signed wrong-token", Fails, false},
		{"stale entry beside a known failure", fails, "g/signed wrong-token\ng/other refused",
			Fails, false},
		{"not asked for", fails, "", Fails, true},
		{"no answers", steady{reply: port.Reply{Fault: port.Timeout}}, "", Untested, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			run, err := Config{
				Asker:         c.asker,
				Vectors:       signedAndOther,
				Gate:          Gate{Baseline: parsed(t, c.baseline)},
				SkipDiagnosis: c.skip,
				Again:         c.asker,
			}.Do(t.Context())
			require.NoError(t, err)
			assert.Equal(t, c.verdict, run.Verdict)
			assert.Nil(t, run.Diagnosis)
			assertValid(t, run)
		})
	}
	run, err := Config{Asker: fails, Vectors: signedAndOther}.Do(t.Context())
	require.NoError(t, err)
	assert.NotNil(t, run.Diagnosis, "the same port without a baseline")
}

// signedAndOther are signed, which has a boolean, and the same without.
func signedAndOther(yield func(vectors.Vector, error) bool) {
	in := signed().Input
	in.Data = []byte(`{}`)
	_ = yield(*signed(), nil) && yield(*vector("g/other", in), nil)
}

// An observation holds no text that no mistake makes.
func TestObservationIsBounded(t *testing.T) {
	huge := strings.Repeat("h", 1<<20)
	answer := &port.Answer{HMACMsg: &huge, URL: &huge}
	for range 2 * maxHeaders {
		answer.Headers = append(answer.Headers, wire.Header{Name: "X", Value: "y"})
	}
	answer.Headers[0].Value, answer.Headers[1].Name = huge, huge
	answer.Error = &huge
	o, ok := observation(signed(), port.Reply{Answer: answer}, true)
	require.True(t, ok)
	assert.Nil(t, o.Answer.HMACMsg)
	assert.Nil(t, o.Answer.URL)
	assert.Less(t, len(*o.Answer.Error), 10000)
	assert.NotContains(t, o.Answer.Headers, answer.Headers[1])
	assert.Len(t, o.Answer.Headers, maxHeaders)
	assert.Equal(t, "y", o.Answer.Headers[0].Value)
}

// With a stand-in server, the diagnosis looks at what arrived there.
func TestObservationOfCapture(t *testing.T) {
	reply := port.Reply{Answer: &port.Answer{}, Base: base}
	reply.Arrived = append(reply.Arrived, sentRequest())
	o, ok := observation(signed(), reply, false)
	require.True(t, ok)
	assert.Equal(t, base, *o.Vector.Input.BaseURL)
	assert.Equal(t, base+"/r", *o.Answer.URL)
	assert.Equal(t, base+"/r", o.Vector.Expect.Request.URL)
}

// A crash on what must be refused shows that it was not signed. Any other crash shows nothing.
func TestObservationOfACrash(t *testing.T) {
	crash := port.Reply{Fault: port.Crashed}
	o, ok := observation(refusal(), crash, false)
	require.True(t, ok)
	assert.True(t, o.Crashed)
	assert.NotNil(t, o.Answer.Error)
	_, ok = observation(signed(), crash, true)
	assert.False(t, ok)
	_, ok = observation(refusal(), port.Reply{Fault: port.Timeout}, false)
	assert.False(t, ok)
}

package check

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
	"sigkit/vectors"
)

type (
	questions = <-chan port.Question
	replyFunc = func(port.Question, port.Reply)
)

// replies is an asker that gives prepared replies, the last question first.
type replies map[string]port.Reply

func (r replies) Ask(_ context.Context, all questions, reply replyFunc) error {
	var asked []port.Question
	for q := range all {
		asked = append([]port.Question{q}, asked...)
	}
	for _, q := range asked {
		reply(q, r[q.ID])
	}
	return nil
}

func (replies) Mode() (name, note string) { return "stream", "" }

// failing is an asker that asks nothing.
type failing struct{ err error }

func (f failing) Ask(context.Context, questions, replyFunc) error { return f.err }

func (failing) Mode() (name, note string) { return "exec", "a hint" }

// steady is an asker that gives one reply to everything, until it is told to stop.
type steady struct {
	reply port.Reply
	cause error // why it gives up in the end
}

func (s steady) Ask(ctx context.Context, all questions, reply replyFunc) error {
	for q := range all {
		if ctx.Err() != nil {
			return context.Cause(ctx)
		}
		reply(q, s.reply)
	}
	if ctx.Err() != nil {
		return context.Cause(ctx)
	}
	return s.cause
}

func (steady) Mode() (name, note string) { return "stream", "" }

func one(yield func(vectors.Vector, error) bool) { yield(*signed(), nil) }

func two(yield func(vectors.Vector, error) bool) {
	_ = yield(*signed(), nil) && yield(*refusal(), nil)
}

// right is the right reply to signed, and refuses the right one to refusal.
func right() port.Reply { return port.Reply{Answer: &port.Answer{Headers: rightHeaders()}} }

func refuses() port.Reply { return port.Reply{Answer: &port.Answer{Error: new("no")}} }

func TestRun(t *testing.T) {
	ok, no := right(), refuses()
	lacks := port.Reply{Answer: &port.Answer{Unsupported: new("lists")}}
	crash := port.Reply{Fault: port.Crashed}
	garbage := port.Reply{Fault: port.Garbage}
	exit1 := port.Reply{Answer: &port.Answer{Error: new("exit code 1"), ByExitCode: true}}
	for _, c := range []struct {
		name          string
		first, second port.Reply
		verdict       Verdict
		counts        Counts
		failed        int
	}{
		{"good", ok, no, Conforms, Counts{Pass: 2}, 0},
		{"refuses everything", no, no, Fails, Counts{Pass: 1, Fail: 1}, 1},
		{"accepts everything", ok, ok, Fails, Counts{Pass: 1, Fail: 1}, 1},
		{"unsupported above core", ok, lacks, Conforms, Counts{Pass: 1, Unsupported: 1}, 0},
		{"unsupported at core", lacks, no, Fails, Counts{Pass: 1, Unsupported: 1}, 1},
		{"crashes once", ok, crash, Fails, Counts{Pass: 1, Error: 1}, 1},
		{"crashes always", crash, crash, Untested, Counts{Error: 2}, 2},
		{"prints garbage always", garbage, garbage, Untested, Counts{Error: 2}, 2},
		{"another fault each time", garbage, crash, Untested, Counts{Error: 2}, 2},
		{"exits with 1 always", exit1, exit1, Untested, Counts{Error: 2}, 2},
		{"exits with 1 and crashes", exit1, crash, Untested, Counts{Error: 2}, 2},
		{"refuses by exit code 1", ok, exit1, Conforms, Counts{Pass: 2}, 0},
		{"garbage once", no, garbage, Fails, Counts{Fail: 1, Error: 1}, 2},
	} {
		t.Run(c.name, func(t *testing.T) {
			asker := replies{"g/signed": c.first, "g/refusal": c.second}
			run, err := Config{Asker: asker, Vectors: two, SkipDiagnosis: true}.Do(t.Context())
			require.NoError(t, err)
			assert.Equal(t, c.verdict, run.Verdict)
			assert.Equal(t, c.counts, run.Counts)
			assert.Len(t, run.Failed(), c.failed)
			assert.Equal(t, "g/signed", run.Vectors[0].ID, "in the order of the vectors")
			sum := Counts{}
			for _, r := range run.Rules {
				sum.Pass += r.Counts.Pass
				sum.Fail += r.Counts.Fail
				sum.Error += r.Counts.Error
				sum.Unsupported += r.Counts.Unsupported
			}
			assert.Empty(t, cmp.Diff(run.Counts, sum))
		})
	}
}

// A run says under which profile the port was asked.
func TestRunHasProfile(t *testing.T) {
	for given, want := range map[vectors.Profile]vectors.Profile{
		"":                  vectors.AllProfiles,
		vectors.AllProfiles: vectors.AllProfiles,
		vectors.Vigiles:     vectors.Vigiles,
	} {
		run, err := Config{Asker: steady{reply: right()}, Vectors: one, Profile: given}.Do(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want, run.Profile)
	}
}

// A port that refuses everything does not pass where only refusals are selected: a vector that must
// be signed is asked too.
func TestOnlyRefusals(t *testing.T) {
	only := func(yield func(vectors.Vector, error) bool) { yield(*refusal(), nil) }
	control := vectors.All()[0]
	ok := port.Reply{Answer: &port.Answer{Headers: headers(control.Expect.Token)}}
	for verdict, second := range map[Verdict]port.Reply{Fails: refuses(), Conforms: ok} {
		asker := replies{"g/refusal": refuses(), control.ID: second}
		run, err := Config{Asker: asker, Vectors: only, SkipDiagnosis: true}.Do(t.Context())
		require.NoError(t, err)
		assert.Equal(t, verdict, run.Verdict)
		assert.Len(t, run.Vectors, 2)
		assert.Contains(t, run.Notes[0],
			"only refusals are selected, so "+control.ID+" was asked too")
	}
}

// After the first failure nothing counts any more, even if more answers come in.
func TestFailFast(t *testing.T) {
	run, err := Config{
		Asker:         unstoppable{refuses()},
		Vectors:       builtIn,
		FailFast:      true,
		SkipDiagnosis: true,
	}.Do(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Fails, run.Verdict)
	assert.Equal(t, 1, run.Counts.Fail)
	assert.Equal(t, run.Counts.Total(), len(run.Vectors))
	assert.Len(t, run.Failed(), 1)
	assert.Equal(t, []string{"stopped at the first failure, as --fail-fast asks"}, run.Notes)
}

// unstoppable answers everything that it was asked before it ends.
type unstoppable struct{ reply port.Reply }

func (u unstoppable) Ask(ctx context.Context, all questions, reply replyFunc) error {
	for q := range all {
		reply(q, u.reply)
	}
	return context.Cause(ctx)
}

func (unstoppable) Mode() (name, note string) { return "stream", "" }

func TestFailFastAllowsKnownFailures(t *testing.T) {
	known := &Baseline{Entries: []Entry{{Pattern: "g/*", Code: "refused"}}}
	run, err := Config{
		Asker:    steady{reply: refuses()},
		Vectors:  one,
		FailFast: true,
		Gate:     Gate{Baseline: known},
	}.Do(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Conforms, run.Verdict)
}

// The note says what a port did that answered nothing, also in a run that is too short to be given
// up.
func TestNoteOfAPortThatAnswersNothing(t *testing.T) {
	crash := port.Reply{
		Fault:  port.Crashed,
		Detail: "it ended with exit code 1 after 0 answers",
		Stderr: "port.py:3\nSyntaxError: bad\n",
	}
	run, err := Config{Asker: steady{reply: crash}, Vectors: two}.Do(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Untested, run.Verdict)
	assert.Equal(t, []string{"the port answered none of 2 questions; the first: " +
		"it ended with exit code 1 after 0 answers; standard error: SyntaxError: bad"}, run.Notes)
}

// Questions say whether the port must sign.
func TestQuestions(t *testing.T) {
	asker := &recording{signable: map[string]bool{}}
	_, err := Config{Asker: asker, Vectors: two, SkipDiagnosis: true}.Do(t.Context())
	require.NoError(t, err)
	assert.Equal(t, map[string]bool{"g/signed": true, "g/refusal": false}, asker.signable)
}

// recording refuses everything and keeps what it was asked.
type recording struct{ signable map[string]bool }

func (r *recording) Ask(_ context.Context, all questions, reply replyFunc) error {
	for q := range all {
		r.signable[q.ID] = q.Signable
		reply(q, refuses())
	}
	return nil
}

func (*recording) Mode() (name, note string) { return "stream", "" }

// A run that was given up never conforms. It is untested if nothing was learned, and fails if
// something was.
func TestGivenUp(t *testing.T) {
	for want, reply := range map[Verdict]port.Reply{
		Untested: {Fault: port.Timeout},
		Fails:    refuses(),
	} {
		asker := steady{reply, port.ErrSlow}
		run, err := Config{Asker: asker, Vectors: one, SkipDiagnosis: true}.Do(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want, run.Verdict)
		assert.Equal(t, port.ErrSlow.Error(), run.Notes[0])
	}
	run, err := Config{Asker: steady{right(), port.ErrSlow}, Vectors: one}.Do(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Untested, run.Verdict, "what was asked was right, but not all was asked")
}

func TestRunThatEndsEarly(t *testing.T) {
	run, err := Config{
		Asker:   failing{errors.New("cannot start")},
		Vectors: two,
		Now:     func() time.Time { return time.Time{} },
	}.Do(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Untested, run.Verdict)
	assert.Equal(t, []string{"cannot start", "a hint"}, run.Notes)

	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	run, err = Config{Asker: failing{context.Canceled}, Vectors: two}.Do(ctx)
	require.NoError(t, err)
	assert.Equal(t, Cancelled, run.Verdict)

	bad := func(yield func(vectors.Vector, error) bool) {
		yield(vectors.Vector{}, errors.New("bad file"))
	}
	_, err = Config{Asker: replies{}, Vectors: bad}.Do(t.Context())
	assert.EqualError(t, err, "bad file")
}

package check

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/port"
	"sigkit/internal/wire"
	"sigkit/vectors"
)

// signed is a vector that expects a token, refusal one that expects an error.
func signed() *vectors.Vector {
	in := vectors.Input{Email: new("user@example.com"), Key: new("test-key"), Method: "POST", Resource: "/r", Data: []byte(`{"b":"x y","a":true}`)}
	e := in.Expected()
	return &vectors.Vector{ID: "g/signed", Level: vectors.Core, Rule: "r", Tags: []string{"t"}, Input: in, Expect: &e}
}

func refusal() *vectors.Vector {
	return &vectors.Vector{ID: "g/refusal", Level: vectors.Extended, Rule: "s", Expect: &vectors.Expect{Error: "key-file"}}
}

func TestJudge(t *testing.T) {
	want := signed().Expect
	token := []wire.Header{{Name: "x-AUTH-signature", Value: want.Token}}
	wrong := []wire.Header{{Name: "X-Auth-Signature", Value: "x"}}
	for _, c := range []struct {
		name    string
		vector  *vectors.Vector
		answer  port.Answer
		outcome Outcome
		fault   port.Fault
		detail  string
	}{
		{"header alone", signed(), port.Answer{Headers: token}, Pass, "", ""},
		{"everything", signed(), port.Answer{Headers: token, HMACMsg: &want.HMACMsg, URL: &want.Request.URL, Body: want.Request.Body}, Pass, "", ""},
		{"body in another order of escapes", signed(), port.Answer{Headers: token, Body: new("b=x%20y&a=True&email=user@example.com&")}, Pass, "", ""},
		{"URL in another spelling", signed(), port.Answer{Headers: token, URL: new("HTTPS://linuxlink.timesys.com/%72")}, Pass, "", ""},
		{"wrong token", signed(), port.Answer{Headers: wrong}, Fail, WrongToken, "the token differs; return hmac_msg too, and you will see whether it is the message"},
		{"wrong token, right message", signed(), port.Answer{Headers: wrong, HMACMsg: &want.HMACMsg}, Fail, WrongToken,
			"the message is right and the token is not: look at the key, the hash and the base64"},
		{"wrong message", signed(), port.Answer{Headers: wrong, HMACMsg: new("POST/ra=true&b=x y&email=user@example.com")}, Fail, WrongMessage, `the message differs from byte 9 on, in the value of "a", pair 1 of 3`},
		{"short message", signed(), port.Answer{Headers: wrong, HMACMsg: new("POST/r")}, Fail, WrongMessage, "the message ends after byte 6, 35 bytes too early"},
		{"long message", signed(), port.Answer{Headers: wrong, HMACMsg: new(want.HMACMsg + "\n")}, Fail, WrongMessage, "the message has 1 bytes too many after byte 41"},
		{"wrong message, right token", signed(), port.Answer{Headers: token, HMACMsg: new("")}, Fail, WrongMessage,
			"the message ends after byte 0, 41 bytes too early; the token is right all the same, so hmac_msg is not what was signed"},
		{"no headers", signed(), port.Answer{}, Fail, WrongHeader, "the answer has no headers, so no X-Auth-Signature"},
		{"another header", signed(), port.Answer{Headers: []wire.Header{{Name: "Authorization", Value: want.Token}}}, Fail, WrongHeader,
			"the answer has no X-Auth-Signature among its headers (Authorization)"},
		{"two headers", signed(), port.Answer{Headers: append(token[:1:1], wrong...)}, Fail, WrongHeader, "it gave X-Auth-Signature 2 times"},
		{"wrong URL", signed(), port.Answer{Headers: token, URL: new("https://linuxlink.timesys.com/r/")}, Fail, WrongRequest, "the signature is right, and the URL would reach the server as something else"},
		{"wrong body", signed(), port.Answer{Headers: token, Body: new("a=True&b=x+y&email=user@example.com")}, Fail, WrongRequest,
			"the signature is right, and the body would reach the server as something else"},
		{"refused", signed(), port.Answer{Error: new("no")}, Fail, Refused, "it refused an input that must be signed: no"},
		{"accepted", refusal(), port.Answer{Headers: token}, Fail, Accepted, "it signed an input that must be refused (key-file)"},
		{"refusal", refusal(), port.Answer{Error: new("no")}, Pass, "", ""},
		{"unsupported", signed(), port.Answer{Unsupported: new("lists")}, Unsupported, "", "lists"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := Judge(c.vector, port.Reply{Answer: &c.answer})
			assert.Equal(t, c.outcome, got.Outcome)
			assert.Equal(t, c.fault, got.Fault)
			assert.Equal(t, c.detail, got.Detail)
		})
	}
	got := Judge(signed(), port.Reply{Fault: port.Timeout, Detail: "late", Stderr: "e"})
	assert.Equal(t, []any{Error, port.Fault("timeout"), "late", "e"}, []any{got.Outcome, got.Fault, got.Detail, got.Stderr})
}

// A body where there should be none is another request; an empty one is not.
func TestJudgeBodyOfGet(t *testing.T) {
	v := signed()
	v.Input.Method = "GET"
	e := v.Input.Expected()
	v.Expect = &e
	headers := []wire.Header{{Name: "X-Auth-Signature", Value: e.Token}}
	assert.Equal(t, Pass, Judge(v, port.Reply{Answer: &port.Answer{Headers: headers, Body: new("")}}).Outcome)
	assert.Equal(t, WrongRequest, Judge(v, port.Reply{Answer: &port.Answer{Headers: headers, Body: new("a=1")}}).Fault)
}

func chosenIDs(t *testing.T, s Selection) ([]string, error) {
	all := func(yield func(vectors.Vector, error) bool) {
		for _, v := range []vectors.Vector{
			{ID: "a/one", Level: vectors.Core, Rule: "r", Tags: []string{"t", "u"}}, {ID: "a/two", Level: vectors.Quirk, Rule: "r"}, {ID: "b/one", Level: vectors.Extended, Rule: "s"}, {ID: "c"},
		} {
			if !yield(v, nil) {
				return
			}
		}
	}
	chosen, err := Choose(all, s)
	if err != nil {
		return nil, err
	}
	var ids []string
	for v, err := range chosen {
		if err != nil {
			return ids, err
		}
		ids = append(ids, v.ID)
	}
	return ids, nil
}

func TestChoose(t *testing.T) {
	for _, c := range []struct {
		s    Selection
		want []string
		err  string
	}{
		{Selection{}, []string{"a/one", "a/two", "b/one", "c"}, ""},
		{Selection{Level: vectors.Extended}, []string{"a/one", "b/one", "c"}, ""},
		{Selection{Run: []string{"a"}}, []string{"a/one", "a/two"}, ""},
		{Selection{Run: []string{"*/one"}, Skip: []string{"b/*"}}, []string{"a/one"}, ""},
		{Selection{Run: []string{"a", "c"}, Rules: []string{"r"}, Tags: []string{"u"}}, []string{"a/one"}, ""},
		{Selection{Run: []string{"a/one", "nothing"}}, []string{"a/one"}, `--run "nothing" matches no vector: see sigcheck list`},
		{Selection{Skip: []string{"x"}, Tags: []string{"y"}}, nil, "--skip \"x\" matches no vector: see sigcheck list\n--tag \"y\" matches no vector: see sigcheck list"},
		{Selection{Run: []string{"a"}, Skip: []string{"a/*"}}, nil, "no vector is selected: the flags --level, --run, --skip, --rule, --tag and --shard must all hold; see sigcheck list"},
		{Selection{Run: []string{"["}}, nil, `pattern "[" is not a glob: close the bracket, or escape it with a backslash`},
	} {
		got, err := chosenIDs(t, c.s)
		if c.err == "" {
			assert.NoError(t, err)
			assert.Equal(t, c.want, got)
		} else {
			assert.EqualError(t, err, c.err)
		}
	}
}

// replies is an asker that gives prepared replies, the last question first.
type replies map[string]port.Reply

func (r replies) Ask(_ context.Context, questions <-chan port.Question, reply func(port.Question, port.Reply)) error {
	var asked []port.Question
	for q := range questions {
		asked = append([]port.Question{q}, asked...)
	}
	for _, q := range asked {
		reply(q, r[q.ID])
	}
	return nil
}

func (replies) Mode() (name, note string) { return "stream", "" }

type failing struct{ err error }

func (failing) Mode() (name, note string) { return "exec", "a hint" }

func (f failing) Ask(context.Context, <-chan port.Question, func(port.Question, port.Reply)) error {
	return f.err
}

func two(yield func(vectors.Vector, error) bool) { _ = yield(*signed(), nil) && yield(*refusal(), nil) }

func TestRun(t *testing.T) {
	ok := port.Reply{Answer: &port.Answer{Headers: []wire.Header{{Name: "X-Auth-Signature", Value: signed().Expect.Token}}}}
	no := port.Reply{Answer: &port.Answer{Error: new("no")}}
	lacks := port.Reply{Answer: &port.Answer{Unsupported: new("lists")}}
	crash := port.Reply{Fault: port.Crashed}
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
	} {
		t.Run(c.name, func(t *testing.T) {
			run, err := Config{Asker: replies{"g/signed": c.first, "g/refusal": c.second}, Vectors: two}.Do(t.Context())
			require.NoError(t, err)
			assert.Equal(t, c.verdict, run.Verdict)
			assert.Equal(t, c.counts, run.Counts)
			assert.Len(t, run.Failed(), c.failed)
			assert.Equal(t, []string{"g/signed", "g/refusal"}, []string{run.Vectors[0].ID, run.Vectors[1].ID}, "in the order of the vectors")
			sum := Counts{}
			for _, r := range run.Rules {
				sum = Counts{sum.Pass + r.Counts.Pass, sum.Fail + r.Counts.Fail, sum.Error + r.Counts.Error, sum.Unsupported + r.Counts.Unsupported}
			}
			assert.Empty(t, cmp.Diff(run.Counts, sum))
		})
	}
}

// A port that refuses everything does not pass where only refusals are selected: a vector that must be signed is asked too.
func TestOnlyRefusals(t *testing.T) {
	only := func(yield func(vectors.Vector, error) bool) { yield(*refusal(), nil) }
	no := port.Reply{Answer: &port.Answer{Error: new("no")}}
	control := vectors.All()[0]
	ok := port.Reply{Answer: &port.Answer{Headers: []wire.Header{{Name: "X-Auth-Signature", Value: control.Expect.Token}}}}
	for verdict, second := range map[Verdict]port.Reply{Fails: no, Conforms: ok} {
		run, err := Config{Asker: replies{"g/refusal": no, control.ID: second}, Vectors: only}.Do(t.Context())
		require.NoError(t, err)
		assert.Equal(t, verdict, run.Verdict)
		assert.Len(t, run.Vectors, 2)
		assert.Contains(t, run.Notes[0], "only refusals are selected, so "+control.ID+" was asked too")
	}
}

// steady is an asker that gives one reply to everything, one question after the other, until it is told to stop.
type steady struct {
	reply port.Reply
	cause error // why it gives up in the end
}

func (steady) Mode() (name, note string) { return "stream", "" }

func (s steady) Ask(ctx context.Context, questions <-chan port.Question, reply func(port.Question, port.Reply)) error {
	for q := range questions {
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

func TestFailFast(t *testing.T) {
	run, err := Config{Asker: steady{reply: port.Reply{Fault: port.Garbage}}, Vectors: two, FailFast: true}.Do(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Fails, run.Verdict)
	assert.Len(t, run.Vectors, 1)
	assert.Equal(t, []string{"stopped at the first failure, as --fail-fast asks"}, run.Notes)
	known := &Baseline{Entries: []Entry{{Pattern: "g/*", Code: "garbage"}}}
	run, err = Config{Asker: steady{reply: port.Reply{Fault: port.Garbage}}, Vectors: two, FailFast: true, Gate: Gate{Baseline: known}}.Do(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Conforms, run.Verdict, "known failures stop nothing")
	assert.Len(t, run.Vectors, 2)
}

// A run that was given up never conforms. It is untested where nothing was learned, and fails where something was.
func TestGivenUp(t *testing.T) {
	no := port.Reply{Answer: &port.Answer{Error: new("no")}}
	ok := port.Reply{Answer: &port.Answer{Headers: []wire.Header{{Name: "X-Auth-Signature", Value: signed().Expect.Token}}}}
	one := func(yield func(vectors.Vector, error) bool) { yield(*signed(), nil) }
	for want, reply := range map[Verdict]port.Reply{Untested: {Fault: port.Timeout}, Fails: no} {
		run, err := Config{Asker: steady{reply, port.ErrSlow}, Vectors: one}.Do(t.Context())
		require.NoError(t, err)
		assert.Equal(t, want, run.Verdict)
		assert.Equal(t, port.ErrSlow.Error(), run.Notes[0])
	}
	run, err := Config{Asker: steady{ok, port.ErrSlow}, Vectors: one}.Do(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Untested, run.Verdict, "what was asked was right, but not all was asked")
}

// What a port may print is kept only as far as it helps.
func TestHugeAnswersAreCut(t *testing.T) {
	huge := strings.Repeat("h", 1<<20)
	got := Judge(signed(), port.Reply{Answer: &port.Answer{HMACMsg: &huge, Headers: []wire.Header{{Name: "X-Auth-Signature", Value: huge}}}})
	assert.Less(t, len(*got.Got.HMACMsg)+len(*got.Got.Token), 10000)
	assert.True(t, strings.HasSuffix(*got.Got.Token, "hhh\u2026 [1048576 bytes in all]"))
}

func TestRunThatEndsEarly(t *testing.T) {
	run, err := Config{Asker: failing{errors.New("cannot start")}, Vectors: two, Now: func() time.Time { return time.Time{} }}.Do(t.Context())
	require.NoError(t, err)
	assert.Equal(t, Untested, run.Verdict)
	assert.Equal(t, []string{"cannot start", "a hint"}, run.Notes)
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	run, err = Config{Asker: failing{context.Canceled}, Vectors: two}.Do(ctx)
	require.NoError(t, err)
	assert.Equal(t, Cancelled, run.Verdict)
	_, err = Config{Asker: replies{}, Vectors: func(yield func(vectors.Vector, error) bool) { yield(vectors.Vector{}, errors.New("bad file")) }}.Do(t.Context())
	assert.EqualError(t, err, "bad file")
}

package report

import (
	"encoding/json"
	"fmt"
	"strings"

	"sigkit/internal/check"
	"sigkit/internal/diagnose"
	"sigkit/internal/mistake"
	"sigkit/internal/port"
	"sigkit/vectors"
)

// newRun is a run that came to some results.
func newRun(results ...check.Result) *check.Run {
	run := &check.Run{
		Format:   check.Format,
		Version:  "v1.2.3",
		Platform: "linux/amd64",
		Digest:   strings.Repeat("d", 64),
		Name:     "python3 port.py",
		Command:  []string{"python3", "port.py"},
		Mode:     "stream",
		Level:    vectors.Quirk,
		Profile:  vectors.AllProfiles,
		Verdict:  check.Conforms,
		Notes:    []string{},
		Seconds:  1.5,
		Rules:    []check.RuleCounts{},
		Vectors:  append([]check.Result{}, results...),
	}
	place := map[string]int{}
	for i, r := range run.Vectors {
		run.Vectors[i].Breaks = r.Outcome == check.Fail || r.Outcome == check.Error
		if run.Vectors[i].Breaks {
			run.Verdict = check.Fails
		}
		run.Counts.Add(r.Outcome)
		if _, seen := place[r.Rule]; !seen {
			place[r.Rule] = len(run.Rules)
			run.Rules = append(run.Rules, check.RuleCounts{Rule: r.Rule})
		}
		run.Rules[place[r.Rule]].Counts.Add(r.Outcome)
	}
	return run
}

func passed(id, rule string) check.Result {
	return check.Result{ID: id, Level: vectors.Core, Rule: rule, Outcome: check.Pass}
}

func failed(id, rule string, fault port.Fault, detail string) check.Result {
	return check.Result{
		ID:      id,
		Level:   vectors.Core,
		Rule:    rule,
		Outcome: check.Fail,
		Fault:   fault,
		Detail:  detail,
	}
}

// sides adds what was wanted and what came.
func sides(r check.Result, want, got check.Side) check.Result {
	r.Want, r.Got = want, got
	return r
}

// mixed is a run with an outcome of every kind.
func mixed() *check.Run {
	const message = "GET/api/v1/xemail=user@example.com&names=a\u0301&names=日本&z=True"
	long := strings.Repeat("a=0123456789&", 50)
	letters := sides(failed("a/message", "text-string", check.WrongMessage,
		`the message differs from byte 42 on, in the value of "names", pair 2 of 4`),
		check.Side{HMACMsg: new(message), Token: new("w")},
		check.Side{HMACMsg: new(strings.Replace(message, "a\u0301", "\u00e1", 1)), Token: new("g")})
	letters.Why = "Composed letters are not decomposed ones."
	crash := failed("a/crash", "text-float", port.Crashed, "it ended with exit code 1 after 3 answers")
	crash.Outcome, crash.Level = check.Error, vectors.Quirk
	crash.Stderr = "Traceback\r\nValueError: x\x00\n"
	again := crash
	again.ID = "a/crash-again"
	lacks := failed("a/lacks", "text-float", "", "floats")
	lacks.Outcome, lacks.Level = check.Unsupported, vectors.Quirk
	return newRun(
		passed("a/pass", "list-order"),
		letters,
		sides(failed("a/tail", "text-string", check.WrongMessage,
			"the message goes on after byte 650, where it must end"),
			check.Side{HMACMsg: &long}, check.Side{HMACMsg: new(long + "\n")}),
		failed("a/more", "text-string", check.WrongMessage, ""),
		sides(failed("a/token", "token-hmac", check.WrongToken,
			"the token differs; return hmac_msg too, to see whether the message is wrong"),
			check.Side{HMACMsg: new(message), Token: new("AAAA=")}, check.Side{Token: new("AAAB=")}),
		request(),
		sides(failed("a/refused", "key-file-json", check.Refused,
			"it refused an input that must be signed: \x1b[31mno"),
			check.Side{}, check.Side{Error: new("\x1b[31mno")}),
		sides(failed("a/accepted", "key-file-json", check.Accepted,
			"it signed an input that must be refused (key-file)"),
			check.Side{Error: new("key-file")}, check.Side{HMACMsg: &long}),
		crash,
		again,
		lacks,
	)
}

// request is a wrong request. Its version is encoded in another way, which does not count.
func request() check.Result {
	return sides(failed("a/request", "wire-form", check.WrongRequest,
		`the signature is right, but the parameter "send_file" of the query differs`),
		check.Side{URL: new("https://h/a?version=1.0~rc1&send_file=True")},
		check.Side{URL: new("https://h/a?version=1.0%7Erc1&send_file=true")})
}

// uniform is a run in which everything fails for one reason.
func uniform() *check.Run {
	var all []check.Result
	for _, id := range []string{"a/one", "a/two", "a/three"} {
		all = append(all, sides(failed(id, "header-name", check.WrongHeader,
			"the answer has no X-Auth-Signature among its headers (Authorization)"),
			check.Side{Token: new("t")}, check.Side{}))
	}
	return newRun(all...)
}

func clean() *check.Run { return newRun(passed("a/pass", "list-order")) }

// profile is a run of one generation, against a stand-in server.
func profile() *check.Run {
	run := clean()
	run.Profile, run.Mode, run.Capture = vectors.Vigiles, "exec", true
	return run
}

func untested() *check.Run {
	run := newRun()
	run.Verdict, run.Notes = check.Untested, []string{"starting the port: no such file"}
	return run
}

func interrupted() *check.Run {
	run := clean()
	run.Verdict = check.Cancelled
	run.Notes = []string{"interrupted: the vectors are those judged by then"}
	return run
}

func failFast() *check.Run {
	run := newRun(passed("a/pass", "list-order"), request())
	run.Notes = []string{"stopped at the first failure, as --fail-fast asks"}
	return run
}

// baseline is a run with a baseline that is out of date, with a failure as listed, one that is not
// as listed, and one that does not fail any more.
func baseline() *check.Run {
	run := newRun(passed("a/pass", "list-order"), request(), mixed().Vectors[4])
	run.Known, run.Baseline = 1, "known.txt"
	for i, known := range []check.Knowledge{check.Fixed, check.Known, check.Changed} {
		r := &run.Vectors[i]
		r.Known, r.Reason, r.Breaks = known, "bug 7", known != check.Known
		r.Line = 3 + i
		r.Listed = fmt.Sprintf("known.txt:%d: %s wrong-request", r.Line, r.ID)
	}
	return run
}

// stale is a run with nothing wrong but its baseline.
func stale() *check.Run {
	before := baseline().Vectors[:2]
	run := newRun(before...)
	copy(run.Vectors, before)
	run.Known, run.Baseline = 1, "known.txt"
	return run
}

// The mistakes of the diagnoses.
var (
	lowerCase = &mistake.Mistake{
		ID:   "boolean-lower-case",
		Rule: "text-boolean",
		What: "Booleans are written true and false.",
		Fix:  "Write True and False.",
		Idioms: map[string]string{
			"Python": "str(value), not json.dumps(value)",
			"Go":     `strings.Title(fmt.Sprint(v)) // "True\n"`,
		},
	}
	lowerCaseNested = &mistake.Mistake{
		ID:        "boolean-lower-case-everywhere",
		Rule:      "text-boolean",
		What:      "Booleans are written true and false, inside nested lists and objects too.",
		Fix:       "Write True and False.",
		VariantOf: "boolean-lower-case",
	}
	emailLast = &mistake.Mistake{
		ID:   "email-last",
		Rule: "email-joins",
		What: "The email is put behind the other pairs, in whatever order these have; " +
			"it does not take part in the sorting of the pairs by their keys.",
		Fix: "Add the email to the data before the pairs are sorted.",
	}
	sentTwice = &mistake.Mistake{
		ID:   "sent-twice",
		Rule: "wire-form",
		What: "A POST has its parameters in the query too.",
		Fix:  "Send them in the body alone.",
	}
)

func finding(explains []string, mistakes ...*mistake.Mistake) diagnose.Finding {
	return diagnose.Finding{
		Side:       diagnose.SideSigned,
		Confidence: diagnose.Certain,
		Mistakes:   mistakes,
		Explains:   explains,
		Against:    []string{},
	}
}

// likely is a finding with answers against it.
func likely(against []string, m *mistake.Mistake) diagnose.Finding {
	f := finding([]string{"a/message", "a/token"}, m)
	f.Confidence, f.Against = diagnose.Likely, against
	return f
}

// sent is a finding about what is sent.
func sent(explains ...string) diagnose.Finding {
	f := finding(explains, sentTwice)
	f.Side = diagnose.SideSent
	f.Smallest = json.RawMessage(`{"email":"a@b","key":"k","method":"POST","resource":"/"}`)
	return f
}

// alternatives is a finding of two mistakes with what distinguishes them.
func alternatives(d diagnose.Distinguish, mistakes ...*mistake.Mistake) diagnose.Finding {
	f := finding([]string{"a/message"}, mistakes...)
	f.Distinguish = &d
	return f
}

// unexplained are failures with the smallest request of one.
func unexplained() diagnose.Unexplained {
	return diagnose.Unexplained{
		Vectors:  []string{"a/message", "a/token"},
		Smallest: json.RawMessage(`{"email":"a@b","key":"k","data":{"a":"\"` + "\u200b" + `"}}`),
		Want:     &check.Side{HMACMsg: new("GET/a=\"&email=a@b")},
		Got:      &check.Side{HMACMsg: new("GET/a=\\\"&email=a@b")},
	}
}

// refusal is a group of failures that the port refuses.
func refusal() diagnose.Unexplained {
	return diagnose.Unexplained{
		Vectors:  []string{"a/refused"},
		Smallest: json.RawMessage(`{"email":"a@b","key":"k","data":{"a":1}}`),
		Want:     &check.Side{HMACMsg: new("GET/a=1&email=a@b")},
		Got:      &check.Side{Error: new("no\x1b")},
	}
}

// diagnosed is a run with four failures and a diagnosis of it.
func diagnosed(d diagnose.Diagnosis) *check.Run {
	all := mixed().Vectors
	return withDiagnosis(newRun(all[0], all[1], all[4], all[5], all[6]), d)
}

func withDiagnosis(run *check.Run, d diagnose.Diagnosis) *check.Run {
	d.Failures = run.Counts.Fail
	if d.Findings == nil {
		d.Findings = []diagnose.Finding{}
	}
	if d.Unexplained == nil {
		d.Unexplained = []diagnose.Unexplained{}
	}
	run.Diagnosis = &d
	return run
}

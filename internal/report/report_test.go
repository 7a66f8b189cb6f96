package report

import (
	"bytes"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/diagnose"
	"sigkit/schema"
)

var update = flag.Bool("update", false, "write the golden files")

var (
	two = []string{"a/message", "a/token"}
	six = []string{"b/one", "b/two", "b/three", "b/four", "b/five", "b/six"}
)

// runs are the runs that have a golden file each.
func runs() map[string]*check.Run {
	return map[string]*check.Run{
		"mixed":       mixed(),
		"uniform":     uniform(),
		"clean":       clean(),
		"profile":     profile(),
		"untested":    untested(),
		"interrupted": interrupted(),
		"fail-fast":   failFast(),
		"baseline":    baseline(),
		"stale":       stale(),
		"complete": diagnosed(diagnose.Diagnosis{
			Explained: 4,
			Signed:    3,
			Sent:      1,
			Complete:  true,
			Findings: []diagnose.Finding{
				finding(two, lowerCase),
				finding([]string{"a/refused"}, emailLast),
				sent("a/request"),
			},
		}),
		"contradicted": diagnosed(diagnose.Diagnosis{
			Explained: 4,
			Signed:    4,
			Findings:  []diagnose.Finding{likely([]string{"a/pass"}, lowerCase)},
		}),
		"partly": diagnosed(diagnose.Diagnosis{
			Explained:   2,
			Signed:      2,
			Findings:    []diagnose.Finding{finding(two, lowerCase), likely(six, emailLast)},
			Unexplained: []diagnose.Unexplained{unexplained(), refusal()},
			Unanswered:  3,
			Bounded:     "the time for shrinking: some failures are not shrunk",
		}),
		"alternatives": diagnosed(diagnose.Diagnosis{
			Explained: 4,
			Signed:    4,
			Complete:  true,
			Findings: []diagnose.Finding{
				alternatives(diagnose.Distinguish{
					Vector:  "g/x",
					Answers: []string{"it refuses", `it signs "GET/" and sends X-Auth-Signature: t`},
				}, lowerCase, emailLast, lowerCaseNested),
				alternatives(diagnose.Distinguish{
					Question: `{"id":"q","data":{"a":"\"` + "\u200b" + `"}}`,
					Answers:  []string{"it refuses", "it sends nothing"},
				}, emailLast, lowerCase),
			},
		}),
		"variants": diagnosed(diagnose.Diagnosis{
			Explained: 4,
			Signed:    4,
			Complete:  true,
			Findings: []diagnose.Finding{
				alternatives(diagnose.Distinguish{
					Vector:  "g/x",
					Answers: []string{"it refuses", "it sends nothing"},
				}, lowerCase, lowerCaseNested),
				finding(two, lowerCase, lowerCaseNested, lowerCaseNested),
			},
		}),
		"unexplained": diagnosed(diagnose.Diagnosis{
			Unexplained: []diagnose.Unexplained{
				{
					Vectors: two,
					Want:    &check.Side{HMACMsg: new("GET/"), Token: new("AAAA")},
					Got:     &check.Side{Token: new("AAAB")},
				},
				{
					Vectors: []string{"a/accepted"},
					Want:    &check.Side{Error: new("key-file")},
					Got:     &check.Side{},
				},
			},
		}),
		"not-fully": diagnosed(diagnose.Diagnosis{
			Findings:    []diagnose.Finding{finding(two, lowerCase)},
			Unexplained: []diagnose.Unexplained{unexplained()},
		}),
		"unstable": diagnosed(diagnose.Diagnosis{
			Unstable: []diagnose.Unstable{{
				Vector: "a/token",
				Seen:   []string{"the right token", "the right token of a/x\x1b: state is shared"},
			}},
		}),
		"refuses":   withDiagnosis(uniform(), diagnose.Diagnosis{Constant: diagnose.Refuses}),
		"one-token": withDiagnosis(uniform(), diagnose.Diagnosis{Constant: diagnose.OneToken}),
	}
}

// goldens are the runs of which other formats than text have a golden file, too.
var goldens = map[string][]string{
	"mixed":        {"json", "junit", "tap", "github", "markdown", "badge", "badge-json"},
	"partly":       {"github", "markdown"},
	"baseline":     {"junit", "tap", "github", "markdown"},
	"untested":     {"junit", "tap", "github", "markdown", "badge-json"},
	"alternatives": {"json"},
}

func TestGolden(t *testing.T) {
	for name, run := range runs() {
		for format, write := range formats {
			t.Run(name+"."+format, func(t *testing.T) {
				var got bytes.Buffer
				require.NoError(t, write(&got, run, Options{}))
				if format == "json" {
					require.NoError(t, schema.Validate(schema.Result, got.Bytes()))
				}
				if format == "text" || slices.Contains(goldens[name], format) {
					golden(t, name+"."+format, got.Bytes())
				}
				if format == "text" {
					assertBounded(t, got.String())
				}
			})
		}
	}
}

// golden compares with a file of testdata, or writes it with -update.
func golden(t *testing.T, name string, got []byte) {
	file := filepath.Join("testdata", name)
	if *update {
		require.NoError(t, os.MkdirAll("testdata", 0o755))
		require.NoError(t, os.WriteFile(file, got, 0o644))
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err, "run go test -update")
	assert.Equal(t, string(want), string(got))
}

func TestColor(t *testing.T) {
	for name, run := range runs() {
		var plain, colored bytes.Buffer
		require.NoError(t, Text(&plain, run, Options{}))
		require.NoError(t, Text(&colored, run, Options{Color: true}))
		assert.NotContains(t, plain.String(), "\x1b", "what the port prints is escaped: %s", name)
		assert.Equal(t, plain.String(), withoutColor(colored.String()), name)
	}
	var colored bytes.Buffer
	require.NoError(t, Text(&colored, mixed(), Options{Color: true}))
	assert.Contains(t, colored.String(), "\x1b[31mdoes not conform\x1b[")
}

// withoutColor removes the sequences that set colors.
func withoutColor(s string) string {
	var plain strings.Builder
	for {
		before, rest, ok := strings.Cut(s, "\x1b[")
		plain.WriteString(before)
		if !ok {
			return plain.String()
		}
		_, s, _ = strings.Cut(rest, "m")
	}
}

// Idioms are shown for the language of the port's command, or the one that was asked for.
func TestLanguage(t *testing.T) {
	for language, want := range map[string][]string{
		"":   {"Python: str(value)"},
		"Go": {`Go: strings.Title(fmt.Sprint(v)) // "True\n"`},
		"all": {
			"Python: str(value)",
			"Go: strings.Title",
		},
		"PHP": nil,
	} {
		var got bytes.Buffer
		require.NoError(t, Text(&got, runs()["complete"], Options{Language: language}))
		for _, line := range want {
			assert.Contains(t, got.String(), line)
		}
		if want == nil {
			assert.NotContains(t, got.String(), "Python:")
		}
	}
}

// The example of a finding is a failure in which no other finding takes part, if there is one.
func TestExampleOfAFinding(t *testing.T) {
	run := diagnosed(diagnose.Diagnosis{Findings: []diagnose.Finding{
		finding([]string{"a/message", "a/token"}, lowerCase),
		finding([]string{"a/message"}, emailLast),
	}})
	var shown []string
	for _, r := range chosen(run.Diagnosis, run.Failed()) {
		shown = append(shown, r.ID)
	}
	assert.Equal(t, []string{"a/token", "a/message"}, shown)
}

// The mark of a wrong request points into the decoded pairs, at a difference that counts.
func TestMarkOfAWrongRequest(t *testing.T) {
	url := request()
	body := sides(url, check.Side{Body: new("version=1.0~rc1&send_file=True")},
		check.Side{Body: new("version=1.0%7Erc1&send_file=true")})
	for _, r := range []check.Result{url, body} {
		var got bytes.Buffer
		require.NoError(t, Text(&got, newRun(r), Options{}))
		assert.Contains(t, got.String(), strings.Join([]string{
			"  want   send_file=True\u2502",
			"  got    send_file=true\u2502",
			"                   ^ byte 11",
			"",
		}, "\n"))
		assert.NotContains(t, got.String(), "rc1")
	}
}

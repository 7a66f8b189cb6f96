package report

import (
	"cmp"
	"encoding/xml"
	"fmt"
	"io"
	"path"
	"strings"
	"time"

	"sigkit/internal/check"
)

// JUnit writes the run as JUnit XML, which most CI servers read: a suite for each rule, with a case
// for each vector. The first suite is about the run as a whole, and the last about entries of the
// baseline that are out of date. There are failures or errors exactly if the run does not conform.
func JUnit(w io.Writer, run *check.Run, _ Options) error {
	all := junitSuites{Name: visible(run.Name)}
	all.add(runSuite(run))
	byRule := map[string][]junitCase{}
	for i := range run.Vectors {
		r := &run.Vectors[i]
		byRule[r.Rule] = append(byRule[r.Rule], vectorCase(run, r))
	}
	for _, rule := range run.Rules {
		all.add(junitSuite{Name: cmp.Or(visible(rule.Rule), "no rule"), Cases: byRule[rule.Rule]})
	}
	all.add(baselineSuite(run))
	text, err := xml.MarshalIndent(all, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, strings.ReplaceAll(string(text), "##[", "##&#91;"))
	return err
}

type junitSuites struct {
	XMLName xml.Name `xml:"testsuites"`
	Name    string   `xml:"name,attr"`
	junitCounts
	Suites []junitSuite `xml:"testsuite"`
}

type junitSuite struct {
	Name      string `xml:"name,attr"`
	Timestamp string `xml:"timestamp,attr,omitempty"`
	junitCounts
	Properties *junitProperties `xml:"properties"`
	Cases      []junitCase      `xml:"testcase"`
}

type junitCounts struct {
	Tests    int     `xml:"tests,attr"`
	Failures int     `xml:"failures,attr"`
	Errors   int     `xml:"errors,attr"`
	Skipped  int     `xml:"skipped,attr"`
	Seconds  seconds `xml:"time,attr,omitempty"`
}

type seconds float64

// MarshalText writes milliseconds, since a float with an exponent is not read everywhere.
func (s seconds) MarshalText() ([]byte, error) { return fmt.Appendf(nil, "%.3f", s), nil }

type junitProperties struct {
	List []junitProperty `xml:"property"`
}

type junitProperty struct {
	Name  string `xml:"name,attr"`
	Value string `xml:"value,attr"`
}

type junitCase struct {
	Class   string       `xml:"classname,attr"`
	Name    string       `xml:"name,attr"`
	Seconds seconds      `xml:"time,attr,omitempty"`
	Failure *junitDetail `xml:"failure"`
	Error   *junitDetail `xml:"error"`
	Skipped *junitDetail `xml:"skipped"`
	Output  string       `xml:"system-out,omitempty"`
}

type junitDetail struct {
	Type    string `xml:"type,attr"`
	Message string `xml:"message,attr"`
	Text    string `xml:",chardata"`
}

// add adds a suite that is not empty, and counts it.
func (s *junitSuites) add(suite junitSuite) {
	if len(suite.Cases) == 0 {
		return
	}
	for i := range suite.Cases {
		suite.junitCounts.add(&suite.Cases[i])
	}
	s.Suites = append(s.Suites, suite)
	s.Tests += suite.Tests
	s.Failures += suite.Failures
	s.Errors += suite.Errors
	s.Skipped += suite.Skipped
	s.Seconds += suite.Seconds
}

func (n *junitCounts) add(c *junitCase) {
	n.Tests++
	n.Seconds += c.Seconds
	switch {
	case c.Failure != nil:
		n.Failures++
	case c.Error != nil:
		n.Errors++
	case c.Skipped != nil:
		n.Skipped++
	}
}

// runSuite is about the run as a whole. Its case is an error if the run did not come to its end.
func runSuite(run *check.Run) junitSuite {
	c := junitCase{
		Class:  "sigcheck",
		Name:   "run",
		Output: strings.Join(append(visibleNotes(run), closingLine(run)), "\n"),
	}
	if text, ok := unfinished(run); ok {
		c.Error = &junitDetail{Type: string(run.Verdict), Message: text}
	}
	suite := junitSuite{Name: "run", Properties: &junitProperties{}, Cases: []junitCase{c}}
	if !run.Started.IsZero() {
		suite.Timestamp = run.Started.UTC().Format(time.DateOnly + "T15:04:05")
	}
	for _, p := range about(run) {
		suite.Properties.List = append(suite.Properties.List, junitProperty{p[0], visible(p[1])})
	}
	return suite
}

func vectorCase(run *check.Run, r *check.Result) junitCase {
	c := junitCase{
		Class:   visible(path.Dir(r.ID)),
		Name:    visible(r.ID),
		Seconds: seconds(r.Seconds),
	}
	state := stateOf(run, r)
	switch state {
	case statePass:
	case stateFail:
		c.Failure = &junitDetail{r.Code(), shorten(r.Detail), details(run, r)}
	case stateError:
		c.Error = &junitDetail{r.Code(), shorten(r.Detail), details(run, r)}
	default:
		c.Skipped = &junitDetail{Type: string(state), Message: excuse(r, state)}
	}
	return c
}

// baselineSuite has the entries of the baseline that are out of date, since their vectors pass.
func baselineSuite(run *check.Run) junitSuite {
	suite := junitSuite{Name: "baseline"}
	for _, e := range staleEntries(run, check.Fixed) {
		suite.Cases = append(suite.Cases, junitCase{
			Class:   visible(run.Baseline),
			Name:    e.listed,
			Failure: &junitDetail{Type: "stale", Message: e.stale()},
		})
	}
	return suite
}

// Package readers judges reports as the programs that read them do. It is for tests.
//
// What every report must be is checked here: valid, harmless, and in agreement with the exit code.
// [Outside] then gives the reports to real readers.
package readers

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Report is what all formats made of a run. Code is the exit code of the run.
type Report struct {
	Name  string
	Code  int
	Files map[string][]byte // by format
}

// Write writes the files of the report into a folder, each as NAME.FORMAT.
func (r *Report) Write(t testing.TB, dir string) {
	for format, text := range r.Files {
		name := filepath.Join(dir, fileName(r.Name)+"."+format)
		require.NoError(t, os.WriteFile(name, text, 0o600))
	}
}

func fileName(name string) string { return strings.ReplaceAll(name, "/", "-") }

// Judge asserts what holds for each format of any run.
func (r *Report) Judge(t testing.TB) {
	t.Helper()
	for format, text := range r.Files {
		AssertHarmless(t, r.Name+"."+format, text)
	}
	junit := junitCounts(t, r.Files["junit"])
	assert.Equal(t, r.Code != 0, junit.Failures+junit.Errors > 0, "%s.junit: %+v", r.Name, junit)
	assert.Equal(t, r.Code != 0, failingPoints(t, r.Files["tap"]) > 0, r.Name+".tap")
	assert.Equal(t, r.Code != 0, annotations(t, r.Files["github"]) > 0, r.Name+".github")
	assert.LessOrEqual(t, len(r.Files["markdown"]), 65_536, r.Name+".markdown")
	AssertMarkdown(t, r.Name, r.Files["markdown"])
	assertXML(t, r.Files["badge"])
	var badge struct {
		SchemaVersion         int
		Label, Message, Color string
	}
	require.NoError(t, json.Unmarshal(r.Files["badge-json"], &badge))
	assert.Equal(t, 1, badge.SchemaVersion)
	assert.Equal(t, r.Code == 0, badge.Color == "brightgreen", "%s: %+v", r.Name, badge)
}

// AssertHarmless asserts that a text is valid, and neither moves a cursor nor holds what GitHub's
// runner takes for a command wherever it is.
func AssertHarmless(t testing.TB, name string, text []byte) {
	assert.True(t, utf8.Valid(text), name)
	assert.False(t, bytes.Contains(text, []byte("##[")), "a command in %s", name)
	assert.Equal(t, -1, strings.IndexFunc(string(text), isControl), "a control in %s", name)
}

// isControl reports whether no report may hold a character.
func isControl(c rune) bool { return unicode.IsControl(c) && c != '\n' }

func assertXML(t testing.TB, text []byte) {
	for decoder := xml.NewDecoder(bytes.NewReader(text)); ; {
		if _, err := decoder.Token(); err == io.EOF {
			return
		} else if !assert.NoError(t, err) {
			return
		}
	}
}

// Counts are the numbers of a JUnit file.
type Counts struct {
	Tests    int `json:"tests" xml:"tests,attr"`
	Failures int `json:"failures" xml:"failures,attr"`
	Errors   int `json:"errors" xml:"errors,attr"`
	Skipped  int `json:"skipped" xml:"skipped,attr"`
}

// junitCounts counts the cases. What the file says of their number must agree.
func junitCounts(t testing.TB, text []byte) (counted Counts) {
	assertXML(t, text)
	var file struct {
		Counts
		Suites []struct {
			Cases []struct {
				Failure *struct{} `xml:"failure"`
				Error   *struct{} `xml:"error"`
				Skipped *struct{} `xml:"skipped"`
			} `xml:"testcase"`
		} `xml:"testsuite"`
	}
	require.NoError(t, xml.Unmarshal(text, &file))
	for _, suite := range file.Suites {
		for _, c := range suite.Cases {
			counted.Tests++
			switch {
			case c.Failure != nil:
				counted.Failures++
			case c.Error != nil:
				counted.Errors++
			case c.Skipped != nil:
				counted.Skipped++
			}
		}
	}
	assert.Equal(t, file.Counts, counted)
	return counted
}

var point = regexp.MustCompile(`(?m)^(not )?ok ([0-9]+) - (?:[^#\n\\]|\\.)*( # (?:TODO|SKIP) .*)?$`)

// failingPoints counts the points that fail, and checks that the plan is kept.
func failingPoints(t testing.TB, text []byte) (failing int) {
	points := point.FindAllSubmatch(text, -1)
	plan := fmt.Sprintf("TAP version 13\n1..%d\n", len(points))
	assert.True(t, strings.HasPrefix(string(text), plan), "%.200s", text)
	for i, p := range points {
		assert.Equal(t, fmt.Sprint(i+1), string(p[2]))
		if len(p[1]) > 0 && len(p[3]) == 0 {
			failing++
		}
	}
	return failing
}

var command = regexp.MustCompile(`^::error (file=[^:,]*,line=[0-9]+,)?title=[^:,]*::[^\r]*$`)

// annotations counts the workflow commands, all of which must be annotations.
func annotations(t testing.TB, text []byte) (count int) {
	for line := range strings.Lines(string(text)) {
		if line = strings.TrimSuffix(line, "\n"); strings.HasPrefix(strings.TrimSpace(line), "::") {
			assert.Regexp(t, command, line)
			count++
		}
	}
	assert.LessOrEqual(t, count, 10)
	return count
}

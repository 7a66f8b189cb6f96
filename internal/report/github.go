package report

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strings"

	"sigkit/internal/check"
)

// Bounds of annotations.
const (
	maxAnnotations = 10 // GitHub shows no more of one step
	titleWidth     = 90 // columns
)

// GitHub writes annotations for GitHub Actions: one for each cause of failures, and one for each
// entry of the baseline that is out of date, at its line. The last line says what the run came
// to. [Summary] is what belongs onto the page of the job.
func GitHub(w io.Writer, run *check.Run, o Options) error {
	all, more := annotations(run, o)
	if len(all)+more > maxAnnotations {
		more += len(all) - (maxAnnotations - 1)
		all = all[:maxAnnotations-1]
	}
	var out bytes.Buffer
	for _, a := range all {
		out.WriteString(a.command())
	}
	if more > 0 {
		out.WriteString(annotation{
			title: run.Name,
			text:  fmt.Sprintf("%d more: see the summary of this job", more),
		}.command())
	}
	for _, line := range append(visibleNotes(run), closingLine(run)) {
		fmt.Fprintln(&out, line)
	}
	_, err := w.Write(out.Bytes())
	return err
}

// annotation is an error that GitHub shows beside the job, or at a line of a file.
type annotation struct {
	file  string
	line  int
	title string
	text  string // in visible form
}

// annotations returns one for each cause, or one for a run that did not come to its end.
func annotations(run *check.Run, o Options) (all []annotation, more int) {
	if text, ok := unfinished(run); ok {
		all = append(all, annotation{title: run.Name, text: text})
	}
	if run.Verdict == check.Untested {
		return all, 0
	}
	some, more := causes(run, o)
	for _, c := range some {
		lines := []string{c.sure, c.what, prefixed("fix: ", c.fix), c.idiom}
		lines = slices.DeleteFunc(lines, func(line string) bool { return line == "" })
		all = append(all, annotation{
			title: c.title + " in " + run.Name,
			text:  strings.Join(lines, "\n"),
		})
	}
	for _, e := range staleEntries(run, check.Fixed) {
		all = append(all, annotation{run.Baseline, e.line, run.Name, e.stale()})
	}
	for _, e := range staleEntries(run, check.Changed) {
		text := fmt.Sprintf("the baseline is out of date: %s %s otherwise than listed",
			few(e.vectors), verb(len(e.vectors), "fails", "fail"))
		all = append(all, annotation{run.Baseline, e.line, run.Name, text})
	}
	return all, more
}

func prefixed(prefix, text string) string {
	if text == "" {
		return ""
	}
	return prefix + text
}

// command is the workflow command. Its properties and its text are escaped as the toolkit of GitHub
// Actions does it; a text that could hold another command does not.
func (a annotation) command() string {
	var properties []string
	add := func(name, value string) {
		value = commandProperty.Replace(safeText(value))
		properties = append(properties, name+"="+value)
	}
	if a.file != "" {
		add("file", visible(a.file))
		add("line", fmt.Sprint(a.line))
	}
	add("title", clip(a.title, titleWidth))
	return fmt.Sprintf("::error %s::%s\n",
		strings.Join(properties, ","), commandData.Replace(safeText(a.text)))
}

// safeText is a text in which no runner finds another command.
func safeText(text string) string { return strings.ReplaceAll(text, "##[", `##\u{5B}`) }

var (
	commandData     = strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A")
	commandProperty = strings.NewReplacer(
		"%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C")
)

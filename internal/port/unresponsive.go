package port

import (
	"errors"
	"fmt"
	"regexp"
	"strings"
	"unicode/utf8"
)

// When a port counts as unresponsive, and the rest of the questions is not asked.
const (
	maxUnanswered = 5  // questions before the first answer, whatever went wrong
	maxTimeouts   = 3  // timeouts before the first answer
	maxSlow       = 10 // timeouts in all
)

// The causes for which a run ends early.
var (
	ErrHangs = fmt.Errorf("%d questions in a row got no answer in time, so the rest was not asked",
		maxTimeouts)
	ErrSlow = fmt.Errorf("%d questions got no answer in time, so the rest was not asked: "+
		"fix these first, or raise --timeout", maxSlow)
	ErrUnflushed = errors.New("the port answers only when its standard input ends: " +
		"let it flush its output after each answer, or use --mode exec")
)

// UnansweredError is the cause when a port gave no answer to any of the first questions.
type UnansweredError struct {
	Questions int
	Last      Reply // to the last of them
}

// Error says what happened to the last question.
func (e UnansweredError) Error() string {
	return fmt.Sprintf("the port gave no answer to %d questions, so the rest was not asked; "+
		"the last: %s", e.Questions, e.Last.Summary())
}

// silence counts what went wrong before the first answer of a run.
type silence struct {
	answered   bool
	unanswered int
	timeouts   int // in all
}

// add counts a reply. A cause means that the port is unresponsive.
//
// A refusal by exit code counts only where the question can be signed. A right port may refuse the
// first five questions in that way, if all of them must be refused.
func (s *silence) add(q Question, r Reply) (cause error) {
	s.answered = s.answered || r.Answered()
	if r.Fault == Timeout {
		s.timeouts++
	}
	if !r.Answered() && (r.Answer == nil || q.Signable) {
		s.unanswered++
	}
	switch {
	case s.timeouts >= maxTimeouts && !s.answered:
		return ErrHangs
	case s.timeouts >= maxSlow:
		return ErrSlow
	case s.unanswered >= maxUnanswered && !s.answered:
		return UnansweredError{s.unanswered, r}
	}
	return nil
}

// exitCodeDetail says what a refusal by exit code looks like when the port answers nothing at all.
const exitCodeDetail = "it ended with exit code 1 and printed nothing"

// Summary says in one line what happened to a question without an answer, with the most useful line
// of standard error.
func (r Reply) Summary() string {
	text := r.Detail
	if r.Answer != nil && r.Answer.ByExitCode {
		text = exitCodeDetail
	}
	if line := usefulLine(r.Stderr); line != "" {
		text += "; standard error: " + line
	}
	return text
}

// errorLine matches what languages print before the message of an error: "SyntaxError: ",
// "error[E0425]: ", "panic: ", "java.lang.NullPointerException: ".
var errorLine = regexp.MustCompile(`(?i)(error|exception|panic|fatal)(\[\w+\])?:`)

// usefulLine returns the first line that names an error, or else the first line with text.
func usefulLine(stderr string) (useful string) {
	for line := range strings.Lines(stderr) {
		line = strings.TrimSpace(line)
		if errorLine.MatchString(line) {
			return shortLine(line)
		}
		if useful == "" {
			useful = line
		}
	}
	return shortLine(useful)
}

func shortLine(line string) string {
	const longest = 200
	if len(line) <= longest {
		return line
	}
	line = line[:longest]
	for !utf8.ValidString(line) {
		line = line[:len(line)-1]
	}
	return line + "\u2026"
}

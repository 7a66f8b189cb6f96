// Package port asks the port under test and returns what it answered, or what went wrong.
//
// A port is asked questions and never learns what is expected. If it crashes, hangs, floods or
// prints garbage, that fails only the question in flight: its process group is killed, what it
// prints is capped, a new process is started, and the run goes on.
//
//	questions --Ask--> replies
//
//	Exec     a process per question                              exec.go, output.go
//	Stream   a process for many questions                        stream.go, faults.go, lines.go
//	Auto     one of the two, whichever the port is made for      detect.go
//	Attach   a port that runs already and is asked over HTTP     attach.go
//	Answers  answers collected elsewhere                         answers.go
//
// A port that never answers could not be tested, so its run ends early: see unresponsive.go.
//
// With [Config.Capture] each worker has a stand-in for the real server, and a reply holds the
// requests that arrived there. The package does not judge; package check does.
package port

import (
	"time"

	"sigkit/internal/stub"
)

// Question is what the port is asked.
type Question struct {
	// ID is the id that the answer must have, if it has one.
	ID string
	// Line returns the question as a line of JSON, with its line feed. A base that is not empty takes
	// the place of the base_url.
	Line func(base string) []byte
	// Signable says that the port must sign this input, so a refusal is wrong. It is never sent.
	Signable bool
	// Shorten returns an answer without what is too long to be right; may be nil. It is called as soon
	// as the answer is there.
	Shorten func(*Answer) *Answer
}

// Fault says why a question got no usable answer.
type Fault string

// The faults.
const (
	Crashed  Fault = "crashed"   // ended by a signal or with an exit code that is no refusal
	Timeout  Fault = "timeout"   // no answer in time
	Garbage  Fault = "garbage"   // an answer that cannot be read, or not the one that was due
	Flooded  Fault = "flooded"   // more output than any answer needs
	NoAnswer Fault = "no-answer" // ended with exit code 0 and printed nothing
)

// Faults returns all faults.
func Faults() []Fault { return []Fault{Crashed, Timeout, Garbage, Flooded, NoAnswer} }

// Reply is the outcome of one question: an Answer, or a Fault with its Detail.
type Reply struct {
	Answer  *Answer
	Fault   Fault
	Detail  string // what happened, in one sentence
	Stderr  string // the tail of standard error, for people
	Elapsed time.Duration

	Base        string         // the address of the stand-in, where there was one
	Arrived     []stub.Request // what it received meanwhile
	Connections int            // and on how many connections
}

// Answered reports whether the port gave an answer: one that could be read, or a request that
// arrived. A refusal by exit code alone is none, since a syntax error looks the same.
func (r Reply) Answered() bool {
	return r.Answer != nil && (!r.Answer.ByExitCode || len(r.Arrived) > 0)
}

// MaxAnswer is the most that a port may print for one answer, in bytes.
const MaxAnswer = 16 << 20

package diagnose

import (
	"encoding/json"

	"sigkit/internal/mistake"
	"sigkit/internal/wire"
)

// Diagnosis says which mistakes a port makes. It is part of a result: see
// schema/result.schema.json.
type Diagnosis struct {
	Failures  int  `json:"failures"`  // vectors that fail with an answer
	Explained int  `json:"explained"` // those whose answers the findings reproduce
	Signed    int  `json:"signed"`    // explained failures whose signature is wrong
	Sent      int  `json:"sent"`      // explained failures whose signature is right
	Complete  bool `json:"complete"`  // every failure is explained, and no answer contradicts

	Findings    []Finding     `json:"findings"`
	Unexplained []Unexplained `json:"unexplained"`
	Unstable    []Unstable    `json:"unstable,omitempty"`

	Constant   Constant `json:"constant,omitempty"`
	Unanswered int      `json:"unanswered,omitempty"` // vectors without an answer
	Bounded    string   `json:"bounded,omitempty"`    // the limit that was reached, if one was
}

// Constant says that a port gives the same answer to everything, which is diagnosed no further.
type Constant string

// The constant answers.
const (
	Refuses  Constant = "refuses"   // it refuses every input
	OneToken Constant = "one-token" // it has one token for every input
)

// Side says whether a finding is about the signature or about the request that is sent.
type Side string

// The sides.
const (
	SideSigned Side = "signed"
	SideSent   Side = "sent"
)

// Confidence says how sure a finding is.
type Confidence string

// The degrees of confidence. A finding is certain if no answer contradicts it, failures that are
// explained would not be without it, and more than one answer shows it. It is likely if it explains
// most of what it affects.
const (
	Certain Confidence = "certain"
	Likely  Confidence = "likely"
)

// Finding is a mistake that the port makes: one of Mistakes, which nothing that was asked
// distinguishes, the plainest first.
type Finding struct {
	Side       Side               `json:"side"`
	Confidence Confidence         `json:"confidence"`
	Mistakes   []*mistake.Mistake `json:"mistakes"`
	Explains   []string           `json:"explains"` // ids of the failures in which it takes part
	Against    []string           `json:"against"`  // ids of the answers that speak against it

	// Beyond are the ids of vectors above the level of the run that fail by it. They are no failures
	// of the run. A finding with an empty Explains shows in them alone.
	Beyond []string `json:"beyond,omitempty"`

	// Smallest is the smallest question that shows the mistake, if examples were asked for.
	Smallest json.RawMessage `json:"smallest,omitempty"`

	// Distinguish is a request to which the first two of Mistakes answer differently, if one is known
	// and could not be asked.
	Distinguish *Distinguish `json:"distinguish,omitempty"`

	place int // of the first mistake in the catalogue
}

// OfRun reports whether the run shows the mistake, not only vectors beyond it.
func (f *Finding) OfRun() bool { return len(f.Explains) > 0 || len(f.Beyond) == 0 }

// Distinguish is a request that tells two mistakes from each other.
type Distinguish struct {
	Vector   string   `json:"vector,omitempty"`   // the id of a built-in vector
	Question string   `json:"question,omitempty"` // or the line to ask the port
	Answers  []string `json:"answers"`            // of ports with the first and the second mistake
}

// Unexplained is a group of failures that no known mistake explains.
type Unexplained struct {
	Vectors []string `json:"vectors"`
	// Smallest is the smallest question that still fails in the same way, as the port was asked. It is
	// missing if the port could not be asked again.
	Smallest json.RawMessage `json:"smallest,omitempty"`
	Want     *wire.Texts     `json:"want,omitempty"`
	Got      *wire.Texts     `json:"got,omitempty"`
}

// Unstable is a vector to which the port gave different answers.
type Unstable struct {
	Vector string   `json:"vector"`
	Seen   []string `json:"seen"` // what was seen, in words
}

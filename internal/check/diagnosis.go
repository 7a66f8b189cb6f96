package check

import (
	"context"
	"strings"

	"sigkit/internal/mistake"
	"sigkit/internal/port"
	"sigkit/vectors"
)

// Diagnosis names the mistakes that a port makes. Whatever it names reproduces every answer that was looked at, passing ones included; see package mistake.
type Diagnosis struct {
	Answers    int       `json:"answers"`  // that were looked at
	Failures   int       `json:"failures"` // those of them that are wrong
	Complete   bool      `json:"complete"` // an explanation reproduces every answer
	Explains   [][]Named `json:"explanations"`
	Variants   []Named   `json:"variants,omitempty"` // that could stand for plainer ones in the explanations: they differ in inputs that were not asked
	More       int       `json:"more,omitempty"`     // further explanations of that size
	Grown      bool      `json:"grown,omitempty"`    // found mistake by mistake: a smaller explanation may do as well
	Apart      *Apart    `json:"apart,omitempty"`    // tells the first two explanations apart
	Part       *Part     `json:"part,omitempty"`
	Near       *Near     `json:"near,omitempty"`
	Constant   string    `json:"constant,omitempty"`   // "refuses" or "one-token": the same answer to every vector
	Unanswered int       `json:"unanswered,omitempty"` // vectors that got no answer, about which nothing is said
	Unseen     int       `json:"unseen,omitempty"`     // answers beyond those that were looked at
}

// Named is a mistake of the catalogue.
type Named struct {
	ID     string            `json:"id"`
	Rule   string            `json:"rule"`
	What   string            `json:"what"`
	Fix    string            `json:"fix"`
	Idioms map[string]string `json:"idioms,omitempty"` // by language
}

// Apart is a vector that tells two explanations apart.
type Apart struct {
	ID       string   `json:"id,omitempty"`       // of a built-in vector
	Question string   `json:"question,omitempty"` // else the line to ask the port
	Says     []string `json:"says"`               // what a port answers by the first explanation, and by the second
}

// Part is an explanation of some of the failures only: it agrees with everything that passes, and something else is wrong, too.
type Part struct {
	Mistakes  []Named  `json:"mistakes"`
	Explained int      `json:"explained"`
	Remaining []string `json:"remaining"`
}

// Near is a set of mistakes that comes near, and is not it.
type Near struct {
	Mistakes  []Named  `json:"mistakes"`
	Explained int      `json:"explained"`
	Against   []string `json:"against"` // the vectors that rule it out
}

// maxSeen is how many answers a diagnosis looks at. More would not make it better, only slower.
const maxSeen = 1000

// see keeps an answer for the diagnosis.
func (j *job) see(v *vectors.Vector, r port.Reply) {
	if r.Answer == nil || r.Answer.Unsupported != nil {
		j.unanswered++
		return
	}
	if len(j.seen) == maxSeen {
		j.unseen++
		return
	}
	answer := r.Answer
	if r.Base != "" {
		_, answer = atStandIn(v, r)
		there := *v
		there.Input.BaseURL = &r.Base
		v = &there
	}
	got := kept(Side{HMACMsg: answer.HMACMsg, URL: answer.URL, Body: answer.Body}, wanted(v.Expect)) // what is cut agrees with no mistake
	s := mistake.Seen{Vector: v, Refused: answer.Error != nil, Message: got.HMACMsg, URL: got.URL, Body: got.Body}
	for _, h := range answer.Headers {
		if len(h.Value) < maxHeader && len(s.Headers) < maxSeenHeaders {
			s.Headers = append(s.Headers, mistake.Header{Name: h.Name, Value: h.Value})
		}
	}
	j.seen = append(j.seen, s)
}

// maxHeader is the length of the longest header that is kept: no mistake makes a longer one.
const maxHeader = 4096

// maxSeenHeaders is how many headers are looked at.
const maxSeenHeaders = 50

// diagnose names the mistakes, if anything failed.
func (j *job) diagnose(ctx context.Context, run *Run) *Diagnosis {
	if run.Counts.Fail == 0 || run.Verdict == Untested || run.Verdict == Cancelled {
		return nil
	}
	found := mistake.Diagnose(ctx, j.seen)
	if found == nil {
		return nil
	}
	d := &Diagnosis{
		Answers: len(j.seen), Failures: found.Failures, Complete: found.Complete(), Explains: [][]Named{}, More: found.More, Grown: found.Grown, Unanswered: j.unanswered, Unseen: j.unseen,
	}
	for _, fit := range found.Fits {
		d.Explains = append(d.Explains, named(fit))
	}
	if found.Variants != nil {
		d.Variants = named(found.Variants)
	}
	if v := found.Apart; v != nil {
		d.Apart = &Apart{ID: v.ID, Says: found.ApartSays}
		if strings.HasPrefix(v.ID, "random-") {
			d.Apart.ID, d.Apart.Question = "", strings.TrimSpace(string(v.AppendQuestion(nil)))
		}
	}
	if found.Part != nil {
		d.Part = &Part{named(found.Part), found.Explained, found.Remaining}
	}
	if found.Near != nil {
		d.Near = &Near{named(found.Near), found.NearHas, found.Against}
	}
	switch {
	case found.Refuses:
		d.Constant = "refuses"
	case found.Constant:
		d.Constant = "one-token"
	}
	return d
}

func named(set mistake.Set) []Named {
	all := make([]Named, len(set))
	for i, m := range set {
		all[i] = Named{m.ID, m.Rule, m.What, m.Fix, m.Idioms()}
	}
	return all
}

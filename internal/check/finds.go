package check

import (
	"bytes"
	"encoding/json"
	"fmt"

	"sigkit/vectors"
)

// Finds returns one vector for each cause of the failures: the smallest request that shows a
// mistake, or that stays unexplained. Why is the mistake's sentence, or the difference.
func (r *Run) Finds() (finds []vectors.Vector) {
	if r.Diagnosis == nil {
		return nil
	}
	for _, f := range r.Diagnosis.Findings {
		m := f.Mistakes[0]
		if v, ok := vectorOf(f.Smallest, "fuzz/"+m.ID, r.Level); ok {
			v.Rule, v.Why = m.Rule, m.What
			finds = append(finds, v)
		}
	}
	for i, u := range r.Diagnosis.Unexplained {
		if v, ok := vectorOf(u.Smallest, fmt.Sprintf("fuzz/unexplained-%d", i+1), r.Level); ok {
			v.Why = difference(u.Want, u.Got)
			finds = append(finds, v)
		}
	}
	return finds
}

// vectorOf makes a vector of a question.
func vectorOf(
	question json.RawMessage, id string, level vectors.Level,
) (v vectors.Vector, ok bool) {
	if question == nil {
		return v, false
	}
	line, err := vectors.ParseLine("question", 1, bytes.TrimSpace(question))
	if err != nil || line.Fault != nil {
		return v, false
	}
	v = line.Vector
	v.ID, v.Level = id, level
	v.Expect = new(v.Input.Expected())
	return v, true
}

// difference says in one sentence what was wanted and what came.
func difference(want, got *Side) string {
	switch {
	case want == nil || got == nil:
		return "The answer is wrong."
	case got.Error != nil && want.Error == nil:
		return fmt.Sprintf("It is refused: %q.", clipped(*got.Error, 0))
	case want.Error != nil:
		return "It is signed, but must be refused."
	case want.HMACMsg != nil && got.HMACMsg != nil && *want.HMACMsg != *got.HMACMsg:
		return fmt.Sprintf("The message must be %q, but is %q.", *want.HMACMsg, *got.HMACMsg)
	case want.HMACMsg != nil:
		return fmt.Sprintf("The message %q gets a wrong token or a wrong request.", *want.HMACMsg)
	}
	return "The answer is wrong."
}

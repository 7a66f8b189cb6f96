package check

import (
	"context"
	"errors"
	"fmt"

	"sigkit/internal/port"
)

// conclude gives the verdict. A port that answered nothing could not be tested, whatever went
// wrong. Cause says why the run ended early, if it did.
func (j *job) conclude(ctx context.Context, r *Run, cause error) {
	silent := len(j.results) > 0 && !j.answered
	switch {
	case ctx.Err() != nil:
		r.Verdict = Cancelled
		r.note("interrupted: the vectors are those judged by then")
		return
	case silent, cause != nil && r.Broken() == 0:
		r.Verdict = Untested
	case r.Broken() > 0:
		r.Verdict = Fails
	default:
		r.Verdict = Conforms
	}
	if cause != nil {
		r.note(cause.Error())
	}
	if silent && (cause == nil || errors.Is(cause, errFailFast)) {
		r.note(fmt.Sprintf("the port answered none of %d questions; the first: %s",
			len(j.results), j.first.Summary()))
	}
}

// dropRefusals makes errors of the refusals by exit code of a port that answered nothing: a port
// that cannot start ends in the same way.
func (j *job) dropRefusals() {
	for i := range j.results {
		r := &j.results[i]
		if r.Outcome == Error {
			continue
		}
		r.Outcome, r.Fault, r.Got = Error, port.Crashed, Side{}
		r.Detail = "it ended with exit code 1 and printed nothing"
		j.Gate.apply(r)
	}
}

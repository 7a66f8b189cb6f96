package check

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"
	"time"

	"sigkit/schema"
)

// MaxSaved is how many bytes a saved run may have.
const MaxSaved = 256 << 20

// Encode returns the run as `--report json` writes it, see [EncodeJSON].
func (r *Run) Encode() ([]byte, error) { return EncodeJSON(r) }

// EncodeJSON returns a value as one indented document. Bytes that are not UTF-8 become U+FFFD, and
// the runner of GitHub Actions finds no command (`##[`) in it.
func EncodeJSON(v any) ([]byte, error) {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	err := encoder.Encode(v)
	return bytes.ReplaceAll(out.Bytes(), []byte("##["), []byte(`##\u005b`)), err
}

// LoadRun reads a run that `--report json` wrote. Name is that of the file, for errors. A document
// that is too large, that does not hold to schema/result.schema.json, or that contradicts itself is
// an error.
func LoadRun(name string, from io.Reader) (*Run, error) {
	text, err := io.ReadAll(io.LimitReader(from, MaxSaved+1))
	switch {
	case err != nil:
		return nil, fmt.Errorf("reading the result %s: %w", name, err)
	case len(text) > MaxSaved:
		return nil, fmt.Errorf("the result %s has more than %d MiB: run fewer vectors at a time, "+
			"for example with --shard", name, MaxSaved>>20)
	}
	if err := schema.Validate(schema.Result, text); err != nil {
		return nil, fmt.Errorf("%s is no result of sigcheck: %w; write one with "+
			"sigcheck run --report json=FILE", name, err)
	}
	var run Run
	if err := json.Unmarshal(text, &run); err != nil {
		return nil, fmt.Errorf("reading the result %s: %w", name, err)
	}
	if err := run.consistent(); err != nil {
		return nil, fmt.Errorf("the result %s contradicts itself: %w; "+
			"it was edited since it was written", name, err)
	}
	return &run, nil
}

// consistent returns an error for a run that no run of sigcheck comes to, so that no report of it
// says one thing in one place and another elsewhere.
func (r *Run) consistent() error {
	if err := r.distinct(); err != nil {
		return err
	}
	counted := *r
	counted.count()
	if counted.Counts != r.Counts || counted.Known != r.Known ||
		!slices.Equal(counted.Rules, r.Rules) {
		return errors.New("its counts are not those of its vectors")
	}
	if err := r.judged(); err != nil {
		return err
	}
	if broken := r.Broken(); r.Verdict == Conforms && broken > 0 || r.Verdict == Fails && broken == 0 {
		return fmt.Errorf("its verdict is %q, but %d of its vectors keep the port from conforming",
			r.Verdict, broken)
	}
	if r.Verdict != Conforms && r.Verdict != Fails && len(r.Notes) == 0 {
		return fmt.Errorf("its verdict is %q, but no note says why", r.Verdict)
	}
	if digest := r.digest(); digest != r.Digest {
		return fmt.Errorf("its digest is not that of its vectors, which is %s", digest)
	}
	return nil
}

// judged returns an error if a result breaks, or does not break, the conformance otherwise than its
// outcome says.
func (r *Run) judged() error {
	gate := Gate{Strict: r.Strict}
	for i := range r.Vectors {
		v := r.Vectors[i]
		listed, breaks := v.Known != "", v.Breaks
		gate.apply(&v)
		switch {
		case listed && r.Baseline == "":
			return fmt.Errorf("a baseline lists %q, but it was run without one", v.ID)
		case !listed && breaks != v.Breaks:
			return fmt.Errorf("whether %q keeps the port from conforming does not follow from its "+
				"outcome, which is %q", v.ID, v.Outcome)
		}
	}
	return nil
}

// distinct returns an error if two results are of one vector.
func (r *Run) distinct() error {
	seen := map[string]bool{}
	for i := range r.Vectors {
		id := r.Vectors[i].ID
		if seen[id] {
			return fmt.Errorf("vector %q is listed twice", id)
		}
		seen[id] = true
	}
	return nil
}

// Saved returns the run as it is after it was saved and loaded, so that a report of it and one of
// its file are the same: JSON has no bytes that are not UTF-8.
func (r *Run) Saved() (*Run, error) {
	text, err := r.Encode()
	if err != nil {
		return nil, err
	}
	var saved Run
	return &saved, json.Unmarshal(text, &saved)
}

// WithoutTimes removes when the run was made, and how long it took. Two runs of one port are the
// same then.
func (r *Run) WithoutTimes() {
	r.Started, r.Seconds = time.Time{}, 0
	for i := range r.Vectors {
		r.Vectors[i].Seconds = 0
	}
}

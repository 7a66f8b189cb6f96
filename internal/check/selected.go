package check

import (
	"strings"

	"sigkit/internal/shell"
	"sigkit/vectors"
)

// Selected says which vectors a run was about, beside their level and profile: the flags that
// selected them, as they were given.
type Selected struct {
	Vectors string   `json:"vectors,omitempty"` // a file or folder; the built-in vectors if empty
	Run     []string `json:"run,omitempty"`
	Skip    []string `json:"skip,omitempty"`
	Rules   []string `json:"rules,omitempty"`
	Tags    []string `json:"tags,omitempty"`
	Shard   string   `json:"shard,omitempty"`  // I/N, see [ParseShard]
	Failed  string   `json:"failed,omitempty"` // the saved result whose failures were asked
	Random  *Random  `json:"random,omitempty"` // of random requests
}

// Random says which random requests were asked, see package random.
type Random struct {
	Seed  uint64 `json:"seed"`
	Count uint64 `json:"count"`
}

// Replay returns the command that asks the port one vector of the run again, for a POSIX shell. It
// is empty if no command can: for random requests, and for answers that were collected elsewhere.
func (r *Run) Replay(id string) string {
	if r.Selection.Random != nil || r.Attach == "" && len(r.Command) == 0 {
		return ""
	}
	words := []string{"sigcheck", "run"}
	if r.Attach != "" {
		words = append(words, "--attach", r.Attach)
	} else {
		words = append(words, "--mode", r.Mode)
	}
	words = append(words, "--level", string(r.Level))
	if r.Profile != vectors.AllProfiles {
		words = append(words, "--profile", string(r.Profile))
	}
	if r.Selection.Vectors != "" {
		words = append(words, "--vectors", r.Selection.Vectors)
	}
	if r.Capture {
		words = append(words, "--capture")
	}
	if r.Surroundings != nil {
		words = append(words, "--surroundings")
	}
	if !strings.HasPrefix(id, probeGroup) {
		words = append(words, "--run", id)
	}
	if len(r.Command) > 0 {
		words = append(append(words, "--"), r.Command...)
	}
	return shell.Line(words)
}

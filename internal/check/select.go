package check

import (
	"errors"
	"fmt"
	"iter"
	"path"
	"slices"

	"sigkit/vectors"
)

// Selection says which vectors to ask. All that is set must hold; the zero value of each member selects all. Globs are those of path.Match, and one that matches a
// group stands for all of it.
type Selection struct {
	Level vectors.Level
	Run   []string // globs on ids; one of them must match
	Skip  []string // globs on ids; none may match
	Rules []string
	Tags  []string // one of them
	Shard Shard

	Baseline *Baseline // its entries, too, must match a vector, selected or not
	Prune    bool      // no, they need not: the baseline is going to be written anew
}

// Choose returns the vectors that a selection holds. When all have been seen, a pattern that matched none of them, or an empty choice, comes as the last error.
func Choose(all iter.Seq2[vectors.Vector, error], s Selection) (iter.Seq2[vectors.Vector, error], error) {
	for _, pattern := range slices.Concat(s.Run, s.Skip) {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, fmt.Errorf("pattern %q is not a glob: close the bracket, or escape it with a backslash", pattern)
		}
	}
	return func(yield func(vectors.Vector, error) bool) {
		c := chooser{selection: s, used: map[string]bool{}}
		for v, err := range all {
			if err == nil && !c.wants(&v) {
				continue
			}
			if !yield(v, err) {
				return
			}
		}
		if err := c.err(); err != nil {
			yield(vectors.Vector{}, err)
		}
	}, nil
}

// chooser applies a selection and remembers which of its patterns have matched something.
type chooser struct {
	selection Selection
	used      map[string]bool
	chosen    int
}

// wants reports whether the selection holds v.
func (c *chooser) wants(v *vectors.Vector) bool {
	s := &c.selection
	run := c.matches("--run", s.Run, func(p string) bool { return matchID(p, v.ID) })
	skip := c.matches("--skip", s.Skip, func(p string) bool { return matchID(p, v.ID) })
	rule := c.matches("--rule", s.Rules, func(r string) bool { return r == v.Rule })
	tag := c.matches("--tag", s.Tags, func(t string) bool { return slices.Contains(v.Tags, t) })
	if s.Baseline != nil {
		for i := range s.Baseline.Entries {
			e := &s.Baseline.Entries[i]
			e.Elsewhere = e.Elsewhere || matchID(e.Pattern, v.ID)
		}
	}
	wanted := (s.Level == "" || s.Level.Includes(v.Level)) && s.Shard.holds(v.ID) &&
		(run || s.Run == nil) && !skip && (rule || s.Rules == nil) && (tag || s.Tags == nil)
	if wanted {
		c.chosen++
	}
	return wanted
}

// matches tries all patterns, so that each one's use is known.
func (c *chooser) matches(flag string, patterns []string, match func(string) bool) (any bool) {
	for _, p := range patterns {
		if match(p) {
			c.used[flag+" "+p] = true
			any = true
		}
	}
	return any
}

func matchID(pattern, id string) bool {
	if ok, _ := path.Match(pattern, id); ok { // patterns have been checked
		return true
	}
	ok, _ := path.Match(pattern, path.Dir(id))
	return ok
}

// err says, when all vectors have been offered, whether a pattern matched none of them, or nothing was chosen at all.
func (c *chooser) err() error {
	s := &c.selection
	var unused []error
	check := func(flag string, patterns []string) {
		for _, p := range patterns {
			if !c.used[flag+" "+p] {
				unused = append(unused, fmt.Errorf("%s %q matches no vector: see sigcheck list", flag, p))
			}
		}
	}
	check("--run", s.Run)
	check("--skip", s.Skip)
	check("--rule", s.Rules)
	check("--tag", s.Tags)
	if s.Baseline != nil && !s.Prune {
		for _, e := range s.Baseline.Entries {
			if !e.Elsewhere {
				unused = append(unused, fmt.Errorf("%s:%d: %q matches no vector: remove the entry, or let --write-baseline do it", s.Baseline.Name, e.Line, e.Pattern))
			}
		}
	}
	if len(unused) == 0 && c.chosen == 0 {
		return fmt.Errorf("no vector is selected: the flags --level, --run, --skip, --rule, --tag and --shard must all hold; see sigcheck list")
	}
	return errors.Join(unused...)
}

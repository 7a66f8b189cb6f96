package check

import (
	"errors"
	"fmt"
	"iter"
	"path"
	"slices"

	"sigkit/vectors"
)

// Selection says which vectors to ask. All that is set must hold. The zero value of each member
// selects all. Globs are those of path.Match, and one that matches a group selects all of it.
type Selection struct {
	Level   vectors.Level
	Profile vectors.Profile
	Run     []string // globs on ids; one of them must match
	Skip    []string // globs on ids; none may match
	Rules   []string
	Tags    []string // one of them
	Shard   Shard

	Baseline *Baseline // its entries must match a vector, too, selected or not
	Prune    bool      // skip this check: the baseline is being rewritten
}

// Choose returns the vectors that a selection holds, as they are asked under its profile. A pattern
// that matched no vector, or an empty choice, is the last error.
func Choose(
	all iter.Seq2[vectors.Vector, error], s Selection,
) (iter.Seq2[vectors.Vector, error], error) {
	for _, pattern := range slices.Concat(s.Run, s.Skip) {
		if _, err := path.Match(pattern, ""); err != nil {
			return nil, notAGlob(pattern)
		}
	}
	return func(yield func(vectors.Vector, error) bool) {
		c := chooser{selection: s, used: map[string]bool{}, seen: map[string][]string{}}
		for v, err := range all {
			if err == nil {
				var asked bool
				if v, asked = c.choose(v); !asked {
					continue
				}
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

func notAGlob(pattern string) error {
	return fmt.Errorf("pattern %q is not a glob: close the bracket, or escape it with a backslash",
		pattern)
}

// chooser applies a selection and remembers which of its patterns have matched something.
type chooser struct {
	selection Selection
	used      map[string]bool
	seen      map[string][]string // names that a flag could have meant, by flag
	chosen    int
}

// choose returns the vector as it is asked, and whether it is asked at all.
func (c *chooser) choose(v vectors.Vector) (vectors.Vector, bool) {
	s := &c.selection
	run := c.matches("--run", s.Run, func(p string) bool { return matchID(p, v.ID) })
	skip := c.matches("--skip", s.Skip, func(p string) bool { return matchID(p, v.ID) })
	rule := c.matches("--rule", s.Rules, func(r string) bool { return r == v.Rule })
	tag := c.matches("--tag", s.Tags, func(t string) bool { return slices.Contains(v.Tags, t) })
	c.remember(&v)
	s.Baseline.offer(v.ID)
	under, asked := v.Under(s.Profile)
	wanted := (s.Level == "" || s.Level.Includes(v.Level)) && s.Shard.holds(v.ID) && asked &&
		(run || s.Run == nil) && !skip && (rule || s.Rules == nil) && (tag || s.Tags == nil)
	if wanted {
		c.chosen++
	}
	return under, wanted
}

// matches tries all patterns, so that the use of each is known.
func (c *chooser) matches(flag string, patterns []string, match func(string) bool) (any bool) {
	for _, p := range patterns {
		if match(p) {
			c.used[flag+" "+p] = true
			any = true
		}
	}
	return any
}

// maxRemembered is how many names are kept for suggestions.
const maxRemembered = 2000

// remember keeps the names of a vector, for suggestions, if a flag could have meant them.
func (c *chooser) remember(v *vectors.Vector) {
	add := func(flag string, given []string, names ...string) {
		if len(given) > 0 && len(c.seen[flag]) < maxRemembered {
			c.seen[flag] = append(c.seen[flag], names...)
		}
	}
	add("--run", c.selection.Run, v.ID, path.Dir(v.ID))
	add("--skip", c.selection.Skip, v.ID, path.Dir(v.ID))
	add("--rule", c.selection.Rules, v.Rule)
	add("--tag", c.selection.Tags, v.Tags...)
}

func matchID(pattern, id string) bool {
	if ok, _ := path.Match(pattern, id); ok { // patterns have been checked
		return true
	}
	ok, _ := path.Match(pattern, path.Dir(id))
	return ok
}

// Unmatched is the error for a pattern of a flag that matches no vector. Known are names that it
// could have meant.
type Unmatched struct {
	Flag, Pattern string
	Known         []string
}

// Error names flag and pattern.
func (u *Unmatched) Error() string {
	return fmt.Sprintf("%s %q matches no vector: see sigcheck list", u.Flag, u.Pattern)
}

// err says, when all vectors have been offered, whether a pattern matched none of them, or whether
// nothing was chosen at all.
func (c *chooser) err() error {
	s := &c.selection
	var unused []error
	check := func(flag string, patterns []string) {
		for _, p := range patterns {
			if !c.used[flag+" "+p] {
				known := slices.Compact(slices.Sorted(slices.Values(c.seen[flag])))
				unused = append(unused, &Unmatched{flag, p, known})
			}
		}
	}
	check("--run", s.Run)
	check("--skip", s.Skip)
	check("--rule", s.Rules)
	check("--tag", s.Tags)
	if !s.Prune {
		unused = append(unused, s.Baseline.unmatched()...)
	}
	if len(unused) == 0 && c.chosen == 0 {
		return errors.New("no vector is selected: the flags --level, --profile, --run, --skip, " +
			"--rule, --tag and --shard must all hold; see sigcheck list")
	}
	return errors.Join(unused...)
}

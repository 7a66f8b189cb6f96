package cli

import (
	"errors"
	"fmt"
	"io"
	"iter"
	"path"
	"slices"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/schema"
	"sigkit/vectors"
)

// Selection are the flags that say which vectors are meant.
type Selection struct {
	check.Selection
	// Stdin returns what the path "-" stands for: NDJSON. It is called if the path is given. If it is
	// nil, "-" is a file like any other.
	Stdin func() io.Reader

	path, level, profile, shard string
}

// Flags adds the flags to a command. The default of --level is the given one.
func (s *Selection) Flags(cmd *cobra.Command, level vectors.Level) {
	f := cmd.Flags()
	f.StringVar(&s.path, "vectors", "", "use these vectors: a .json or .ndjson file, or a "+
		"folder of them, at this `PATH` (default: those built in)")
	f.StringVar(&s.level, "level", string(level),
		"use vectors up to this `LEVEL`: core, extended or quirk")
	f.StringVar(&s.profile, "profile", string(vectors.AllProfiles),
		"use what holds for this `GENERATION` of the client: linuxlink, vigiles or all")
	f.StringArrayVar(&s.Run, "run", nil,
		"use only the ids, or the groups, that match this `GLOB` (repeatable)")
	f.StringArrayVar(&s.Skip, "skip", nil,
		"leave out the ids, or the groups, that match this `GLOB` (repeatable)")
	f.StringArrayVar(&s.Rules, "rule", nil, "use only vectors of this `RULE` (repeatable)")
	f.StringArrayVar(&s.Tags, "tag", nil, "use only vectors with this `TAG` (repeatable)")
	f.StringVar(&s.shard, "shard", "",
		"use only part I of N, written as `I/N`; the parts together hold every vector once")
	Complete(cmd, "level", vectors.Levels())
	Complete(cmd, "profile", vectors.Profiles())
	for flag, names := range map[string]func(*vectors.Vector) []string{
		"run":  func(v *vectors.Vector) []string { return []string{v.ID, path.Dir(v.ID)} },
		"skip": func(v *vectors.Vector) []string { return []string{v.ID, path.Dir(v.ID)} },
		"rule": func(v *vectors.Vector) []string { return []string{v.Rule} },
		"tag":  func(v *vectors.Vector) []string { return v.Tags },
	} {
		CompleteFunc(cmd, flag, func() []string { return Names(s.path, names) })
	}
}

// Names returns what a function says of each vector of a file or folder, or of those built in if
// the path is empty. They are sorted, each once. It is for completion: an error ends the list.
func Names(path string, of func(*vectors.Vector) []string) (names []string) {
	all := each(vectors.All())
	if path != "" {
		all = vectors.Read(path)
	}
	for v, err := range all {
		if err != nil {
			break
		}
		names = append(names, of(&v)...)
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// Selected returns the flags, for reports.
func (s *Selection) Selected() check.Selected {
	return check.Selected{
		Vectors: s.path,
		Run:     s.Run,
		Skip:    s.Skip,
		Rules:   s.Rules,
		Tags:    s.Tags,
		Shard:   s.shard,
	}
}

// selectionFlags are the flags that select vectors.
var selectionFlags = []string{
	"vectors", "level", "profile", "run", "skip", "rule", "tag", "shard",
}

// Repeat makes the selection that of a saved run. Flag is the one that asks for it; a flag that
// selects vectors beside it is an error.
func (s *Selection) Repeat(cmd *cobra.Command, flag string, run *check.Run) error {
	for _, name := range selectionFlags {
		if cmd.Flags().Changed(name) {
			return fmt.Errorf("%s takes the selection of its result: leave --%s out", flag, name)
		}
	}
	of := run.Selection
	if of.Random != nil {
		return fmt.Errorf("%s names a result of random requests: run sigcheck fuzz again, with "+
			"--seed %d", flag, of.Random.Seed)
	}
	s.level, s.profile, s.path = string(run.Level), string(run.Profile), of.Vectors
	s.Run, s.Skip, s.Rules, s.Tags, s.shard = of.Run, of.Skip, of.Rules, of.Tags, of.Shard
	return nil
}

// Chosen returns the selected vectors of --vectors and of more paths, or of those built in if there
// is neither. With an NDJSON file the vectors come as they are read, so that it may be of any size.
// Without one, files and flags have been checked before the first vector comes.
func (s *Selection) Chosen(more ...string) (iter.Seq2[vectors.Vector, error], error) {
	if err := s.parse(); err != nil {
		return nil, err
	}
	all, err := s.all(more)
	if err != nil {
		return nil, err
	}
	chosen, err := check.Choose(all, s.Selection)
	if err != nil {
		return nil, err
	}
	if slices.ContainsFunc(append(more, s.path), isStream) {
		return suggesting(chosen), nil
	}
	var kept []vectors.Vector
	for v, err := range suggesting(chosen) {
		if err != nil {
			return nil, err
		}
		kept = append(kept, v)
	}
	return each(kept), nil
}

// Beyond returns the built-in vectors of the level above core, if all of core is selected. The
// flags must have been parsed, as Chosen does.
func (s *Selection) Beyond() (beyond []*vectors.Vector) {
	narrowed := len(s.Run) + len(s.Skip) + len(s.Rules) + len(s.Tags)
	if s.Level != vectors.Core || s.path != "" || s.shard != "" || narrowed > 0 {
		return nil
	}
	for _, v := range vectors.All() {
		if v, asked := v.Under(s.Profile); asked && v.Level == vectors.Extended {
			beyond = append(beyond, &v)
		}
	}
	return beyond
}

func isStream(path string) bool { return strings.HasSuffix(path, ".ndjson") }

// LevelAndProfile returns the values of the flags --level and --profile. The error of an unknown
// one lists the choices.
func LevelAndProfile(level, profile string) (l vectors.Level, p vectors.Profile, err error) {
	if l, err = OneOf("--level", level, vectors.Levels()); err != nil {
		return l, p, err
	}
	p, err = OneOf("--profile", profile, vectors.Profiles())
	return l, p, err
}

// parse reads the flags that are more than a text.
func (s *Selection) parse() (err error) {
	if s.Level, s.Profile, err = LevelAndProfile(s.level, s.profile); err != nil {
		return err
	}
	if s.shard != "" {
		s.Shard, err = check.ParseShard(s.shard)
	}
	return err
}

// all returns all vectors, selected or not.
func (s *Selection) all(more []string) (iter.Seq2[vectors.Vector, error], error) {
	paths := more
	if s.path != "" {
		if err := s.validate("--vectors", s.path); err != nil {
			return nil, err
		}
		paths = append([]string{s.path}, more...)
	}
	for _, path := range more {
		if err := s.validate("", path); err != nil {
			return nil, err
		}
	}
	switch len(paths) {
	case 0:
		return each(vectors.All()), nil
	case 1:
		return s.read(paths[0]), nil
	}
	return s.readAll(paths), nil
}

func (s *Selection) isStdin(path string) bool { return path == "-" && s.Stdin != nil }

func (s *Selection) read(path string) iter.Seq2[vectors.Vector, error] {
	if s.isStdin(path) {
		return vectors.ReadStream(path, s.Stdin())
	}
	return vectors.Read(path)
}

// readAll returns the vectors of several paths. No two may have one id.
func (s *Selection) readAll(paths []string) iter.Seq2[vectors.Vector, error] {
	return func(yield func(vectors.Vector, error) bool) {
		from := map[string]string{}
		for _, path := range paths {
			for v, err := range s.read(path) {
				if other := from[v.ID]; err == nil && other != "" {
					err = fmt.Errorf("id %s is in %s and in %s: rename one", v.ID, other, path)
				}
				from[v.ID] = path
				if !yield(v, err) || err != nil {
					return
				}
			}
		}
	}
}

// validate checks vector files from outside against the schema, which people can look up. The
// reader has the same rules and knows the line.
func (s *Selection) validate(flag, path string) error {
	if s.isStdin(path) {
		return nil
	}
	names, err := vectors.Files(path)
	if err != nil {
		return FileError(flag, path, err)
	}
	for _, name := range names {
		if isStream(name) {
			continue
		}
		text, err := ReadFile(flag, name)
		if err != nil {
			return err
		}
		if _, err := vectors.ParseFile(name, text); err != nil {
			return err
		}
		if err := schema.Validate(schema.Vectors, text); err != nil {
			return fmt.Errorf("%s: %w", name, err)
		}
	}
	return nil
}

func each(all []vectors.Vector) iter.Seq2[vectors.Vector, error] {
	return func(yield func(vectors.Vector, error) bool) {
		for _, v := range all {
			if !yield(v, nil) {
				return
			}
		}
	}
}

// suggesting adds suggestions to the errors for patterns that match no vector.
func suggesting(chosen iter.Seq2[vectors.Vector, error]) iter.Seq2[vectors.Vector, error] {
	return func(yield func(vectors.Vector, error) bool) {
		for v, err := range chosen {
			if !yield(v, suggest(err)) {
				return
			}
		}
	}
}

func suggest(err error) error {
	joined, ok := err.(interface{ Unwrap() []error })
	if !ok {
		return err
	}
	all := slices.Clone(joined.Unwrap())
	for i, err := range all {
		unmatched, ok := errors.AsType[*check.Unmatched](err)
		if !ok {
			continue
		}
		if name := closest(unmatched.Pattern, unmatched.Known); name != "" {
			all[i] = fmt.Errorf("%s %q matches no vector: did you mean %q? see sigcheck list",
				unmatched.Flag, unmatched.Pattern, name)
		}
	}
	return errors.Join(all...)
}

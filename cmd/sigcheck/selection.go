package main

import (
	"fmt"
	"iter"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/schema"
	"sigkit/vectors"
)

// selection are the flags that say which vectors are meant.
type selection struct {
	path  string
	level string
	shard string
	check.Selection
}

func (s *selection) flags(cmd *cobra.Command, level vectors.Level) {
	f := cmd.Flags()
	f.StringVar(&s.path, "vectors", "", "use these vectors: a .json or .ndjson file, or a folder of them (default: those built in)")
	f.StringVar(&s.level, "level", string(level), "ask vectors up to this level: core, extended or quirk")
	f.StringArrayVar(&s.Run, "run", nil, "ask only ids that match this glob, or all of a group (repeatable)")
	f.StringArrayVar(&s.Skip, "skip", nil, "leave out ids that match this glob, or all of a group (repeatable)")
	f.StringArrayVar(&s.Rules, "rule", nil, "ask only vectors of this rule (repeatable)")
	f.StringArrayVar(&s.Tags, "tag", nil, "ask only vectors with this tag (repeatable)")
	f.StringVar(&s.shard, "shard", "", "ask only the I-th of N parts, as I/N; the parts hold every vector once")
}

// chosen returns the selected vectors. Those of an NDJSON file come as they are read, so that it may be of any size; of all others the files and the
// flags have been checked before the first comes.
func (s *selection) chosen() (iter.Seq2[vectors.Vector, error], error) {
	level, err := vectors.ParseLevel(s.level)
	if err != nil {
		return nil, err
	}
	s.Level = level
	if s.shard != "" {
		if s.Shard, err = check.ParseShard(s.shard); err != nil {
			return nil, err
		}
	}
	all, err := s.all()
	if err != nil {
		return nil, err
	}
	chosen, err := check.Choose(all, s.Selection)
	if err != nil || strings.HasSuffix(s.path, ".ndjson") {
		return chosen, err
	}
	var kept []vectors.Vector
	for v, err := range chosen {
		if err != nil {
			return nil, err
		}
		kept = append(kept, v)
	}
	return each(kept), nil
}

func (s *selection) all() (iter.Seq2[vectors.Vector, error], error) {
	if s.path == "" {
		return each(vectors.All()), nil
	}
	if err := validate(s.path); err != nil {
		return nil, err
	}
	return vectors.Read(s.path), nil
}

// validate holds vector files from outside to the schema. The reader has the same rules; the schema's word is the one people can look up.
func validate(path string) error {
	names := []string{path}
	if info, err := os.Stat(path); err != nil {
		return err
	} else if info.IsDir() {
		names, _ = filepath.Glob(filepath.Join(path, "*.json"))
	}
	for _, name := range names {
		if strings.HasSuffix(name, ".ndjson") {
			continue
		}
		text, err := os.ReadFile(name)
		if err != nil {
			return err
		}
		if _, err := vectors.ParseFile(name, text); err != nil { // it knows the line
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

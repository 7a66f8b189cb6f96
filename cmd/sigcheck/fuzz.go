package main

import (
	"cmp"
	"errors"
	"fmt"
	"io"
	"iter"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/internal/random"
	"sigkit/internal/report"
	"sigkit/vectors"
)

type fuzzOptions struct {
	output
	portFlags
	seed    uint64
	count   uint64
	time    time.Duration
	level   string
	profile string
	save    string
}

func fuzzCommand() *cobra.Command {
	var o fuzzOptions
	cmd := &cobra.Command{
		Use:   "fuzz [flags] (-- COMMAND [ARG...] | --attach URL)",
		Short: "Ask a port random requests",
		Long: `fuzz asks a port random requests, which no built-in vector has, and compares
its answers with the signer's. What fails is diagnosed, shrunk to the smallest
request that still fails, and grouped by cause. The same seed asks the same
requests.

--save writes one vector for each cause, as NDJSON, for "sigcheck run
--vectors" and "vecgen sign --check".

Exit codes: 0 nothing was found; 1 something was; 2 wrong usage or unreadable
files; 3 the port could not be tested; 130 interrupted.`,
		Example: `  sigcheck fuzz -- python3 port.py
  sigcheck fuzz --seed 7 --count 20000 --level core -- ./port
  sigcheck fuzz --time 30s --save finds.ndjson -- ./port`,
		Args: func(cmd *cobra.Command, args []string) error { return o.check(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd, args) },
	}
	o.output.flags(cmd)
	o.portFlags.flags(cmd)
	f := cmd.Flags()
	f.Uint64Var(&o.seed, "seed", 1, "start of the randomness, as a number `S`")
	f.Uint64Var(&o.count, "count", 2000, "ask `N` requests")
	f.DurationVar(&o.time, "time", 0, "ask for this `TIME`, not a number of requests")
	f.StringVar(&o.level, "level", string(vectors.Extended), "make requests up to this `LEVEL`")
	f.StringVar(&o.profile, "profile", string(vectors.AllProfiles),
		"ask as this `GENERATION` of the client: linuxlink, vigiles or all")
	f.StringVar(&o.save, "save", "", "write a vector for each cause to this `FILE` (.ndjson)")
	cli.Complete(cmd, "level", vectors.Levels())
	cli.Complete(cmd, "profile", vectors.Profiles())
	return cmd
}

func (o *fuzzOptions) run(cmd *cobra.Command, command []string) error {
	destinations, err := o.destinations(report.Names())
	if err != nil {
		return err
	}
	level, profile, err := cli.LevelAndProfile(o.level, o.profile)
	if err != nil {
		return err
	}
	if o.save != "" && !strings.HasSuffix(o.save, ".ndjson") {
		return fmt.Errorf("--save %s does not end in .ndjson: write --save finds.ndjson", o.save)
	}
	if o.time < 0 || o.count == 0 {
		return errors.New("--count and --time must be positive")
	}
	asker, err := o.asker(cmd, command)
	if err != nil {
		return err
	}
	asked := &check.Random{Seed: o.seed}
	step, doing, done := progress(cmd.ErrOrStderr())
	run, err := check.Config{
		Asker:         asker,
		Vectors:       o.requests(level, profile, asked),
		Version:       cli.Version(),
		Selected:      check.Selected{Random: asked},
		Level:         level,
		Profile:       profile,
		Name:          cmp.Or(o.name, o.portName(command)),
		Command:       command,
		Attach:        o.url,
		Capture:       o.port.Capture,
		SkipDiagnosis: !o.diagnose,
		Again:         inParallel(asker),
		Shrink:        o.shrink,
		Examples:      o.save != "",
		Doing:         doing,
		Progress:      step,
	}.Do(cmd.Context())
	done()
	if err != nil {
		return err
	}
	if err := o.saveFinds(run); err != nil {
		return err
	}
	return o.output.write(run, destinations, cmd.OutOrStdout())
}

// requests yields random vectors, as many as asked for or as long as there is time, and counts
// those that it made.
func (o *fuzzOptions) requests(
	level vectors.Level, profile vectors.Profile, made *check.Random,
) iter.Seq2[vectors.Vector, error] {
	end := time.Now().Add(o.time)
	return randomVectors(made, []vectors.Level{level}, profile, func(_ uint64) bool {
		if o.time > 0 {
			return time.Now().Before(end)
		}
		return made.Count < o.count
	})
}

// randomVectors yields random vectors of some levels in turn, as long as more says that there is
// another to ask after so many, and counts those that it made.
func randomVectors(
	made *check.Random, levels []vectors.Level, profile vectors.Profile, more func(asked uint64) bool,
) iter.Seq2[vectors.Vector, error] {
	return func(yield func(vectors.Vector, error) bool) {
		var generators []*random.Generator
		for _, level := range levels {
			generators = append(generators, random.New(made.Seed, level))
		}
		var text []byte
		for asked := uint64(0); more(asked); {
			n := made.Count
			text = generators[n%uint64(len(levels))].Append(text[:0], n)
			made.Count++
			line, err := vectors.ParseLine("random", 1, text)
			if err != nil {
				yield(line.Vector, err)
				return
			}
			v, holds := line.Vector.Under(profile)
			if !holds {
				continue
			}
			if asked++; !yield(v, nil) {
				return
			}
		}
	}
}

// saveFinds writes one vector for each cause.
func (o *fuzzOptions) saveFinds(run *check.Run) error {
	if o.save == "" {
		return nil
	}
	finds := run.Finds()
	err := cli.WriteFile(o.save, func(w io.Writer) error {
		for i := range finds {
			if _, err := w.Write(finds[i].AppendNDJSON(nil)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return cli.FileError("--save", o.save, err)
	}
	run.Notes = append(run.Notes, fmt.Sprintf("wrote %s: %d vectors", o.save, len(finds)))
	return nil
}

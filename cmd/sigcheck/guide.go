package main

import (
	"cmp"
	"context"
	"io"
	"slices"

	"github.com/spf13/cobra"

	"sigkit/docs"
	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/internal/report"
	"sigkit/vectors"
)

type guideOptions struct {
	output
	portFlags
	watching
	all     bool
	level   string
	profile string
	held    []string // rules that have held once
}

func guideCommand() *cobra.Command {
	var o guideOptions
	cmd := &cobra.Command{
		Use:   "guide [flags] (-- COMMAND [ARG...] | --attach URL)",
		Short: "Show the next rule to implement, one at a time",
		Long: `guide is for a port that is being written. It runs the port through the vectors
and takes the rules in the order in which one would implement them. It shows
the first that does not hold: its text, one small failing request, and the fix.

A failure that a known mistake explains is blamed on the rule of that mistake.
A rule that held before and does not hold any more comes first, with --watch.

` + watchHelp + `

Exit codes: 0 all rules hold; 1 one does not; 2 wrong usage; 3 the port gave no
answer; 130 interrupted.`,
		Example: `  sigcheck guide -- python3 port.py
  sigcheck guide --watch . -- node port.mjs`,
		Args: func(cmd *cobra.Command, args []string) error { return o.check(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd, args) },
	}
	f := cmd.Flags()
	f.StringVar(&o.color, "color", "auto", "`WHEN` to use colors: auto, always or never")
	f.StringVar(&o.lang, "lang", "",
		"show fixes in this `LANGUAGE` (default: that of the command)")
	f.BoolVar(&o.all, "all", false, "list all rules, too")
	f.StringVar(&o.level, "level", string(vectors.Extended), "go on up to this `LEVEL`")
	f.StringVar(&o.profile, "profile", string(vectors.AllProfiles),
		"ask as this `GENERATION` of the client: linuxlink, vigiles or all")
	o.portFlags.flags(cmd)
	o.watching.flags(cmd)
	cli.Complete(cmd, "color", colors)
	cli.Complete(cmd, "level", vectors.Levels())
	cli.Complete(cmd, "profile", vectors.Profiles())
	cli.CompleteFunc(cmd, "lang", languages)
	return cmd
}

func (o *guideOptions) run(cmd *cobra.Command, command []string) error {
	if _, err := o.destinations(nil); err != nil {
		return err
	}
	level, profile, err := cli.LevelAndProfile(o.level, o.profile)
	if err != nil {
		return err
	}
	chosen := map[string]vectors.Vector{}
	var ids []string
	for _, v := range vectors.All() {
		if v, asked := v.Under(profile); asked && level.Includes(v.Level) {
			chosen[v.ID] = v
			ids = append(ids, v.ID)
		}
	}
	color := o.colored(cmd.OutOrStdout())
	return o.loop(cmd, func(ctx context.Context, w io.Writer, all bool) error {
		asker, err := o.asker(cmd, command)
		if err != nil {
			return err
		}
		run, err := check.Config{
			Asker:   asker,
			Vectors: inOrder(ids, chosen),
			Version: cli.Version(),
			Level:   level,
			Profile: profile,
			Name:    cmp.Or(o.name, o.portName(command)),
			Command: command,
			Attach:  o.url,
			Capture: o.port.Capture,
			Again:   inParallel(asker),
		}.Do(ctx)
		if err != nil {
			return err
		}
		return o.show(w, run, chosen, report.Options{Color: color, Language: o.lang},
			all || o.all)
	})
}

// show writes the screen, and remembers which rules have held.
func (o *guideOptions) show(
	w io.Writer, run *check.Run, chosen map[string]vectors.Vector, options report.Options, all bool,
) error {
	question := func(id string) string {
		v, ok := chosen[id]
		if !ok {
			return ""
		}
		return string(v.AppendQuestion(nil))
	}
	g := report.Guided{
		Run:      run,
		Ladder:   run.Ladder(func(id string) int { return len(question(id)) }),
		All:      all,
		Rule:     docs.Rule,
		Question: question,
	}
	if run.Verdict == check.Cancelled {
		return exitError(run)
	}
	for i := range g.Ladder {
		rung := &g.Ladder[i]
		held := slices.Contains(o.held, rung.Rule)
		switch {
		case rung.Holds() && !held && run.Verdict != check.Untested:
			o.held = append(o.held, rung.Rule)
		case !rung.Holds() && held:
			g.Broken = append(g.Broken, rung.Rule)
		}
	}
	if err := report.Guide(w, &g, options); err != nil {
		return err
	}
	return exitError(run)
}

// inOrder yields the vectors with some ids.
func inOrder(
	ids []string, chosen map[string]vectors.Vector,
) func(func(vectors.Vector, error) bool) {
	return func(yield func(vectors.Vector, error) bool) {
		for _, id := range ids {
			if !yield(chosen[id], nil) {
				return
			}
		}
	}
}

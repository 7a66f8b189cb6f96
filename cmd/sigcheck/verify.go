package main

import (
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/internal/report"
	"sigkit/vectors"
)

type verifyOptions struct {
	views
	portFlags
	seed uint64
}

func verifyCommand() *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify [flags] RESULT.json (-- COMMAND [ARG...] | --attach URL)",
		Short: "Check that a saved result is true of a port",
		Long: `verify asks a port what "sigcheck run --report json=RESULT.json" asked it, and
compares what comes out, vector by vector. Then it asks 1,000 random requests
of the levels that the result is about, with a new seed each time. A port that
has learned the answers to the built-in vectors fails these.

It says whether the tool, the vectors or the port differ. A result that was
edited is found: it contradicts itself (exit code 2), or the port (1).

If the result says that the port conforms, a fresh request that fails refutes
it. A result with failures says nothing of other requests.

Exit codes: 0 the result is true; 1 it is not; 2 wrong usage, unreadable or
invalid files; 3 the port could not be tested; 130 interrupted.`,
		Example: `  sigcheck run --report json=result.json -- ./port
  sigcheck verify result.json -- ./port
  sigcheck verify --seed 7 result.json -- ./port`,
		Args: func(cmd *cobra.Command, args []string) error { return o.check(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error {
			return o.run(cmd, args[0], args[1:])
		},
	}
	o.color = "never"
	o.portFlags.flags(cmd)
	f := cmd.Flags()
	f.StringArrayVar(&o.reports, "report", []string{"text"}, "write as `FORMAT[=PATH]`: text or "+
		"json, to standard output or to a file (repeatable)")
	f.StringVar(&o.lang, "lang", "", "show how to fix mistakes in this `LANGUAGE`; \"all\" "+
		"shows every one (default: that of the command)")
	f.Uint64Var(&o.seed, "seed", 0, "start of the randomness, as a number `S` (default: a new one)")
	cli.Complete(cmd, "report", report.VerificationNames())
	cli.CompleteFunc(cmd, "lang", languages)
	return cmd
}

// check checks that there is one result, before --, and one port to ask.
func (o *verifyOptions) check(cmd *cobra.Command, args []string) error {
	results := cmd.ArgsLenAtDash()
	if results < 0 {
		results = len(args)
	}
	switch {
	case results == 0:
		return errors.New("there is no result to verify: save one with sigcheck run --report " +
			"json=result.json, and name it before --")
	case results > 1 && o.attach == "" && cmd.ArgsLenAtDash() < 0:
		return errors.New("put -- between the result and the port's command, as in " +
			"sigcheck verify result.json -- python3 port.py")
	case results > 1:
		return fmt.Errorf("verify takes one result, not %d", results)
	case o.attach == "" && len(args) == 1:
		return errors.New("there is no port to run: write its command after --, as in " +
			"sigcheck verify result.json -- python3 port.py")
	case o.attach == "":
		return nil
	}
	return o.portFlags.check(cmd, args[1:])
}

func (o *verifyOptions) run(cmd *cobra.Command, path string, command []string) error {
	destinations, err := o.destinations(report.VerificationNames())
	if err != nil {
		return err
	}
	claimed, err := o.load(cmd, path)
	if err != nil {
		return err
	}
	asker, err := o.asker(cmd, command)
	if err != nil {
		return err
	}
	var s cli.Selection
	if err := s.Repeat(cmd, path, claimed); err != nil {
		return err
	}
	chosen, err := s.Chosen()
	if err != nil {
		return err
	}
	step, doing, done := progress(cmd.ErrOrStderr())
	defer done()
	c := check.Config{
		Asker:    asker,
		Vectors:  chosen,
		Version:  cli.Version(),
		Selected: s.Selected(),
		Level:    s.Level,
		Profile:  s.Profile,
		Name:     o.portName(command),
		Command:  command,
		Attach:   o.url,
		Capture:  o.port.Capture,
		Gate:     check.Gate{Strict: claimed.Strict},
		Again:    inParallel(asker),
		Shrink:   o.shrink,
		Doing:    doing,
		Progress: step,
		// The result has a diagnosis of what fails there.
		SkipDiagnosis: true,
	}
	again, err := c.Do(cmd.Context())
	if err != nil {
		return err
	}
	if again.Verdict == check.Untested || again.Verdict == check.Cancelled {
		return exitError(again)
	}
	v := check.NewVerification(path, claimed, again)
	fresh, err := o.fresh(cmd, c)
	if err != nil {
		return err
	}
	if fresh.Verdict == check.Cancelled || fresh.Verdict == check.Untested && !v.Refuted(fresh) {
		return exitError(fresh)
	}
	v.AddFresh(fresh)
	done()
	return o.write(v, destinations, cmd.OutOrStdout())
}

// load reads the result, and takes from it how the port is asked.
func (o *verifyOptions) load(cmd *cobra.Command, path string) (*check.Run, error) {
	claimed, err := loadRun("", path)
	switch {
	case err != nil:
		return nil, err
	case claimed.Verdict != check.Conforms && claimed.Verdict != check.Fails:
		return nil, fmt.Errorf("%s states nothing of its port, since that run did not come to its "+
			"end: run it again", path)
	case claimed.Selection.Failed != "":
		return nil, fmt.Errorf("%s is about what failed in %s alone: verify the result of a whole "+
			"run, or of run --failed with --merge", path, claimed.Selection.Failed)
	}
	o.port.Capture = o.port.Capture || claimed.Capture
	if !cmd.Flags().Changed("mode") && slices.Contains(runModes, claimed.Mode) {
		o.mode = claimed.Mode
	}
	return claimed, nil
}

// freshRequests is how many random requests are asked.
const freshRequests = 1000

// fresh asks random requests of all levels up to that of the run. Each level has its share, since a
// port may call everything above level core unsupported.
func (o *verifyOptions) fresh(cmd *cobra.Command, c check.Config) (*check.Run, error) {
	asked := &check.Random{Seed: o.seed}
	if !cmd.Flags().Changed("seed") {
		asked.Seed = rand.Uint64N(1 << 48)
	}
	c.Selected = check.Selected{Random: asked}
	c.Vectors = randomVectors(asked, upTo(c.Level), c.Profile, func(n uint64) bool {
		return n < freshRequests && asked.Count < 10*freshRequests
	})
	c.SkipDiagnosis = false
	return c.Do(cmd.Context())
}

// upTo returns a level and those below.
func upTo(level vectors.Level) []vectors.Level {
	above := func(l vectors.Level) bool { return !level.Includes(l) }
	return slices.DeleteFunc(vectors.Levels(), above)
}

// write writes all reports and returns the error of the exit code.
func (o *verifyOptions) write(
	v *check.Verification, to []destination, stdout io.Writer,
) error {
	err := o.writeEach(to, stdout, func(format string, w io.Writer, options report.Options) error {
		return report.FindVerification(format)(w, v, options)
	})
	if err == nil && !v.Holds {
		return differs()
	}
	return err
}

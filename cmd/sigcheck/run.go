package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"iter"

	"github.com/spf13/cobra"

	"sigkit/internal/check"
	"sigkit/internal/cli"
	"sigkit/internal/report"
	"sigkit/vectors"
)

type runOptions struct {
	cli.Selection
	output
	gate
	portFlags
	earlier
	watching
	failFast     bool
	repeat       int
	surroundings bool
}

func runCommand() *cobra.Command {
	var o runOptions
	cmd := &cobra.Command{
		Use:   "run [flags] (-- COMMAND [ARG...] | --attach URL)",
		Short: "Run a port through the vectors",
		Long: `run starts a port and asks it to sign vectors. It writes one question a line to
the port's standard input and reads one answer a line from its standard
output, both as JSON. docs/PROTOCOL.md describes them.

With --mode stream one process answers many questions; it must flush its
output after each answer. With --mode exec each vector gets a new process: one
question, then end of file. --mode auto, the default, asks a first question
and finds out which of the two the port supports.

--profile linuxlink or --profile vigiles checks a client of that generation
alone: it asks as this generation and leaves out the vectors that the other
one would sign differently.

--attach asks a port that runs already, in an IDE, on a device or in a
container. Each question is POSTed to the URL, and the response body is the
answer. Eight questions are asked at a time; the header X-Sigcheck-Vector
holds the id.

--capture judges the requests that the port really sends. The base_url of each
question is the address of a stand-in server on this machine. The port sends
its request there with its own HTTP client, and sigcheck judges the headers,
URL and body that arrive.

` + watchHelp + `

Exit codes: 0 the port conforms; 1 it does not; 2 wrong usage, unreadable or
invalid files, or no vector selected; 3 the port could not be tested;
130 interrupted.`,
		Example: `  sigcheck run -- python3 port.py
  sigcheck run --level quirk -- node port.mjs
  sigcheck run --run list-order -- ./port
  sigcheck run --profile vigiles -- ./client-of-that-generation
  sigcheck run --capture -- ./client-that-sends
  sigcheck run --attach http://127.0.0.1:8080/sign
  sigcheck run --watch . --level core -- python3 port.py
  sigcheck run --failed result.json --merge -- ./port
  sigcheck run --baseline known-failures.txt -- ./port
  sigcheck run --report text --report json=result.json -- ./port`,
		Args: func(cmd *cobra.Command, args []string) error { return o.check(cmd, args) },
		RunE: func(cmd *cobra.Command, args []string) error { return o.run(cmd, args) },
	}
	o.Selection.Flags(cmd, vectors.Extended)
	o.output.flags(cmd)
	o.gate.flags(cmd)
	o.portFlags.flags(cmd)
	o.flags(cmd)
	return cmd
}

func (o *runOptions) flags(cmd *cobra.Command) {
	f := cmd.Flags()
	f.IntVar(&o.repeat, "repeat", 1,
		"ask `N` times, in another order each time, to find answers that change")
	f.BoolVar(&o.surroundings, "surroundings", false, "ask some vectors again under other "+
		"locales, encodings, time zones and hash seeds, to find answers that change")
	o.earlier.flags(cmd)
	o.watching.flags(cmd)
	f.BoolVar(&o.failFast, "fail-fast", false, "stop at the first failure")
}

func (o *runOptions) run(cmd *cobra.Command, command []string) error {
	destinations, err := o.destinations(report.Names())
	if err != nil {
		return err
	}
	if err := o.checkWhole(); err != nil {
		return err
	}
	if o.brief = o.brief || o.onScreen(cmd); o.brief && o.colored(cmd.OutOrStdout()) {
		o.color = "always"
	}
	brief := o.brief
	return o.loop(cmd, func(ctx context.Context, w io.Writer, all bool) error {
		o.brief = brief && !(all && o.onScreen(cmd))
		return o.once(ctx, cmd, command, destinations, w)
	}, paths(destinations)...)
}

// once runs the port and writes all reports.
func (o *runOptions) once(
	ctx context.Context, cmd *cobra.Command, command []string, to []destination, stdout io.Writer,
) error {
	asker, err := o.asker(cmd, command)
	if err != nil {
		return err
	}
	name := cmp.Or(o.name, o.portName(command))
	chosen, nothing, err := o.chosen(cmd, name)
	switch {
	case err != nil:
		return err
	case nothing:
		_, err := fmt.Fprintf(stdout, "nothing to do: no vector of %s failed\n", o.failed)
		return err
	}
	stderr := cmd.ErrOrStderr()
	if o.onScreen(cmd) {
		stderr = io.Discard // the screen is cleared, and a progress line would break its lines
	}
	step, doing, done := progress(stderr)
	run, err := check.Config{
		Asker:         asker,
		Vectors:       chosen,
		Version:       cli.Version(),
		Selected:      o.selected(),
		Kept:          o.kept,
		Level:         o.Level,
		Profile:       o.Profile,
		Name:          name,
		Command:       command,
		Attach:        o.url,
		Capture:       o.port.Capture,
		Gate:          o.Gate,
		FailFast:      o.failFast,
		SkipDiagnosis: !o.diagnose,
		Again:         inParallel(asker),
		Repeat:        o.repeat,
		Surroundings:  o.elsewhere(),
		Beyond:        o.Beyond(),
		Shrink:        o.shrink,
		Doing:         doing,
		Progress:      step,
	}.Do(ctx)
	done()
	if err != nil {
		return err
	}
	if err := o.gate.update(run); err != nil {
		return err
	}
	if err := o.earlier.writeBack(run); err != nil {
		return err
	}
	return o.output.write(run, to, stdout)
}

// chosen returns the vectors that the run is about, and whether none of them has to be asked. Name
// is that of the port.
func (o *runOptions) chosen(
	cmd *cobra.Command, name string,
) (chosen iter.Seq2[vectors.Vector, error], nothing bool, err error) {
	if err := o.earlier.read(cmd, &o.Selection); err != nil {
		return nil, false, err
	}
	if err := o.sameAs(name, o.port.Capture); err != nil {
		return nil, false, err
	}
	if err := o.gate.read(&o.Selection.Selection); err != nil {
		return nil, false, err
	}
	if chosen, err = o.Chosen(); err != nil {
		return nil, false, err
	}
	return o.earlier.left(chosen)
}

// elsewhere returns what starts the port in other surroundings, if that is asked for.
func (o *runOptions) elsewhere() func(mode string, environment []string) check.Asker {
	if !o.surroundings {
		return nil
	}
	return o.portFlags.with
}

// checkWhole checks that flags which need a whole run get one.
func (o *runOptions) checkWhole() error {
	switch {
	case o.surroundings && o.attach != "":
		return errors.New("--surroundings starts the port in other surroundings: give its command, " +
			"and leave --attach out")
	case o.watching.path != "" && (o.merge || o.gate.write != ""):
		return errors.New("--watch asks again and again: leave --merge and --write-baseline out")
	case o.failFast && o.gate.write != "":
		return errors.New("--write-baseline needs a whole run: leave --fail-fast out")
	case o.failFast && o.merge:
		return errors.New("--merge needs a whole run: leave --fail-fast out")
	case o.surroundings && o.merge:
		return errors.New("--surroundings asks some of all vectors again: leave --merge out")
	case o.failed != "" && !o.merge && o.gate.write != "":
		return errors.New("--write-baseline needs a whole run: leave --failed out, or add --merge")
	}
	return nil
}

// selected says which vectors the run is about.
func (o *runOptions) selected() check.Selected {
	s := o.Selection.Selected()
	if !o.merge {
		s.Failed = o.failed
	}
	return s
}

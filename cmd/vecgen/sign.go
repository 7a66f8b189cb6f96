package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/schema"
	"sigkit/vectors"
)

type signOptions struct {
	check bool
	out   string
}

func signCommand() *cobra.Command {
	var o signOptions
	cmd := &cobra.Command{
		Use:   "sign [--check] [-o OUT] [PATH...]",
		Short: "Fill in what the reference answers",
		Long: `sign computes the member "expect" of every vector.

PATH is a vector file (.json) or a folder of them, rewritten in place; the
default is vectors/. Or it is "-" (standard input) or an .ndjson file: one
vector or one bare input a line, answered in order on standard output. An
input that cannot be signed is answered too, with expect.error.

Exit codes: 0 signed, or nothing to change; 1 --check found a difference;
2 wrong usage, or unreadable or invalid files; 130 interrupted.`,
		Example: `  vecgen sign
  vecgen sign --check vectors/
  echo '{"id":"a","email":"user@example.com","key":"test-key",
    "method":"GET","resource":"/api/v1/x","data":{}}' | vecgen sign -`,
		RunE: func(cmd *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				paths = []string{"vectors"}
			}
			return o.run(cmd, paths)
		},
	}
	f := cmd.Flags()
	f.BoolVar(&o.check, "check", false, "write nothing; exit 1 if anything would change")
	f.StringVarP(&o.out, "output", "o", "",
		"write to this `FILE` instead of in place or to standard output")
	return cmd
}

// signed counts what was signed.
type signed struct {
	vectors, files int
	changed        []string // files, or lines of streams
}

func (o *signOptions) run(cmd *cobra.Command, paths []string) error {
	files, streams, err := expand(paths)
	if err != nil {
		return err
	}
	if n := len(files) + len(streams); o.out != "" && n > 1 {
		return fmt.Errorf("-o takes the answer of one file, and there are %d: name one", n)
	}
	count := signed{files: len(files) + len(streams)}
	if err := o.signFiles(files, cmd.OutOrStdout(), &count); err != nil {
		return err
	}
	for _, name := range streams {
		if err := o.signStream(cmd, name, &count); err != nil {
			return err
		}
	}
	if o.check && len(count.changed) > 0 {
		list := strings.Join(count.changed, ", ")
		return &cli.ExitError{
			Code: cli.Differs,
			Err:  fmt.Errorf("not up to date, run vecgen sign: %s", list),
		}
	}
	if cli.IsTerminal(cmd.ErrOrStderr()) {
		fmt.Fprintln(cmd.ErrOrStderr(), count.summary(o.check))
	}
	return nil
}

// summary says in one line what was done.
func (s *signed) summary(check bool) string {
	did := "signed"
	if check {
		did = "checked"
	}
	plural := "s"
	if s.files == 1 {
		plural = ""
	}
	return fmt.Sprintf("%s %d vectors in %d file%s, %d changed",
		did, s.vectors, s.files, plural, len(s.changed))
}

// expand returns the vector files and the NDJSON files that paths name. Folders are searched for
// vector files only.
func expand(paths []string) (files, streams []string, err error) {
	for _, path := range paths {
		if path == "-" || strings.HasSuffix(path, ".ndjson") {
			streams = append(streams, path)
			continue
		}
		inside, err := vectors.Files(path)
		if err != nil {
			return nil, nil, cli.FileError("", path, err)
		}
		before := len(files)
		for _, name := range inside {
			if !strings.HasSuffix(name, ".ndjson") {
				files = append(files, name)
			}
		}
		if len(files) == before {
			return nil, nil, fmt.Errorf("%s: no *.json files in this folder: "+
				"name a folder with vector files, or the .ndjson files themselves", path)
		}
	}
	return files, streams, nil
}

// signFiles reads all files before it writes the first.
func (o *signOptions) signFiles(names []string, stdout io.Writer, count *signed) error {
	texts := map[string][]byte{}
	var problems []error
	ids := map[string]string{}
	for _, name := range names {
		before, err := cli.ReadFile("", name)
		if err != nil {
			return err
		}
		after, err := signFile(name, before, ids)
		if err != nil {
			problems = append(problems, err)
			continue
		}
		if !bytes.Equal(before, after) {
			count.changed = append(count.changed, name)
		}
		texts[name] = after
	}
	count.vectors += len(ids)
	if err := errors.Join(problems...); err != nil || o.check {
		return err
	}
	if o.out != "" && len(names) == 1 {
		return cli.FileError("-o", o.out, o.write(o.out, stdout, texts[names[0]]))
	}
	for _, name := range count.changed {
		if err := o.write(name, stdout, texts[name]); err != nil {
			return err
		}
	}
	return nil
}

func (o *signOptions) write(name string, stdout io.Writer, text []byte) error {
	return cli.WriteOutput(name, stdout, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	})
}

// signFile returns the signed text of a vector file. It adds the ids of the file to ids, which
// names the file that has each.
func signFile(name string, text []byte, ids map[string]string) ([]byte, error) {
	f, err := vectors.ParseFile(name, text)
	if err != nil {
		return nil, err
	}
	if err := schema.Validate(schema.Vectors, text); err != nil {
		return nil, fmt.Errorf("%s: %w", name, err)
	}
	var oracle vectors.Oracle
	for i := range f.Vectors {
		v := &f.Vectors[i]
		if other := ids[v.ID]; other != "" {
			return nil, fmt.Errorf("%s: id %s is given in %s already: rename one", name, v.ID, other)
		}
		ids[v.ID] = name
		v.Expect = new(oracle.Expected(&v.Input))
		if err := checkLength(v, len(v.AppendNDJSON(nil))); err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
	}
	return f.Encode(), nil
}

// checkLength returns an error for a signed vector that is too long to be read again.
func checkLength(v *vectors.Vector, size int) error {
	if size <= vectors.MaxLine {
		return nil
	}
	return fmt.Errorf("vector %s is longer than %d MiB with its answer: shorten its input",
		v.ID, vectors.MaxLine>>20)
}

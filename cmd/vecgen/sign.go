package main

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"reflect"
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
input that cannot be signed is answered too, with expect.error.`,
		Example: `  vecgen sign
  vecgen sign --check vectors/
  echo '{"id":"a","email":"user@example.com","key":"test-key",
    "method":"GET","resource":"/api/v1/x","data":{}}' | vecgen sign -`,
		RunE: func(cmd *cobra.Command, paths []string) error {
			if len(paths) == 0 {
				paths = []string{"vectors"}
			}
			return o.run(paths, cmd.InOrStdin(), cmd.OutOrStdout(), cmd.ErrOrStderr())
		},
	}
	cmd.Flags().BoolVar(&o.check, "check", false, "write nothing; exit 1 if anything would change")
	cmd.Flags().StringVarP(&o.out, "output", "o", "", "write to this file instead of in place or to standard output")
	return cmd
}

func (o *signOptions) run(paths []string, stdin io.Reader, stdout, stderr io.Writer) error {
	files, streams, err := expand(paths)
	if err != nil {
		return err
	}
	if o.out != "" && len(files)+len(streams) > 1 {
		return fmt.Errorf("-o takes the answer of one file, and there are %d: name one", len(files)+len(streams))
	}
	changed, err := o.signFiles(files, stdout)
	if err != nil {
		return err
	}
	for _, name := range streams {
		some, err := o.signStream(name, stdin, stdout, stderr)
		if err != nil {
			return err
		}
		changed = append(changed, some...)
	}
	if o.check && len(changed) > 0 {
		return &cli.ExitError{Code: cli.Differs, Err: fmt.Errorf("not up to date, run vecgen sign: %s", strings.Join(changed, ", "))}
	}
	return nil
}

// expand tells vector files from NDJSON, and lists folders.
func expand(paths []string) (files, streams []string, err error) {
	for _, path := range paths {
		if path == "-" || strings.HasSuffix(path, ".ndjson") {
			streams = append(streams, path)
			continue
		}
		info, err := os.Stat(path)
		switch {
		case err != nil:
			return nil, nil, err
		case info.IsDir():
			inside, _ := filepath.Glob(filepath.Join(path, "*.json"))
			if len(inside) == 0 {
				return nil, nil, fmt.Errorf("%s: no *.json files in this folder: name the folder with the vectors", path)
			}
			files = append(files, inside...)
		default:
			files = append(files, path)
		}
	}
	return files, streams, nil
}

// signFiles reads all files before it writes the first.
func (o *signOptions) signFiles(names []string, stdout io.Writer) (changed []string, err error) {
	signed := map[string][]byte{}
	var faults []error
	ids := map[string]string{}
	for _, name := range names {
		before, err := os.ReadFile(name)
		if err != nil {
			return nil, err
		}
		after, err := signFile(name, before, ids)
		if err != nil {
			faults = append(faults, err)
			continue
		}
		if !bytes.Equal(before, after) || o.out != "" {
			changed = append(changed, name)
			signed[name] = after
		}
	}
	if err := errors.Join(faults...); err != nil || o.check {
		return changed, err
	}
	for _, name := range changed {
		to := name
		if o.out != "" {
			to = o.out
		}
		err := cli.WriteOutput(to, stdout, func(w io.Writer) error { _, err := w.Write(signed[name]); return err })
		if err != nil {
			return nil, err
		}
	}
	return nil, nil
}

// signFile returns the signed text of a vector file. It adds the ids to those seen, with the file that has them.
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
		expect := oracle.Expected(&v.Input)
		v.Expect = &expect
	}
	return f.Encode(), nil
}

// signStream answers NDJSON line by line, holding one line at a time.
func (o *signOptions) signStream(name string, stdin io.Reader, stdout, stderr io.Writer) (changed []string, err error) {
	if name != "-" {
		f, err := os.Open(name)
		if err != nil {
			return nil, err
		}
		defer f.Close()
		stdin = f
	}
	if o.check {
		return checkStream(name, stdin)
	}
	return nil, cli.WriteOutput(o.out, stdout, func(w io.Writer) error { return answerStream(name, stdin, w, stderr) })
}

func answerStream(name string, r io.Reader, w, stderr io.Writer) error {
	out := bufio.NewWriterSize(w, 1<<16)
	var oracle vectors.Oracle
	var text []byte
	for line, err := range vectors.Stream(name, r) {
		if err != nil {
			return errors.Join(out.Flush(), err)
		}
		if line.Fault != nil { // answered all the same; this says what is wrong with it
			fmt.Fprintf(stderr, "vecgen: %v\n", line.Fault)
		}
		line.Sign(&oracle)
		text = line.Vector.AppendNDJSON(text[:0])
		if _, err := out.Write(text); err != nil {
			return err
		}
	}
	return out.Flush()
}

func checkStream(name string, r io.Reader) (changed []string, err error) {
	var oracle vectors.Oracle
	for line, err := range vectors.Stream(name, r) {
		if err != nil {
			return nil, err
		}
		before := line.Vector.Expect
		line.Sign(&oracle)
		if !reflect.DeepEqual(before, line.Vector.Expect) {
			changed = append(changed, fmt.Sprintf("%s:%d", name, line.Number))
		}
	}
	return changed, nil
}

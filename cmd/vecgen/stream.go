package main

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"reflect"

	"github.com/spf13/cobra"

	"sigkit/internal/cli"
	"sigkit/vectors"
)

// signStream answers or checks NDJSON line by line. It keeps one line in memory.
func (o *signOptions) signStream(cmd *cobra.Command, name string, count *signed) error {
	var in io.Reader
	if name == "-" {
		in = interruptible(cmd.Context(), cmd.InOrStdin())
	} else {
		f, err := os.Open(name)
		if err != nil {
			return cli.FileError("", name, err)
		}
		defer f.Close()
		in = f
	}
	if o.check {
		return checkStream(name, in, count)
	}
	err := cli.WriteOutput(o.out, cmd.OutOrStdout(), func(w io.Writer) error {
		answers := bufio.NewWriterSize(w, 1<<16)
		err := answerStream(name, in, answers, cmd.ErrOrStderr(), count)
		return errors.Join(err, answers.Flush())
	})
	return cli.FileError("-o", o.out, err)
}

// interruptible returns a reader of r that fails as soon as ctx is done, even while r blocks.
func interruptible(ctx context.Context, r io.Reader) io.Reader {
	out, in := io.Pipe()
	context.AfterFunc(ctx, func() { in.CloseWithError(ctx.Err()) })
	go func() {
		_, err := io.Copy(in, r)
		in.CloseWithError(err)
	}()
	return out
}

// answerStream writes an answer for each line, also for one that is not a usable input. What is
// wrong with such a line goes to stderr.
func answerStream(name string, in io.Reader, out, stderr io.Writer, count *signed) error {
	var oracle vectors.Oracle
	var text []byte
	for line, err := range vectors.Stream(name, in) {
		if err != nil {
			return err
		}
		if line.Fault != nil {
			fmt.Fprintf(stderr, "vecgen: %v\n", line.Fault)
		}
		line.Sign(&oracle)
		count.vectors++
		text = line.Vector.AppendNDJSON(text[:0])
		if err := checkLength(&line.Vector, len(text)); err != nil {
			return fmt.Errorf("%s:%d: %w", name, line.Number, err)
		}
		if _, err := out.Write(text); err != nil {
			return err
		}
	}
	return nil
}

func checkStream(name string, in io.Reader, count *signed) error {
	var oracle vectors.Oracle
	for line, err := range vectors.Stream(name, in) {
		if err != nil {
			return err
		}
		before := line.Vector.Expect
		line.Sign(&oracle)
		count.vectors++
		if !reflect.DeepEqual(before, line.Vector.Expect) {
			count.changed = append(count.changed, fmt.Sprintf("%s:%d", name, line.Number))
		}
	}
	return nil
}

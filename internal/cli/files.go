package cli

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"golang.org/x/term"
)

// ReadFile reads the file that a flag names. The error names the flag, see [FileError].
func ReadFile(flag, path string) ([]byte, error) {
	text, err := os.ReadFile(path)
	return text, FileError(flag, path, err)
}

// FileError returns the error of a file that a flag names, with the name of the flag:
//
//	--baseline known.txt: no such file or directory
//
// Flag is empty for a file that is an argument. An error that the system did not give is returned
// as it is, as is nil.
func FileError(flag, path string, err error) error {
	failed, ok := errors.AsType[*fs.PathError](err)
	switch {
	case !ok:
		return err
	case flag == "":
		return fmt.Errorf("%s: %w", path, failed.Err)
	}
	return fmt.Errorf("%s %s: %w", flag, path, failed.Err)
}

// CheckFolder returns an error if the folder of a file does not exist, so that a long run does not
// end with a result that cannot be written. An empty path is fine.
func CheckFolder(path string) error {
	if path == "" {
		return nil
	}
	_, err := os.Stat(filepath.Dir(path))
	return err
}

// WriteFile writes a temporary file in the same folder and renames it, so that the file is written
// completely or not at all. The file that a symbolic link leads to is written, and the link stays.
// A device, a pipe or another file that is not regular is written to directly.
func WriteFile(path string, write func(io.Writer) error) error {
	path, err := target(path)
	if err != nil {
		return err
	}
	info, err := os.Stat(path)
	if err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	t, err := newTemporary(path)
	if err != nil {
		return err
	}
	defer t.remove()
	if info != nil {
		if err := t.Chmod(info.Mode().Perm()); err != nil {
			return err
		}
	}
	if err := write(t); err != nil {
		return err
	}
	return t.become(path)
}

// target follows symbolic links, also one that leads to a file that does not exist yet.
func target(path string) (string, error) {
	const most = 40
	for range most {
		next, err := os.Readlink(path)
		if err != nil {
			return path, nil // it is no link
		}
		if !filepath.IsAbs(next) {
			next = filepath.Join(filepath.Dir(path), next)
		}
		path = next
	}
	return "", &fs.PathError{Op: "writing", Path: path, Err: errors.New("too many symbolic links")}
}

// WriteText is [WriteFile] with the text of a file that a flag names.
func WriteText(flag, path string, text []byte) error {
	return FileError(flag, path, WriteFile(path, func(w io.Writer) error {
		_, err := w.Write(text)
		return err
	}))
}

// WriteOutput writes to the file path, or to stdout if path is empty or "-".
func WriteOutput(path string, stdout io.Writer, write func(io.Writer) error) error {
	if path == "" || path == "-" {
		return write(stdout)
	}
	return WriteFile(path, write)
}

// IsTerminal reports whether w is a terminal.
func IsTerminal(w io.Writer) bool {
	f, ok := Unwrap(w).(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

// Unwrap returns the writer behind those that [Run] gives to commands.
func Unwrap(w io.Writer) io.Writer {
	if wrapper, ok := w.(interface{ Unwrap() io.Writer }); ok {
		return wrapper.Unwrap()
	}
	return w
}

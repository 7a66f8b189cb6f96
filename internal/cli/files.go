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
// completely or not at all. A device, a pipe or another file that is not regular is written to
// directly.
func WriteFile(path string, write func(io.Writer) error) (err error) {
	if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() {
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	}
	f, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*")
	if err != nil {
		return &fs.PathError{Op: "writing", Path: path, Err: errors.Unwrap(err)}
	}
	defer func() {
		if err != nil {
			err = errors.Join(err, os.Remove(f.Name()))
		}
	}()
	if err = errors.Join(write(f), f.Close()); err != nil {
		return err
	}
	mode := os.FileMode(0o644)
	if info, err := os.Stat(path); err == nil {
		mode = info.Mode().Perm()
	}
	if err = os.Chmod(f.Name(), mode); err != nil {
		return err
	}
	return os.Rename(f.Name(), path)
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
	f, ok := w.(*os.File)
	return ok && term.IsTerminal(int(f.Fd()))
}

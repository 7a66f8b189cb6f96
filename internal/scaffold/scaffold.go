// Package scaffold writes projects to start a port from, out of the sample ports.
package scaffold

import (
	"bytes"
	"errors"
	"fmt"
	"go/format"
	"io/fs"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"sigkit/ports"
)

// Project returns the files of a project by their names, which have slashes. It builds and runs as
// it is. If complete, it has the whole sample port, else each step of the signing is a function to
// fill in, with the name of its rule.
func Project(language ports.Language, complete bool) (map[string][]byte, error) {
	files, err := portFiles(language, func(string) bool { return complete })
	if err != nil {
		return nil, fmt.Errorf("reading the port in %s: %w", language.Name, err)
	}
	for name, text := range language.Others {
		files[name] = []byte(text)
	}
	return files, addTemplates(files, language, complete)
}

// portFiles returns the files of a sample port, with those steps of the signing that are done. The
// rule of what all steps use is "".
func portFiles(language ports.Language, done func(rule string) bool) (map[string][]byte, error) {
	files := map[string][]byte{}
	port, err := fs.Sub(ports.Files, language.Folder)
	if err != nil {
		return nil, err
	}
	err = fs.WalkDir(port, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(port, name)
		if err == nil {
			files[name], err = convert(name, string(text), done)
		}
		return err
	})
	return files, err
}

// convert returns a file of a sample port as a project has it: without the marks, and without what
// stands between those of a rule that is not done.
func convert(name, text string, done func(rule string) bool) ([]byte, error) {
	var out bytes.Buffer
	left, closed := false, false // between marks, and left out; just after marks
	for line := range strings.Lines(text) {
		if m := begin.FindStringSubmatch(line); m != nil {
			if left = !done(m[3]); left {
				out.WriteString(stub(m))
			}
			continue
		} else if end.MatchString(line) {
			left, closed = false, true
			continue
		}
		double := closed && line == "\n" && bytes.HasSuffix(out.Bytes(), []byte("\n\n"))
		if closed = false; !left && !double {
			out.WriteString(line)
		}
	}
	if path.Ext(name) == ".go" {
		return format.Source(out.Bytes())
	}
	return out.Bytes(), nil
}

// Write writes files below a folder, which it makes if there is none. It overwrites nothing: if one
// of the files exists already, it writes none and returns an error that names it.
func Write(folder string, files map[string][]byte) error {
	names := slices.Sorted(maps.Keys(files))
	for _, name := range names {
		file := filepath.Join(folder, filepath.FromSlash(name))
		if _, err := os.Lstat(file); err == nil {
			return fmt.Errorf("%s: the file exists already: choose another folder", file)
		}
	}
	for i, name := range names {
		if err := create(filepath.Join(folder, filepath.FromSlash(name)), files[name]); err != nil {
			for _, name := range names[:i] {
				err = errors.Join(err, os.Remove(filepath.Join(folder, filepath.FromSlash(name))))
			}
			return err
		}
	}
	return nil
}

// create writes a new file, or nothing.
func create(file string, text []byte) error {
	if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
		return err
	}
	f, err := os.OpenFile(file, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	_, err = f.Write(text)
	if err = errors.Join(err, f.Close()); err != nil {
		err = errors.Join(err, os.Remove(file))
	}
	return err
}

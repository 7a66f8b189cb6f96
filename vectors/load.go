package vectors

import (
	"cmp"
	"embed"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"strings"
	"sync"
)

//go:embed *.json
var files embed.FS

// FS returns the vector files as they are, for readers who want the text.
func FS() fs.FS { return files }

// All returns the embedded vectors, by file and in the order of each. The caller must not change
// them.
func All() []Vector { return all() }

var all = sync.OnceValue(func() []Vector {
	vectors, err := LoadFS(files, ".")
	if err != nil {
		panic("embedded vectors are corrupt: " + err.Error()) // a test loads them
	}
	return vectors
})

// Load returns the vectors of the files that [Files] lists. All must have been signed, and no two
// may have one id. An error names the file, or the vector, and the fix.
func Load(name string) ([]Vector, error) { return collect(Read(name)) }

// LoadFS is [Load] within a file system.
func LoadFS(fsys fs.FS, name string) ([]Vector, error) {
	return collect(source{fsys, name, ""}.read())
}

// Read is [Load] one vector at a time, for files that need not fit into memory. It ends with the
// first error.
func Read(name string) iter.Seq2[Vector, error] {
	s, err := locate(name)
	if err != nil {
		return func(yield func(Vector, error) bool) { yield(Vector{}, err) }
	}
	return s.read()
}

// Files returns the vector files of a folder (*.json, then *.ndjson), or the one file that is
// named. An error says that there is no such file, or no vector file in the folder.
func Files(name string) ([]string, error) {
	s, err := locate(name)
	if err != nil {
		return nil, err
	}
	names, err := s.files()
	for i, inside := range names {
		names[i] = filepath.Join(s.shown, inside)
	}
	return names, err
}

// source is a vector file or a folder of them.
type source struct {
	fsys  fs.FS
	name  string // within fsys
	shown string // the path of fsys in errors
}

func locate(name string) (source, error) {
	info, err := os.Stat(name)
	if err == nil && info.IsDir() {
		return source{os.DirFS(name), ".", name}, nil
	}
	return source{os.DirFS(filepath.Dir(name)), filepath.Base(name), filepath.Dir(name)}, err
}

func collect(all iter.Seq2[Vector, error]) (vectors []Vector, err error) {
	for v, err := range all {
		if err != nil {
			return nil, err
		}
		vectors = append(vectors, v)
	}
	return vectors, nil
}

func (s source) read() iter.Seq2[Vector, error] {
	return func(yield func(Vector, error) bool) {
		names, err := s.files()
		if err != nil {
			yield(Vector{}, err)
			return
		}
		whole, err := newWhole(s.fsys, names)
		if err != nil {
			yield(Vector{}, err)
			return
		}
		seen := map[string]bool{}
		for _, name := range names {
			for v, err := range readFile(whole, name, s.path(name)) {
				if err == nil {
					err = v.ready(seen)
				}
				if !yield(v, err) || err != nil {
					return
				}
			}
		}
		if len(seen) == 0 {
			yield(Vector{}, noVectors(s.path(names[0])))
		}
	}
}

// path returns the path of a file of the source, as errors show it.
func (s source) path(name string) string { return path.Join(filepath.ToSlash(s.shown), name) }

func (s source) files() ([]string, error) {
	info, err := fs.Stat(s.fsys, s.name)
	if err != nil || !info.IsDir() {
		return []string{s.name}, err
	}
	var names []string
	for _, pattern := range []string{"*.json", "*.ndjson"} {
		some, _ := fs.Glob(s.fsys, path.Join(s.name, pattern)) // its only error is a bad pattern
		names = append(names, some...)
	}
	if names == nil {
		return nil, fmt.Errorf("%s: no vectors here: "+
			"name a vector file, or a folder with *.json or *.ndjson files", cmp.Or(s.shown, s.name))
	}
	return names, nil
}

// ready reports a vector that cannot be asked: it has no answer, no id, or the id of another.
func (v *Vector) ready(seen map[string]bool) error {
	switch {
	case v.ID == "":
		return fmt.Errorf("vector %d has no id: give it one", len(seen)+1)
	case v.Expect == nil:
		return fmt.Errorf("vector %s has no `expect`: run vecgen sign on its file", v.ID)
	case seen[v.ID]:
		return fmt.Errorf("id %s is given twice: rename one", v.ID)
	}
	seen[v.ID] = true
	return nil
}

func readFile(fsys *whole, name, shown string) iter.Seq2[Vector, error] {
	if strings.HasSuffix(name, ".ndjson") {
		return readNDJSON(fsys, name, shown)
	}
	return func(yield func(Vector, error) bool) {
		text, err := fs.ReadFile(fsys, name)
		var f File
		if err == nil {
			f, err = ParseFile(shown, text)
		}
		if err != nil {
			yield(Vector{}, err)
			return
		}
		for _, v := range f.Vectors {
			if !yield(v, nil) {
				return
			}
		}
	}
}

func readNDJSON(fsys *whole, name, shown string) iter.Seq2[Vector, error] {
	return func(yield func(Vector, error) bool) {
		f, err := fsys.Open(name)
		if err != nil {
			yield(Vector{}, err)
			return
		}
		defer f.Close()
		for v, err := range usable(shown, f) {
			if !yield(v, err) {
				return
			}
		}
	}
}

// usable returns the vectors of NDJSON. A line that has none ends it with an error.
func usable(name string, r io.Reader) iter.Seq2[Vector, error] {
	return func(yield func(Vector, error) bool) {
		for line, err := range Stream(name, r) {
			if err == nil && line.Fault != nil {
				err = line.Fault
			}
			if !yield(line.Vector, err) || err != nil {
				return
			}
		}
	}
}

// ReadStream is [Read] of NDJSON that is in no file. Name stands for it in errors.
func ReadStream(name string, r io.Reader) iter.Seq2[Vector, error] {
	return func(yield func(Vector, error) bool) {
		seen := map[string]bool{}
		for v, err := range usable(name, r) {
			if err == nil {
				err = v.ready(seen)
			}
			if !yield(v, err) || err != nil {
				return
			}
		}
		if len(seen) == 0 {
			yield(Vector{}, noVectors(name))
		}
	}
}

func noVectors(name string) error {
	return fmt.Errorf("%s: no vectors in this file: add some", name)
}

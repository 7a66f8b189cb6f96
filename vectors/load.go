package vectors

import (
	"embed"
	"fmt"
	"io/fs"
	"iter"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"sync"
)

//go:embed *.json
var files embed.FS

// FS returns the vector files as they are, for readers who want the text.
func FS() fs.FS { return files }

// All returns the embedded vectors, by file and in the order of each. The caller must not change them.
func All() []Vector { return all() }

var all = sync.OnceValue(func() []Vector {
	vectors, err := LoadFS(files, ".")
	if err != nil {
		panic("embedded vectors are corrupt: " + err.Error()) // a test loads them
	}
	return vectors
})

// Load returns the vectors of a vector file (.json), an NDJSON file (.ndjson) or all such files in a folder. All must have been signed, and no two may have one
// id.
func Load(name string) ([]Vector, error) { return collect(Read(name)) }

// LoadFS is [Load] within a file system.
func LoadFS(fsys fs.FS, name string) ([]Vector, error) { return collect(read(fsys, name, "")) }

// Read is [Load] one vector at a time, for files that need not fit into memory. It ends with the first error.
func Read(name string) iter.Seq2[Vector, error] {
	info, err := os.Stat(name)
	switch {
	case err != nil:
		return func(yield func(Vector, error) bool) { yield(Vector{}, err) }
	case info.IsDir():
		return read(os.DirFS(name), ".", name)
	}
	return read(os.DirFS(filepath.Dir(name)), filepath.Base(name), filepath.Dir(name))
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

// read reads from fsys, whose files are called shown/… in errors.
func read(fsys fs.FS, name, shown string) iter.Seq2[Vector, error] {
	return func(yield func(Vector, error) bool) {
		names, err := expand(fsys, name, shown)
		if err != nil {
			yield(Vector{}, err)
			return
		}
		seen := map[string]bool{}
		for _, name := range names {
			for v, err := range readOne(fsys, name, path.Join(filepath.ToSlash(shown), name)) {
				if err == nil {
					err = v.ready(seen)
				}
				if !yield(v, err) || err != nil {
					return
				}
			}
		}
		if len(seen) == 0 {
			yield(Vector{}, fmt.Errorf("%s: no vectors in this file: add some", path.Join(filepath.ToSlash(shown), names[0])))
		}
	}
}

// expand returns the vector files of a folder, or the name of the one file.
func expand(fsys fs.FS, name, shown string) ([]string, error) {
	info, err := fs.Stat(fsys, name)
	if err != nil || !info.IsDir() {
		return []string{name}, err
	}
	names := slices.Concat(glob(fsys, path.Join(name, "*.json")), glob(fsys, path.Join(name, "*.ndjson")))
	if len(names) == 0 {
		return nil, fmt.Errorf("%s: no vectors here: name a vector file, or a folder with *.json or *.ndjson files", shown)
	}
	return names, nil
}

// ready finds a vector that cannot be asked: one without an answer, or with an id that was seen.
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

func glob(fsys fs.FS, pattern string) []string {
	names, _ := fs.Glob(fsys, pattern) // its only error is a bad pattern
	return names
}

func readOne(fsys fs.FS, name, shown string) iter.Seq2[Vector, error] {
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

func readNDJSON(fsys fs.FS, name, shown string) iter.Seq2[Vector, error] {
	return func(yield func(Vector, error) bool) {
		f, err := fsys.Open(name)
		if err != nil {
			yield(Vector{}, err)
			return
		}
		defer f.Close()
		for line, err := range Stream(shown, f) {
			if err == nil && line.Fault != nil {
				err = line.Fault
			}
			if !yield(line.Vector, err) || err != nil {
				return
			}
		}
	}
}

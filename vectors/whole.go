package vectors

import (
	"errors"
	"hash/maphash"
	"io"
	"io/fs"
)

// errChanged is the error of a file that is not any more what it was.
var errChanged = errors.New("the file has changed since the first vector was read: " +
	"nothing may write to it meanwhile")

// whole is a file system of files that must stay as they are. A port that is asked the vectors of
// one file could write to it, or to the next one, and so choose its own questions.
type whole struct {
	fs.FS
	seed maphash.Seed
	sums map[string]uint64 // of regular files; others can be read only once
}

// newWhole reads the files to know what they are.
func newWhole(fsys fs.FS, names []string) (*whole, error) {
	w := &whole{FS: fsys, seed: maphash.MakeSeed(), sums: map[string]uint64{}}
	for _, name := range names {
		info, err := fs.Stat(fsys, name)
		if err != nil {
			return nil, err
		}
		if !info.Mode().IsRegular() {
			continue
		}
		f, err := fsys.Open(name)
		if err != nil {
			return nil, err
		}
		var sum maphash.Hash
		sum.SetSeed(w.seed)
		_, err = io.Copy(&sum, f)
		if err = errors.Join(err, f.Close()); err != nil {
			return nil, err
		}
		w.sums[name] = sum.Sum64()
	}
	return w, nil
}

// Open opens a file that gives errChanged where its end should be if it is not what it was.
func (w *whole) Open(name string) (fs.File, error) {
	f, err := w.FS.Open(name)
	want, known := w.sums[name]
	if err != nil || !known {
		return f, err
	}
	c := &checked{File: f, want: want}
	c.sum.SetSeed(w.seed)
	return c, nil
}

// checked is a file whose text is compared with what it was.
type checked struct {
	fs.File
	sum  maphash.Hash
	want uint64
}

// Read reads on, and compares at the end.
func (c *checked) Read(p []byte) (int, error) {
	n, err := c.File.Read(p)
	_, _ = c.sum.Write(p[:n])
	if err == io.EOF && c.sum.Sum64() != c.want {
		err = errChanged
	}
	return n, err
}

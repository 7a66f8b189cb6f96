package cli

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// temporary is a file that is to replace another one. Where the system can do it, it has no name
// until it is complete, so that nothing is left of it whatever ends the process.
type temporary struct {
	*os.File
	name string // that it has, or gets when it is complete
}

// temporaries are the names of those that have one.
var temporaries sync.Map

// newTemporary creates a file beside the one that it is to replace. Its mode is that of the umask.
func newTemporary(path string) (*temporary, error) {
	const mode = 0o666
	dir, base := filepath.Split(path)
	t := &temporary{name: filepath.Join(dir, "."+base+"."+rand.Text())}
	var err error
	if t.File, err = unnamed(filepath.Clean(dir), mode); err == nil {
		return t, nil
	}
	temporaries.Store(t.name, true)
	if t.File, err = os.OpenFile(t.name, os.O_CREATE|os.O_EXCL|os.O_WRONLY, mode); err != nil {
		temporaries.Delete(t.name)
		return nil, &fs.PathError{Op: "writing", Path: path, Err: errors.Unwrap(err)}
	}
	return t, nil
}

// become gives the complete file the name of the one that it replaces. It is on the disk before
// that: after a power cut there is the old file or the new one.
func (t *temporary) become(path string) error {
	if err := t.Sync(); err != nil {
		return err
	}
	if _, named := temporaries.Load(t.name); !named {
		temporaries.Store(t.name, true)
		if err := link(t.File, t.name); err != nil {
			return &fs.PathError{Op: "writing", Path: path, Err: err}
		}
	}
	if err := t.Close(); err != nil {
		return err
	}
	if err := os.Rename(t.name, path); err != nil {
		return err
	}
	temporaries.Delete(t.name)
	return nil
}

// remove removes a file that has not become the one it was to replace.
func (t *temporary) remove() {
	t.Close()
	if _, left := temporaries.LoadAndDelete(t.name); left {
		_ = os.Remove(t.name)
	}
}

// removeTemporaries removes the files of commands that go on.
func removeTemporaries() {
	temporaries.Range(func(name, _ any) bool {
		_ = os.Remove(name.(string))
		return true
	})
}

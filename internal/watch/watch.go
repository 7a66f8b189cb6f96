// Package watch tells when files change.
package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/fsnotify/fsnotify"
)

// settle is how long nothing must change before a change is told: an editor writes a file in
// several steps.
const settle = 100 * time.Millisecond

// maxFolders bounds how many folders are watched, as systems allow only so many.
const maxFolders = 2000

// output are names of folders with what a build or a run writes, which must not start the next run.
var output = []string{"__pycache__", "build", "dist", "node_modules", "obj", "target"}

// Path tells of changes of a file, or of any file below a folder, until ctx ends: it sends nil
// after each, once for several at about the same time, and an error if watching has come to its
// end. Own are files that do not count. Neither do hidden files, copies that editors make, and
// folders of build output. The folder of a file is watched, since many editors rename a new file to
// the old name.
func Path(ctx context.Context, path string, own ...string) (<-chan error, error) {
	info, err := os.Stat(path)
	if err != nil {
		return nil, err
	}
	if path, err = filepath.Abs(path); err != nil {
		return nil, err
	}
	w := &watcher{root: path, own: map[string]bool{}}
	for _, name := range own {
		if name, err := filepath.Abs(name); err == nil {
			w.own[name] = true
		}
	}
	if !info.IsDir() {
		w.root, w.file = filepath.Dir(path), path
	}
	if w.Watcher, err = fsnotify.NewWatcher(); err != nil {
		return nil, fmt.Errorf("watching %s: %w", path, err)
	}
	if err := w.add(w.root); err != nil {
		return nil, errors.Join(err, w.Close())
	}
	changes := make(chan error, 1)
	go w.run(ctx, changes)
	return changes, nil
}

type watcher struct {
	*fsnotify.Watcher
	root    string
	file    string // the only one that counts; empty for all
	own     map[string]bool
	folders int
}

// add watches a folder and, unless one file alone counts, those below it.
func (w *watcher) add(root string) error {
	return filepath.WalkDir(root, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil && path == w.root:
			return err
		case err != nil: // it is gone again
			return fs.SkipDir
		case !d.IsDir():
			return nil
		case path != w.root && (w.file != "" || !counts(d.Name())):
			return fs.SkipDir
		}
		if w.folders++; w.folders > maxFolders {
			return fmt.Errorf("there are more than %d folders below %s: "+
				"watch the folder of the sources alone", maxFolders, w.root)
		}
		return w.Add(path)
	})
}

// counts reports whether files and folders of this name are watched.
func counts(name string) bool {
	hidden := strings.HasPrefix(name, ".") || strings.HasPrefix(name, "#")
	return !hidden && !strings.HasSuffix(name, "~") && !slices.Contains(output, name)
}

// run sends a change when nothing has changed for a moment. A change that nobody has taken yet
// stands for later ones, too.
func (w *watcher) run(ctx context.Context, changes chan<- error) {
	defer w.Close()
	quiet := time.NewTimer(time.Hour)
	quiet.Stop()
	tell := func(err error) {
		select {
		case changes <- err:
		default:
		}
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-quiet.C:
			tell(nil)
		case e := <-w.Events:
			if w.changed(e) {
				quiet.Reset(settle)
			}
		case err := <-w.Errors:
			if errors.Is(err, fsnotify.ErrEventOverflow) { // something has changed, then
				quiet.Reset(settle)
				continue
			}
			tell(fmt.Errorf("watching %s: %w", w.root, err))
			return
		}
	}
}

// changed reports whether an event counts. A new folder is watched from now on.
func (w *watcher) changed(e fsnotify.Event) bool {
	switch {
	case w.file != "":
		return e.Name == w.file && e.Op != fsnotify.Chmod
	case e.Op == fsnotify.Chmod || w.own[e.Name] || !counts(filepath.Base(e.Name)):
		return false
	}
	if e.Has(fsnotify.Create) {
		_ = w.add(e.Name) // it may be a file, be gone again, or be one folder too many
	}
	return true
}

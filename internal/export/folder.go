package export

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"

	"sigkit/vectors"
)

// manifestFormat is the value of the member `manifest` of every manifest.
const manifestFormat = "sigkit-export/1"

// manifest says what an export has. A test fails if it ran fewer vectors, or if the file of the
// vectors has another digest. Those without a JSON reader search for the members `count` and
// `sha256`, so the layout of [manifest.encode] must stay.
type manifest struct {
	Manifest string `json:"manifest"`
	Format   string `json:"format"`
	Version  string `json:"version"` // of the tool
	Vectors  string `json:"vectors"` // the file, beside the manifest
	Count    int    `json:"count"`
	SHA256   string `json:"sha256"` // of the file, in hexadecimal digits
}

func (m manifest) encode() []byte {
	text, err := json.MarshalIndent(m, "", "  ")
	if err != nil {
		panic(err) // texts and a number always have a JSON form
	}
	return append(text, '\n')
}

// Folder is a folder for an export.
type Folder struct {
	Format Format
	Path   string
}

// Write writes the files of an export, each by calling write with its path. A signer that is there
// already stays. The manifest is written last, so that an export which was interrupted does not
// pass its test. Files that no earlier export has written are an error, and nothing is written.
func (f Folder) Write(
	all []vectors.Vector, version string, write func(path string, text []byte) error,
) error {
	files, err := f.Format.Files(all, version)
	if err != nil {
		return err
	}
	if err := f.checkOwner(files); err != nil {
		return err
	}
	if f.exists(f.Format.Signer) {
		delete(files, f.Format.Signer)
	}
	last := f.Format.manifest()
	names := slices.DeleteFunc(slices.Sorted(maps.Keys(files)), func(name string) bool {
		return name == last
	})
	for _, name := range append(names, last) {
		if err := os.MkdirAll(filepath.Dir(f.file(name)), 0o777); err != nil {
			return err
		}
		if err := write(f.file(name), files[name]); err != nil {
			return err
		}
	}
	return nil
}

// Differences returns the paths of the files of the folder that an export would change or add. The
// version of the tool does not count, and what a signer holds does not either.
func (f Folder) Differences(all []vectors.Vector, version string) ([]string, error) {
	if m, err := f.read(); err != nil {
		return nil, err
	} else if m != nil {
		version = m.Version
	}
	files, err := f.Format.Files(all, version)
	if err != nil {
		return nil, err
	}
	var differing []string
	for _, name := range slices.Sorted(maps.Keys(files)) {
		text, err := os.ReadFile(f.file(name))
		switch {
		case errors.Is(err, fs.ErrNotExist):
		case err != nil:
			return nil, err
		case name == f.Format.Signer, bytes.Equal(text, files[name]):
			continue
		}
		differing = append(differing, f.file(name))
	}
	return differing, nil
}

// checkOwner returns an error if a file would be overwritten that no export of this format wrote.
func (f Folder) checkOwner(files map[string][]byte) error {
	m, err := f.read()
	if err != nil || m != nil {
		return err
	}
	for _, name := range slices.Sorted(maps.Keys(files)) {
		if name != f.Format.Signer && f.exists(name) {
			return fmt.Errorf("%s: the file exists already, and no export wrote it: "+
				"choose another folder", f.file(name))
		}
	}
	return nil
}

// read returns the manifest of the folder, or nil if there is none.
func (f Folder) read() (*manifest, error) {
	name := f.file(f.Format.manifest())
	text, err := os.ReadFile(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	var m manifest
	if err := json.Unmarshal(text, &m); err != nil || m.Manifest != manifestFormat {
		return nil, fmt.Errorf("%s: this is no manifest of an export: choose another folder", name)
	}
	if m.Format != f.Format.Name {
		return nil, fmt.Errorf("%s: the folder has an export of the format %s: choose another folder",
			name, m.Format)
	}
	return &m, nil
}

func (f Folder) exists(name string) bool {
	_, err := os.Lstat(f.file(name))
	return name != "" && err == nil
}

func (f Folder) file(name string) string { return filepath.Join(f.Path, filepath.FromSlash(name)) }

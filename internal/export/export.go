// Package export writes vectors as native tests: the vectors, a manifest, and a test in the idiom
// of a test framework, which needs nothing of this repository. There is one place to plug a signer
// in, a file that is written once.
//
// A signer is given the question of a vector, as a line of JSON (docs/PROTOCOL.md), so that no test
// framework needs a JSON reader without loss. All other members of a vector are plain texts.
//
// A new format is one entry in the table [Formats] and one folder in templates. Files in it whose
// names end in .tmpl lose that ending: Go must not take them for tests of this module.
package export

import (
	"crypto/sha256"
	"embed"
	"encoding/hex"
	"fmt"
	"io/fs"
	"path"
	"strings"

	"sigkit/vectors"
)

//go:embed templates
var templates embed.FS

// Format is a form in which vectors are written.
type Format struct {
	Name    string
	Vectors string // the file of the vectors; the manifest is beside it
	Signer  string // the file to plug a signer in, "" if the format has no test
	Run     string // the command that runs the test, "" if there is none
	encode  func([]vectors.Vector) []byte
}

// Formats returns all formats.
func Formats() []Format {
	return []Format{
		{
			Name:    "pytest",
			Vectors: "vectors.json",
			Signer:  "signer.py",
			Run:     "python3 -m pytest test_signature.py",
			encode:  encodeJSON,
		},
		{
			Name:    "node",
			Vectors: "vectors.json",
			Signer:  "signer.mjs",
			Run:     "node --test signature.test.mjs",
			encode:  encodeJSON,
		},
		{
			Name:    "junit5",
			Vectors: "src/test/resources/signature/vectors.properties",
			Signer:  "src/test/java/signature/Signer.java",
			Run:     "mvn test",
			encode:  encodeProperties,
		},
		{
			Name:    "go",
			Vectors: "testdata/vectors.json",
			Signer:  "signer_test.go",
			Run:     "go test .",
			encode:  encodeJSON,
		},
		{
			Name:    "rust",
			Vectors: "tests/signature/vectors.rs",
			Signer:  "tests/signature/signer.rs",
			Run:     "cargo test --test signature",
			encode:  encodeRust,
		},
		{
			Name:    "php",
			Vectors: "vectors.json",
			Signer:  "signer.php",
			Run:     "php signature_test.php",
			encode:  encodeJSON,
		},
		{
			Name:    "ruby",
			Vectors: "vectors.json",
			Signer:  "signer.rb",
			Run:     "ruby signature_test.rb",
			encode:  encodeJSON,
		},
		{
			Name:    "csharp",
			Vectors: "vectors.properties",
			Signer:  "Signer.cs",
			Run:     "mcs -out:signature-test.exe *.cs && mono signature-test.exe",
			encode:  encodeProperties,
		},
		{Name: "csv", Vectors: "vectors.csv", encode: encodeCSV},
		{Name: "json", Vectors: "vectors.json", encode: encodeJSON},
	}
}

// Files returns the files of an export by their names, which have slashes. Version is that of the
// tool, for the manifest.
func (f Format) Files(all []vectors.Vector, version string) (map[string][]byte, error) {
	text := f.encode(all)
	sum := sha256.Sum256(text)
	m := manifest{
		Manifest: manifestFormat,
		Format:   f.Name,
		Version:  version,
		Vectors:  path.Base(f.Vectors),
		Count:    len(all),
		SHA256:   hex.EncodeToString(sum[:]),
	}
	files := map[string][]byte{f.Vectors: text, f.manifest(): m.encode()}
	if f.Signer == "" {
		return files, nil
	}
	return files, f.addTemplates(files)
}

func (f Format) addTemplates(files map[string][]byte) error {
	folder, err := fs.Sub(templates, path.Join("templates", f.Name))
	if err != nil {
		return err
	}
	err = fs.WalkDir(folder, ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		text, err := fs.ReadFile(folder, name)
		files[strings.TrimSuffix(name, ".tmpl")] = text
		return err
	})
	if err != nil {
		return fmt.Errorf("reading the templates of %s: %w", f.Name, err)
	}
	return nil
}

// manifest is the name of the manifest.
func (f Format) manifest() string { return path.Join(path.Dir(f.Vectors), "manifest.json") }

// Package schema contains the JSON Schemas (draft 2020-12) of the files and lines that sigkit reads
// and writes, and validates documents against them.
//
// Validation takes about 0.1 ms a document, so it is for files from outside and for tests. The
// readers of vectors and answers have checks of their own. Tests compare these with the schemas.
package schema

import (
	"bytes"
	"embed"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"strings"
	"sync"

	"github.com/santhosh-tekuri/jsonschema/v5"
)

//go:embed *.schema.json
var files embed.FS

// FS returns the schema files, for readers who want the text.
func FS() fs.FS { return files }

// Name is the name of a schema.
type Name string

// The schemas.
const (
	Vectors  Name = "vectors"
	Question Name = "question"
	Answer   Name = "answer"
	Result   Name = "result"
	Matrix   Name = "matrix"
)

// base is the start of the ids of the schemas. The host is reserved: nothing is fetched from it.
const base = "https://sigkit.invalid/schema/"

// compiled are the schemas. Each is compiled at its first use.
var compiled = map[Name]func() *jsonschema.Schema{
	Vectors:  sync.OnceValue(func() *jsonschema.Schema { return load(Vectors) }),
	Question: sync.OnceValue(func() *jsonschema.Schema { return load(Question) }),
	Answer:   sync.OnceValue(func() *jsonschema.Schema { return load(Answer) }),
	Result:   sync.OnceValue(func() *jsonschema.Schema { return load(Result) }),
	Matrix:   sync.OnceValue(func() *jsonschema.Schema { return load(Matrix) }),
}

// Validate checks one JSON document against a schema. The error names the place within the document
// and what it may hold.
func Validate(name Name, document []byte) error {
	decoder := json.NewDecoder(bytes.NewReader(document))
	decoder.UseNumber()
	var v any
	if err := decoder.Decode(&v); err != nil {
		return fmt.Errorf("this is not valid JSON: %w", err)
	}
	if _, err := decoder.Token(); err != io.EOF {
		return errors.New("more text follows the JSON value")
	}
	err := compiled[name]().Validate(v)
	if fault, ok := errors.AsType[*jsonschema.ValidationError](err); ok {
		return deepest(fault)
	}
	return err
}

// load compiles an embedded schema. It panics for one that does not compile, which a test excludes.
func load(name Name) *jsonschema.Schema {
	file := string(name) + ".schema.json"
	text, err := files.ReadFile(file)
	if err != nil {
		panic(err)
	}
	compiler := jsonschema.NewCompiler()
	compiler.Draft = jsonschema.Draft2020
	compiler.LoadURL = func(url string) (io.ReadCloser, error) {
		return nil, fmt.Errorf("schema %s is not embedded", url)
	}
	if err := compiler.AddResource(base+file, bytes.NewReader(text)); err != nil {
		panic(err)
	}
	return compiler.MustCompile(base + file)
}

// deepest returns the innermost cause, which is the most specific one.
func deepest(fault *jsonschema.ValidationError) error {
	for len(fault.Causes) > 0 {
		fault = fault.Causes[0]
	}
	place := fault.InstanceLocation
	if place == "" {
		place = "the document"
	}
	return fmt.Errorf("at %s: %s", place, strings.ReplaceAll(fault.Message, base, ""))
}

// Package vectors holds the test vectors, and reads, streams and writes vector files.
//
// A vector is an input, which a port under test is asked to sign, and the answer that the reference gives. The vectors are the JSON files beside this
// source, one group of rules each; [All] returns them, embedded:
//
//	for _, v := range vectors.All() {
//		token := yourSign(v.Input)
//		if v.Expect.Error == "" && token != v.Expect.Token { … }
//	}
//
// Authors write everything but `expect`, which [Input.Expected] computes and `vecgen sign` fills in, in one canonical encoding ([File.Encode]). Large or generated
// sets are NDJSON, a vector or a bare input a line ([Stream]). The package judges nothing and runs nothing.
package vectors

import (
	"fmt"
	"slices"

	"sigkit/signer"
)

// Format is the value of the member `format` of every vector file.
const Format = "sigkit-vectors/1"

// File is one vector file: a group of vectors for one family of rules.
type File struct {
	Schema    string
	Format    string
	Group     string
	About     string
	Reference Reference
	Notes     map[string]string // tag: what it means and which class of bug it stands for
	Vectors   []Vector
}

// Reference names the client whose behaviour a file records.
type Reference struct{ Name, Version string }

// Vector is one test case. Expect is nil while it has not been signed.
type Vector struct {
	ID     string // group/slug; never renamed, never reused
	Level  Level
	Rule   string // a rule id of docs/SIGNATURE.md
	Tags   []string
	Why    string // what goes wrong in ports, in one sentence
	Input  Input
	Expect *Expect
}

// Expect is the reference's answer: a token, or in Error the kind of refusal (see signer.Kind).
type Expect struct {
	HMACMsg     string
	Token       string
	Request     *signer.Sent // nil if the request cannot be sent
	Rebuildable bool         // whether a server can rebuild the message from the request alone
	Error       string
}

// Level says how far from everyday use a vector is.
type Level string

// The levels, each including those before it.
const (
	Core     Level = "core"     // what the published API calls send
	Extended Level = "extended" // everything flat: integers, order traps, key-file and URL edges, refusals
	Quirk    Level = "quirk"    // Python-only spellings: floats, null, nested values, mixed numbers
)

// Levels returns all levels, the lowest first.
func Levels() []Level { return []Level{Core, Extended, Quirk} }

// Includes reports whether a run at level l asks vectors of level other.
func (l Level) Includes(other Level) bool {
	return slices.Index(Levels(), other) <= slices.Index(Levels(), l)
}

// ParseLevel reads the name of a level.
func ParseLevel(name string) (Level, error) {
	if !slices.Contains(Levels(), Level(name)) {
		return "", fmt.Errorf("level %q is unknown: choose core, extended or quirk", name)
	}
	return Level(name), nil
}

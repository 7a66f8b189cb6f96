// Package vectors contains the test vectors, and reads, streams and writes vector files.
//
// A vector is an input, which a port is asked to sign, and the answer that the reference gives. The
// vectors are JSON files in the folder of this source, one for each group of rules. They are
// embedded, and [All] returns them:
//
//	for _, v := range vectors.All() {
//		token := yourSign(v.Input)
//		if v.Expect.Error == "" && token != v.Expect.Token { … }
//	}
//
// Authors write everything but `expect`. [Input.Expected] computes it and `vecgen sign` fills it
// in, in one canonical encoding ([File.Encode]). Large or generated sets are NDJSON, with one
// vector or one bare input a line ([Stream]). The package judges no answers and runs no ports.
package vectors

import (
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

// Reference names the client whose answers a file records.
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

// Expect is the reference's answer. If Error is set, the input is refused, and all other members
// are empty: test Error before Token is used.
type Expect struct {
	HMACMsg     string
	Token       string
	Request     *signer.Sent // nil if the request cannot be sent
	Rebuildable bool         // whether a server can rebuild the message from the request alone
	Error       string       // the kind of refusal, see [signer.Kind]; empty if there is a token
}

// Level says how common the requests are that a vector stands for.
type Level string

// The levels, each including those before it.
const (
	// Core is what the published API calls send.
	Core Level = "core"
	// Extended is every request without nested values: integers, unusual keys, key files and URLs,
	// and refusals.
	Extended Level = "extended"
	// Quirk is what only Python spells this way: floats, null, nested values, mixed numbers.
	Quirk Level = "quirk"
)

// Levels returns all levels, the lowest first.
func Levels() []Level { return []Level{Core, Extended, Quirk} }

// Includes reports whether a run at level l asks vectors of level other.
func (l Level) Includes(other Level) bool {
	return slices.Index(Levels(), other) <= slices.Index(Levels(), l)
}

package signer

// Kind says which rule an input breaks. The values are those of `expect.error` in vector files.
type Kind string

// The kinds of bad input.
const (
	KindKeyFile         Kind = "key-file"         // rules key-file-json, key-file-members
	KindDashboardConfig Kind = "dashboard-config" // rule dashboard-config
	KindUnorderableList Kind = "unorderable-list" // rule unorderable-list
	KindInvalidUnicode  Kind = "invalid-unicode"  // rule message-utf8
	KindInvalidData     Kind = "invalid-data"     // the data is not one JSON object
	KindTooDeep         Kind = "too-deep"         // the data is nested deeper than MaxDepth
	KindInvalidMethod   Kind = "invalid-method"   // rule method-case
	KindInvalidURL      Kind = "invalid-url"      // a request to the URL can be signed but not sent
)

// Error is the error of every function of this package.
type Error struct {
	Kind    Kind
	Where   string // the part of the input: `data["a"]` or `key file, line 1, column 9`
	Problem string // what is wrong there; never quotes a key
	Fix     string // how to correct it
}

// Error returns place, problem and fix in one line.
func (e *Error) Error() string { return e.Where + ": " + e.Problem + "; " + e.Fix }

// Package report writes runs for people and programs: one file per format, one entry in [Formats]
// each.
package report

import (
	"io"
	"maps"
	"slices"

	"sigkit/internal/check"
)

// Options are what a format may need beyond the run. They change what is shown, never what is said.
type Options struct {
	Color bool

	// Brief makes a report of 40 lines at most for people: the causes, and one failure of each.
	Brief bool

	// Language is the one whose idioms are shown: that of the port's command if empty, "all" for all.
	Language string
}

// Format writes a run.
type Format func(w io.Writer, run *check.Run, o Options) error

// formats are all formats of one run by name.
var formats = map[string]Format{
	"badge":      Badge,
	"badge-json": BadgeJSON,
	"github":     GitHub,
	"html":       HTML,
	"json":       JSON,
	"junit":      JUnit,
	"markdown":   Markdown,
	"tap":        TAP,
	"text":       Text,
}

// Names returns the names of all formats of one run, sorted.
func Names() []string { return slices.Sorted(maps.Keys(formats)) }

// Find returns a format by one of the [Names], or nil.
func Find(name string) Format { return formats[name] }

// MatrixFormat writes several runs, one beside the other.
type MatrixFormat func(w io.Writer, runs []*check.Run, o Options) error

// matrixFormats are all formats of several runs by name.
var matrixFormats = map[string]MatrixFormat{
	"html":     MatrixHTML,
	"json":     MatrixJSON,
	"markdown": MatrixMarkdown,
}

// MatrixNames returns the names of all formats of several runs, sorted.
func MatrixNames() []string { return slices.Sorted(maps.Keys(matrixFormats)) }

// FindMatrix returns a format by one of the [MatrixNames], or nil.
func FindMatrix(name string) MatrixFormat { return matrixFormats[name] }

// Package report writes runs for people and programs: one file per format, one entry in [Formats]
// each.
package report

import (
	"io"
	"maps"
	"slices"

	"sigkit/internal/check"
)

// Options are what a format may need beyond the run.
type Options struct {
	Color  bool
	Replay func(id string) string // the command that runs one vector again; nil if there is none

	// Language is the one whose idioms are shown: that of the port's command if empty, "all" for all.
	Language string
}

// Format writes a run.
type Format func(w io.Writer, run *check.Run, o Options) error

// formats are all formats by name.
var formats = map[string]Format{
	"text": Text,
	"json": JSON,
}

// Names returns the names of all formats, sorted.
func Names() []string { return slices.Sorted(maps.Keys(formats)) }

// Find returns a format by one of the [Names], or nil.
func Find(name string) Format { return formats[name] }

// Package report writes runs for people and programs: one file per format, one entry in [Formats] each.
package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"sigkit/internal/check"
)

// Options are what a format may need beyond the run.
type Options struct {
	Color  bool
	Replay func(id string) string // the command that runs one vector again; nil if there is none
}

// Format writes a run.
type Format func(w io.Writer, run *check.Run, o Options) error

// formats are all formats by name.
var formats = map[string]Format{
	"text": Text,
	"json": JSON,
}

// Find returns a format by name.
func Find(name string) (Format, error) {
	if f := formats[name]; f != nil {
		return f, nil
	}
	return nil, fmt.Errorf("report format %q is unknown: choose %s", name, strings.Join(slices.Sorted(maps.Keys(formats)), ", "))
}

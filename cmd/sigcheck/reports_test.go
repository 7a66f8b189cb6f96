package main

import (
	"bytes"
	"maps"
	"slices"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"sigkit/internal/readers"
	"sigkit/internal/report"
	"sigkit/internal/testport"
)

// reports are what all formats made of the runs of many ports.
type reports struct {
	mu     sync.Mutex
	byPort map[string]readers.Report
}

// judge checks every format of a run, if the test is thorough.
func (all *reports) judge(t *testing.T, port string, r ran) {
	if !testport.Thorough() {
		return
	}
	saved, err := r.result.Saved()
	require.NoError(t, err)
	of := readers.Report{Name: port, Code: r.code, Files: map[string][]byte{}}
	for _, format := range report.Names() {
		var out bytes.Buffer
		require.NoError(t, report.Find(format)(&out, saved, report.Options{}))
		of.Files[format] = out.Bytes()
	}
	of.Judge(t)
	all.mu.Lock()
	defer all.mu.Unlock()
	if all.byPort == nil {
		all.byPort = map[string]readers.Report{}
	}
	all.byPort[port] = of
}

// outside gives the reports on one run of each port to other programs.
func (all *reports) outside(t *testing.T) {
	if len(all.byPort) > 0 {
		readers.Outside(t, slices.Collect(maps.Values(all.byPort)))
	}
}

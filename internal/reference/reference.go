// Package reference reads the recorded answers of the vendor's clients in testdata/reference, for
// tests.
package reference

import (
	"bufio"
	"compress/gzip"
	"encoding/json"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"
)

// Record is one recorded request with its outcome: Answer or Error.
type Record struct {
	File      string `json:"-"` // "values", "keyfile-cli", …
	ID        string
	Method    string
	Resource  string
	DataJSON  string  `json:"data_json"`
	KeyFile   string  `json:"key_file"`
	BaseURL   *string `json:"base_url"`
	Dashboard string  `json:"dashboard_config"`
	Answer    *Answer
	Error     *struct{ Stage, Type, Message string }
}

// Answer is what the dry run showed, and the request that would have been sent. Wire is nil if the
// HTTP library refused the request.
type Answer struct {
	HMACMsg string `json:"hmac_msg"`
	Token   string
	URL     string
	Wire    *struct {
		Target      string
		Body        string
		ContentType string `json:"content_type"`
	}
	ProductToken *string `json:"product_token"`
	GroupToken   *string `json:"group_token"`
	FolderToken  *string `json:"folder_token"`
}

// Vigiles reports whether the later client generation answered.
func (r Record) Vigiles() bool { return strings.HasSuffix(r.File, "-cli") }

// Requests returns the 4,800 recorded requests.
func Requests(t testing.TB) []Record {
	return load(t, "realistic", "values", "nested", "mix", "keyfile-toolkit", "keyfile-cli")
}

// Dashboards returns the 74 recorded dashboard configs.
func Dashboards(t testing.TB) []Record { return load(t, "dashboard-toolkit", "dashboard-cli") }

func load(t testing.TB, names ...string) (records []Record) {
	t.Helper()
	_, here, _, _ := runtime.Caller(0)
	for _, name := range names {
		folder := filepath.Join(filepath.Dir(here), "../../testdata/reference")
		f, err := os.Open(filepath.Join(folder, name+".ndjson.gz"))
		if err != nil {
			t.Fatal(err)
		}
		defer f.Close()
		unzipped, err := gzip.NewReader(f)
		if err != nil {
			t.Fatal(err)
		}
		lines := bufio.NewScanner(unzipped)
		lines.Buffer(nil, 1<<20)
		for lines.Scan() {
			r := Record{File: name}
			if err := json.Unmarshal(lines.Bytes(), &r); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
			records = append(records, r)
		}
		if err := lines.Err(); err != nil {
			t.Fatal(err)
		}
	}
	return records
}

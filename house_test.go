package sigkit

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The bounds of the house.
const (
	maxColumns       = 100 // bytes of a line; a tab is one
	maxFileLines     = 400
	maxFunctionLines = 60
)

// imports says which packages of this module each package may import, tests not counted. A package
// that is not listed may import none. Commands are at the top:
//
//	cmd -> report -> check -> port, diagnose, explain -> mistake -> vectors -> signer
//
// The packages schema, shell, stub and wire are at the bottom, beside signer.
var imports = map[string][]string{
	"internal/wire":     {"signer"},
	"internal/stub":     {"internal/wire", "signer"},
	"vectors":           {"signer"},
	"sigtest":           {"vectors"},
	"testdata/module":   {"signer"},
	"internal/random":   {"vectors", "signer"},
	"internal/testport": {"vectors", "signer"},
	"internal/readers":  {"internal/testport"},
	"internal/browser":  {"internal/testport"},
	"internal/mistake":  {"vectors", "signer"},
	"internal/port":     {"internal/stub", "internal/wire", "signer"},
	"internal/diagnose": {
		"internal/mistake", "internal/port", "internal/random", "internal/wire", "vectors", "signer",
	},
	"internal/explain": {
		"internal/diagnose", "internal/mistake", "internal/stub", "internal/wire", "vectors", "signer",
	},
	"internal/check": {
		"internal/diagnose", "internal/explain", "internal/mistake", "internal/port",
		"internal/shell", "internal/stub", "internal/wire", "schema", "vectors", "signer",
	},
	"internal/report": {
		"internal/check", "internal/diagnose", "internal/explain", "internal/mistake",
		"internal/wire", "signer", "vectors",
	},
	"internal/scaffold": {"ports"},
	"internal/export":   {"vectors"},
	"internal/cli":      {"internal/check", "internal/report", "schema", "vectors"},
	"cmd/vecgen": {
		"internal/check", "internal/cli", "internal/export", "internal/random", "schema", "vectors",
	},
	"cmd/sigcheck": {
		"docs", "internal/check", "internal/cli", "internal/diagnose", "internal/explain",
		"internal/mistake", "internal/port", "internal/random", "internal/report",
		"internal/scaffold", "internal/shell", "internal/stub", "internal/watch", "ports", "schema",
		"vectors", "signer",
	},
}

// outside says which packages of others the packages that outsiders import may use.
var outside = map[string][]string{
	"signer":  {"github.com/go-json-experiment/json/jsontext"},
	"vectors": {"github.com/go-json-experiment/json/jsontext"},
	"sigtest": {},
}

func TestImportsPointOneWay(t *testing.T) {
	for _, file := range files(t, ".go") {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ImportsOnly)
		require.NoError(t, err)
		dir := filepath.ToSlash(filepath.Dir(file))
		for _, spec := range parsed.Imports {
			path, err := strconv.Unquote(spec.Path.Value)
			require.NoError(t, err)
			if ours, ok := strings.CutPrefix(path, "sigkit/"); ok {
				assert.Contains(t, imports[dir], ours, "%s imports %s", file, path)
			} else if allowed, ok := outside[dir]; ok && strings.Contains(path, ".") {
				assert.Contains(t, allowed, path, "%s imports %s", file, path)
			}
		}
	}
}

// files returns the files of the repository whose names end in one of some extensions.
func files(t *testing.T, extensions ...string) (found []string) {
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case d.IsDir() && d.Name() == ".git":
			return fs.SkipDir
		case d.Type().IsRegular() && slices.Contains(extensions, filepath.Ext(path)):
			found = append(found, path)
		}
		return nil
	}))
	require.NotEmpty(t, found)
	return found
}

// tableRow matches a row of a table in Markdown. Markdown cannot break one, so it may be wider.
var tableRow = regexp.MustCompile(`^\|.*\|$`)

// No line of code or prose is wider than a page, but rows of tables.
func TestLinesAreShort(t *testing.T) {
	for _, file := range files(t, ".go", ".md") {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		number := 0
		for line := range strings.Lines(string(text)) {
			number++
			line = strings.TrimRight(line, "\r\n")
			if filepath.Ext(file) == ".md" && tableRow.MatchString(line) {
				continue
			}
			if len(line) > maxColumns {
				t.Errorf("%s:%d has %d columns", file, number, len(line))
			}
		}
	}
}

// No file has a merge in it that was not finished.
func TestMergesAreFinished(t *testing.T) {
	mark := regexp.MustCompile(`(?m)^(<<<<<<<|>>>>>>>) `)
	for _, file := range files(t, ".go", ".md", ".json", ".txtar", ".yml") {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.False(t, mark.Match(text), file)
	}
}

func TestFilesAreShort(t *testing.T) {
	for _, file := range files(t, ".go") {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.LessOrEqual(t, bytes.Count(text, []byte("\n")), maxFileLines, file)
	}
}

// No function is long, in tests too. The lines of literals of structs, slices and maps do not
// count: tables are data, however long. A function in a table counts as a function of its own.
func TestFunctionsAreShort(t *testing.T) {
	for _, file := range files(t, ".go") {
		set := token.NewFileSet()
		parsed, err := parser.ParseFile(set, file, nil, 0)
		require.NoError(t, err)
		ast.Inspect(parsed, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl, *ast.FuncLit:
				if lines := functionLines(set, n); lines > maxFunctionLines {
					t.Errorf("%s: the function has %d lines", set.Position(n.Pos()), lines)
				}
			}
			return true
		})
	}
}

// functionLines counts the lines of a function, without those of literals within.
func functionLines(set *token.FileSet, function ast.Node) int {
	lines := func(n ast.Node) int { return set.Position(n.End()).Line - set.Position(n.Pos()).Line }
	count := lines(function) + 1
	ast.Inspect(function, func(n ast.Node) bool {
		literal, ok := n.(*ast.CompositeLit)
		if ok {
			count -= lines(literal)
		}
		return !ok
	})
	return count
}

// The repository stands alone: no file names the host of a registry, or a place on the machine on
// which it was written.
func TestNoFileNamesAHost(t *testing.T) {
	forbidden := regexp.MustCompile(`(?i)` + strings.Join([]string{
		`proxy\.golang` + `\.org`,
		`(registry|www)\.npmjs` + `\.(org|com)`,
		`pypi` + `\.org`,
		`pythonhosted` + `\.org`,
		`(index|static)\.crates` + `\.io`, // the name alone is a value of published API calls
		`rubygems` + `\.org`,
		`packagist` + `\.org`,
		`nuget` + `\.org`,
		`repo1?\.maven` + `\.(apache\.)?org`,
		`\.\./` + `shared`,
		`(^|[^\w.])/wo` + `rk\b`,
	}, "|"))
	extensions := []string{
		".go", ".md", ".json", ".txtar", ".py", ".mjs", ".sh", ".mod", ".sum", ".txt", ".text", ".yml",
	}
	for _, file := range files(t, extensions...) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		if found := forbidden.Find(text); found != nil {
			t.Errorf("%s names %q", file, found)
		}
	}
}

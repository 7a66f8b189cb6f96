// Package sigkit holds no code, only the promises of the whole repository, as tests.
package sigkit

import (
	"bufio"
	"bytes"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/internal/random"
	"sigkit/internal/reference"
	"sigkit/schema"
	"sigkit/vectors"
)

// Signing the vector files again changes no byte, and they are valid by the schema.
func TestVectorFilesAreAsSigned(t *testing.T) {
	names, err := fs.Glob(vectors.FS(), "*.json")
	require.NoError(t, err)
	require.NotEmpty(t, names)
	for _, name := range names {
		text, err := fs.ReadFile(vectors.FS(), name)
		require.NoError(t, err)
		f, err := vectors.ParseFile(name, text)
		require.NoError(t, err)
		assert.Equal(t, name, f.Group+".json")
		for i := range f.Vectors {
			expect := f.Vectors[i].Input.Expected()
			f.Vectors[i].Expect = &expect
		}
		assert.Equal(t, string(text), string(f.Encode()), "run vecgen sign")
		assert.NoError(t, schema.Validate(schema.Vectors, text), name)
	}
}

func TestIDsAreUnique(t *testing.T) {
	seen := map[string]bool{}
	for _, v := range vectors.All() {
		assert.False(t, seen[v.ID], v.ID)
		seen[v.ID] = true
	}
}

// The inputs of recorded requests, signed by way of NDJSON, agree with what the vendor's clients answered.
func TestRecordedRequestsThroughTheStream(t *testing.T) {
	var oracle vectors.Oracle
	for _, r := range reference.Requests(t) {
		profile, base := "linuxlink", ""
		if r.Vigiles() {
			profile = "vigiles"
		}
		if r.BaseURL != nil {
			base = `"base_url":` + quoted(*r.BaseURL) + `,`
		}
		text := `{"profile":"` + profile + `","key_file":` + quoted(r.KeyFile) + `,` + base + `"method":"` + r.Method + `","resource":` + quoted(r.Resource) + `,"data":` + r.DataJSON + `}`
		line, err := vectors.ParseLine(r.File, 1, []byte(text))
		require.NoError(t, err, r.ID)
		line.Sign(&oracle)
		if r.Error != nil {
			assert.NotEmpty(t, line.Vector.Expect.Error, "%s %s", r.File, r.ID)
			continue
		}
		assert.Equal(t, r.Answer.HMACMsg, line.Vector.Expect.HMACMsg, "%s %s", r.File, r.ID)
		assert.Equal(t, r.Answer.Token, line.Vector.Expect.Token, "%s %s", r.File, r.ID)
	}
}

func quoted(s string) string { return string(vectors.AppendString(nil, s)) }

// The rules of docs/SIGNATURE.md and those of the vectors are the same, each with two vectors at least.
func TestEveryRuleHasVectors(t *testing.T) {
	documented := documentedRules(t)
	count := map[string]int{}
	for _, v := range vectors.All() {
		count[v.Rule]++
		assert.Contains(t, documented, v.Rule, v.ID)
	}
	require.Greater(t, len(documented), 25)
	for _, rule := range documented {
		assert.GreaterOrEqual(t, count[rule], 2, "vectors of rule %s", rule)
	}
	specification, err := os.ReadFile("signer/doc.go")
	require.NoError(t, err)
	for _, rule := range documented {
		assert.Contains(t, string(specification), rule, "signer/doc.go cites every rule")
	}
}

// documentedRules are the ids of docs/SIGNATURE.md.
func documentedRules(t *testing.T) (rules []string) {
	text, err := os.ReadFile("docs/SIGNATURE.md")
	require.NoError(t, err)
	for _, match := range regexp.MustCompile("(?m)^- \\*\\*`([a-z0-9-]+)`\\*\\*").FindAllStringSubmatch(string(text), -1) {
		rules = append(rules, match[1])
	}
	return rules
}

// A vector that must be refused has a twin that must be signed, in the same file; a port that refuses everything fails.
func TestRefusalsHaveTwins(t *testing.T) {
	signed := map[string]bool{}
	for _, v := range vectors.All() {
		if v.Expect.Error == "" {
			signed[v.Rule] = true
		}
	}
	for _, v := range vectors.All() {
		if v.Expect.Error != "" && v.Rule != "unorderable-list" {
			assert.True(t, signed[v.Rule], "rule %s has refusals only", v.Rule)
		}
	}
}

// imports says which packages of this module each package may import, tests apart. One that is not listed may import none.
var imports = map[string][]string{
	"vectors":           {"signer"},
	"sigtest":           {"vectors"},
	"internal/stub":     {"internal/wire", "signer"},
	"internal/port":     {"internal/stub", "internal/wire", "signer"},
	"internal/wire":     {"signer"},
	"internal/mistake":  {"internal/mistake/idiom", "internal/random", "internal/stub", "internal/wire", "vectors", "signer"},
	"internal/check":    {"internal/mistake", "internal/port", "internal/stub", "internal/wire", "vectors", "signer"},
	"internal/report":   {"internal/mistake/idiom", "internal/check", "vectors"},
	"internal/random":   {"vectors", "signer"},
	"internal/testport": {"internal/mistake", "vectors", "signer"},
	"cmd/vecgen":        {"internal/cli", "internal/random", "vectors", "schema"},
	"cmd/sigcheck":      {"internal/cli", "internal/report", "internal/check", "internal/mistake", "internal/stub", "internal/port", "vectors", "signer", "schema"},
}

// outside says which packages of others the packages that outsiders import may use.
var outside = map[string][]string{
	"signer":  {"github.com/go-json-experiment/json/jsontext"},
	"vectors": {"github.com/go-json-experiment/json/jsontext"},
	"sigtest": {},
}

func TestImportsPointOneWay(t *testing.T) {
	for _, file := range goFiles(t) {
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

func goFiles(t *testing.T) (files []string) {
	require.NoError(t, filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if strings.HasSuffix(path, ".go") {
			files = append(files, path)
		}
		return err
	}))
	return files
}

// needTool skips the test where a toolchain is missing, except where all must be there.
func needTool(t *testing.T, tool string) {
	if _, err := exec.LookPath(tool); err != nil {
		if os.Getenv("SIGKIT_REQUIRE_TOOLS") != "" {
			t.Fatalf("%s is required here: %v", tool, err)
		}
		t.Skipf("needs %s", tool)
	}
}

// Random requests of every level: the signer here and a plain one in Python, which leaves sorting and spelling to the language that the rules come from, agree.
// SIGKIT_RANDOM says how many.
func TestAgreesWithPythonOnRandomRequests(t *testing.T) {
	needTool(t, "python3")
	count := uint64(3000)
	if text := os.Getenv("SIGKIT_RANDOM"); text != "" {
		var err error
		count, err = strconv.ParseUint(text, 10, 64)
		require.NoError(t, err)
	}
	total := 0
	for i, level := range vectors.Levels() {
		g := random.New(uint64(i), level)
		all := func(yield func(vectors.Vector, error) bool) {
			var text []byte
			for n := range count/3 + 1 {
				text = g.Append(text[:0], n)
				line, err := vectors.ParseLine("random", 1, text)
				if !yield(line.Vector, err) {
					return
				}
			}
		}
		asker := port.Stream{Config: port.Config{Command: []string{"python3", "ports/python/port.py"}}}
		run := runPort(t, check.Config{Asker: asker, Vectors: all})
		for _, failed := range run.Failed()[:min(5, len(run.Failed()))] {
			t.Errorf("%s: %s %s\nwant %s\ngot  %s", failed.ID, failed.Fault, failed.Detail, show(failed.Want), show(failed.Got))
		}
		assert.Zero(t, run.Counts.Unsupported)
		total += run.Counts.Total()
	}
	t.Logf("%d random requests compared", total)
}

func show(s check.Side) string {
	for _, text := range []*string{s.HMACMsg, s.Error, s.URL} {
		if text != nil {
			return *text
		}
	}
	return "(nothing)"
}

// Every console block of README runs as printed: a line that starts with $ is run, what follows is its output. Lines of dots stand for any lines, and times are not compared.
func TestReadmeRunsAsPrinted(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the commands of README")
	}
	for _, block := range consoleBlocks(t, "README.md") {
		t.Run(block.command, func(t *testing.T) {
			for _, tool := range []string{"python3", "node", "jq"} {
				if strings.Contains(block.command, tool) {
					needTool(t, tool)
				}
			}
			if strings.HasPrefix(block.command, "go test ./...") {
				return // we are it
			}
			out, _ := exec.CommandContext(t.Context(), "bash", "-c", block.command).CombinedOutput() // exit codes other than 0 are part of some
			assert.Regexp(t, block.pattern+`\z`, stamps.ReplaceAllString(string(out), "N"))
		})
	}
}

type consoleBlock struct{ command, pattern string }

var stamps = regexp.MustCompile(`[0-9]+\.[0-9]+ s\b`)

func consoleBlocks(t *testing.T, name string) (blocks []consoleBlock) {
	text, err := os.ReadFile(name)
	require.NoError(t, err)
	inside := false
	lines := bufio.NewScanner(bytes.NewReader(text))
	for lines.Scan() {
		line := lines.Text()
		command, isCommand := strings.CutPrefix(line, "$ ")
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```console"
		case inside && isCommand:
			blocks = append(blocks, consoleBlock{command: command, pattern: `\A`})
		case inside && line == "...":
			blocks[len(blocks)-1].pattern += `(?s:.*)`
		case inside:
			blocks[len(blocks)-1].pattern += regexp.QuoteMeta(stamps.ReplaceAllString(line, "N")) + `\n`
		}
	}
	require.NotEmpty(t, blocks)
	return blocks
}

// The documents name every subcommand and flag, and no host of a registry.
func TestDocumentsAreComplete(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	assert.LessOrEqual(t, bytes.Count(readme, []byte("\n")), 250, "lines of README.md")
	for _, word := range []string{
		"sigcheck run", "sigcheck compare", "sigcheck explain", "sigcheck mistakes", "sigcheck sign", "sigcheck heartbeat", "sigcheck serve", "--log-level", "--log-format", "sigcheck list", "sigcheck version", "vecgen sign", "vecgen random", "vecgen questions",
		"--mode", "--attach", "--capture", "--vectors", "--level", "--run", "--skip", "--rule", "--tag", "--shard", "--jobs", "--timeout", "--start-timeout",
		"--fail-fast", "--strict", "--baseline", "--write-baseline", "--report", "--name", "--color", "sigtest",
		"| 0 |", "| 1 |", "| 2 |", "| 3 |", "| 130 |",
	} {
		assert.Contains(t, string(readme), word)
	}
}

// Every source file is formatted as a reader likes it: no longer than 400 lines, generated tables apart.
func TestFilesAreShort(t *testing.T) {
	for _, file := range goFiles(t) {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		assert.LessOrEqual(t, bytes.Count(text, []byte("\n")), 400, file)
	}
	assert.True(t, slices.Contains(goFiles(t), "conformance_test.go"))
}

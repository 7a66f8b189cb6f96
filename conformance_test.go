// Package sigkit holds no code, only the promises of the whole repository, as tests.
package sigkit

import (
	"bufio"
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/port"
	"sigkit/internal/random"
	"sigkit/internal/reference"
	"sigkit/internal/testport"
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

// The inputs of recorded requests, signed as NDJSON, agree with what the vendor's clients answered.
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
		text := fmt.Appendf(nil,
			`{"profile":%q,"key_file":%s,%s"method":%q,"resource":%s,"data":%s}`,
			profile, quoted(r.KeyFile), base, r.Method, quoted(r.Resource), r.DataJSON)
		line, err := vectors.ParseLine(r.File, 1, text)
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

// The rules of docs/SIGNATURE.md and those of the vectors are the same. Each has two vectors or
// more.
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
	id := regexp.MustCompile("(?m)^- \\*\\*`([a-z0-9-]+)`\\*\\*")
	for _, match := range id.FindAllStringSubmatch(string(text), -1) {
		rules = append(rules, match[1])
	}
	return rules
}

// A vector that must be refused has a twin of the same rule that must be signed, so that a port
// that refuses everything fails.
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

// The signer agrees with a plain one in Python on random requests of every level. That one leaves
// sorting and spelling to the language from which the rules come.
func TestAgreesWithPythonOnRandomRequests(t *testing.T) {
	testport.NeedTool(t, "python3")
	count := testport.RandomCount()
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
		command := []string{"python3", "ports/python/port.py"}
		asker := port.Stream{Config: port.Config{Command: command}}
		run := runPort(t, check.Config{Asker: asker, Vectors: all})
		failed := run.Failed()
		for _, f := range failed[:min(5, len(failed))] {
			t.Errorf("%s: %s %s\nwant %s\ngot  %s", f.ID, f.Fault, f.Detail, show(f.Want), show(f.Got))
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

// Every console block of the documents runs as printed: a line that starts with $ is run, what
// follows is its output. A line "..." stands for any lines, and " ..." at the end of a line for the
// rest of it. Times are not compared.
func TestReadmeRunsAsPrinted(t *testing.T) {
	if testing.Short() {
		t.Skip("runs the commands of README")
	}
	for _, name := range []string{"README.md", "docs/COMMANDS.md"} {
		if name != "README.md" && !testport.Thorough() {
			continue
		}
		for _, block := range consoleBlocks(t, name) {
			t.Run(block.command, func(t *testing.T) { block.run(t) })
		}
	}
}

func (b consoleBlock) run(t *testing.T) {
	for _, tool := range []string{"python3", "node", "jq"} {
		if strings.Contains(b.command, tool) {
			testport.NeedTool(t, tool)
		}
	}
	if strings.HasPrefix(b.command, "go test ./...") {
		return // we are it
	}
	// Exit codes other than 0 are part of some.
	out, _ := exec.CommandContext(t.Context(), "bash", "-c", b.command).CombinedOutput()
	assert.Regexp(t, b.pattern+`\z`, stamps.ReplaceAllString(string(out), "N"))
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
		start, isStart := strings.CutSuffix(line, " ...")
		switch {
		case strings.HasPrefix(line, "```"):
			inside = line == "```console"
		case inside && isCommand:
			for strings.HasSuffix(command, `\`) && lines.Scan() {
				command += "\n" + lines.Text()
			}
			blocks = append(blocks, consoleBlock{command: command, pattern: `\A`})
		case inside && isStart:
			blocks[len(blocks)-1].pattern += regexp.QuoteMeta(start) + `.*\n`
		case inside && line == "...":
			blocks[len(blocks)-1].pattern += `(?s:.*)`
		case inside:
			blocks[len(blocks)-1].pattern += regexp.QuoteMeta(stamps.ReplaceAllString(line, "N")) + `\n`
		}
	}
	require.NotEmpty(t, blocks)
	return blocks
}

// The documents name every subcommand, flag and exit code.
func TestDocumentsAreComplete(t *testing.T) {
	for name, words := range map[string][]string{
		"README.md": {
			"sigcheck run", "sigcheck compare", "sigcheck explain", "sigcheck mistakes",
			"sigcheck sign", "sigcheck heartbeat", "sigcheck serve", "sigcheck list",
			"sigcheck init", "sigcheck version", "sigcheck completion", "vecgen sign", "vecgen random",
			"vecgen questions", "sigtest",
			"--mode", "--attach", "--capture", "--vectors", "--level", "--profile", "--run",
			"--skip", "--rule", "--tag", "--shard", "--jobs", "--timeout", "--start-timeout",
			"--diagnose", "--shrink", "--lang", "--fail-fast", "--strict", "--baseline",
			"--write-baseline", "--report", "--name", "--color", "--verbose", "--log-level",
			"--log-format", "--failed", "--merge", "--reproducible", "sigcheck report",
			"sigcheck diff",
			"| 0 |", "| 1 |", "| 2 |", "| 3 |", "| 130 |",
			"docs/COMMANDS.md", "docs/CI.md", "docs/PROTOCOL.md", "docs/SIGNATURE.md",
			"CONTRIBUTING.md", "SECURITY.md",
		},
		"CONTRIBUTING.md": {"SIGKIT_THOROUGH", "go test ./...", ".ci/run", "internal/mistake"},
	} {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for _, word := range words {
			assert.Contains(t, string(text), word, name)
		}
	}
	readme, err := os.ReadFile("README.md")
	require.NoError(t, err)
	assert.LessOrEqual(t, bytes.Count(readme, []byte("\n")), 250, "lines of README.md")
}

package sigkit

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/mistake"
	"sigkit/internal/port"
	"sigkit/internal/report"
	"sigkit/vectors"
)

// spoilt are real ports with a mistake put in, as people make it, and what the diagnosis must say.
var spoilt = []struct {
	name, tool, file string
	level            vectors.Level
	replace          []string // text and its replacement, in turns
	want             []string
}{
	{
		name: "JavaScript that sorts with sort() and prints true", tool: "node", file: "ports/node/port.mjs", level: vectors.Extended,
		replace: []string{
			"true: 'True', false: 'False'", "true: 'true', false: 'false'",
			"if (!Array.isArray(value) || value.length < 2) return value;", "return Array.isArray(value) ? value.toSorted() : value;",
		},
		want: []string{"list-sorted-as-javascript", "boolean-lower-case"},
	},
	{
		name: "Python that forgets decode()", tool: "python3", file: "ports/python/port.py", level: vectors.Quirk,
		replace: []string{`return base64.b64encode(mac.digest()).decode("ascii")`, `return str(base64.b64encode(mac.digest()))`},
		want:    []string{"token-python-bytes"},
	},
	{
		name: "Python that follows the vendor's older plugins", tool: "python3", file: "ports/python/port.py", level: vectors.Quirk,
		replace: []string{
			"value = sorted(data[key]) if isinstance(data[key], list) else data[key]", "value = [str(data[key])]",
			"return result | request(method, server + resource, data)", "return result", // which would refuse what repr() makes harmless
			"        if vigiles:\n            file.setdefault(\"key\", \"\")", "        if not (vigiles and \"organization_key\" in file):\n            file.setdefault(\"key\", \"None\")",
		},
		want: []string{"vendor-older-plugin"},
	},
	{
		name: "Python that dumps JSON and encodes Latin-1", tool: "python3", file: "ports/python/port.py", level: vectors.Core,
		replace: []string{"yield key, str(element)", "yield key, element if isinstance(element, str) else json.dumps(element)", `message.encode("utf-8")`, `message.encode("latin-1", "replace")`},
		want:    []string{"boolean-lower-case", "message-latin-1"},
	},
	{
		name: "Go that escapes and URL-encodes the token", tool: "go", file: "ports/go/main.go", level: vectors.Core,
		replace: []string{`pairs = append(pairs, key+"="+text)`, `pairs = append(pairs, url.QueryEscape(key)+"="+url.QueryEscape(text))`, "base64.StdEncoding", "base64.URLEncoding", `"maps"`, "\"maps\"\n\t\"net/url\""},
		want:    []string{"escaped-quote-plus", "token-base64-url"},
	},
}

// A real port with a mistake in it is told which, with the message or with nothing but the header, in every kind of run.
func TestDiagnosisOfRealPorts(t *testing.T) {
	for _, p := range spoilt {
		t.Run(p.name, func(t *testing.T) {
			needTool(t, p.tool)
			text, err := os.ReadFile(p.file)
			require.NoError(t, err)
			for i := 0; i < len(p.replace); i += 2 {
				require.Equal(t, 1, strings.Count(string(text), p.replace[i]), p.replace[i])
				text = []byte(strings.Replace(string(text), p.replace[i], p.replace[i+1], 1))
			}
			file := filepath.Join(t.TempDir(), filepath.Base(p.file))
			require.NoError(t, os.WriteFile(file, text, 0o600))
			command := built(t, map[string][]string{"go": {"go", "run", file}, "node": {"node", file}, "python3": {"python3", file}}[p.tool])
			for name, asker := range map[string]check.Asker{"stream": port.Stream{Config: port.Config{Command: command}}, "compare": collected(t, command, p.level), "attach": port.Attach{URL: served(t, command)}} {
				run := runPort(t, check.Config{Asker: asker, Vectors: upTo(p.level), Command: command})
				assert.Equal(t, p.want, diagnosed(t, run), name)
				if name == "stream" && testing.Verbose() {
					require.NoError(t, report.Text(os.Stdout, run, report.Options{}))
				}
			}
			bare := port.Stream{Config: port.Config{Command: []string{"python3", "-c", headerOnly, command[0], strings.Join(command[1:], "")}}}
			needTool(t, "python3")
			assert.Equal(t, p.want, diagnosed(t, runPort(t, check.Config{Asker: bare, Vectors: upTo(p.level)})), "header alone")
		})
	}
}

// headerOnly is a program that runs a port and passes on nothing of its answers but the header.
const headerOnly = `
import json, subprocess, sys
port = subprocess.Popen([w for w in sys.argv[1:] if w], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
for line in sys.stdin.buffer:
    port.stdin.write(line); port.stdin.flush()
    answer = json.loads(port.stdout.readline())
    print(json.dumps({k: answer[k] for k in ("headers", "error", "unsupported") if k in answer}), flush=True)
`

// diagnosed returns the ids of the one explanation.
func diagnosed(t *testing.T, run *check.Run) (ids []string) {
	require.NotNil(t, run.Diagnosis)
	require.True(t, run.Diagnosis.Complete, "%+v", run.Diagnosis)
	require.Len(t, run.Diagnosis.Explains, 1)
	for _, m := range run.Diagnosis.Explains[0] {
		ids = append(ids, m.ID)
	}
	return ids
}

// Rules, vectors and mistakes are tied by the rule: each of docs/SIGNATURE.md has a mistake that breaks it.
func TestEveryRuleHasAMistake(t *testing.T) {
	broken := map[string]bool{}
	for _, m := range mistake.Catalogue() {
		broken[m.Rule] = true
	}
	rules := documentedRules(t)
	for _, rule := range rules {
		assert.True(t, broken[rule], rule)
	}
	for rule := range broken {
		assert.Contains(t, rules, rule)
	}
}

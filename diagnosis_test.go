package sigkit

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/diagnose"
	"sigkit/internal/mistake"
	"sigkit/internal/port"
	"sigkit/internal/scaffold"
	"sigkit/internal/testport"
	"sigkit/vectors"
)

// wrongPort is a real port with mistakes put in as people make them, and what the diagnosis must
// say.
type wrongPort struct {
	name, language, file string
	level                vectors.Level
	replace              []string // text and its replacement, in turns
	signed, sent         []string // the mistakes
}

var wrongPorts = []wrongPort{
	{
		name:     "JavaScript that sorts with sort() and prints true",
		language: "JavaScript",
		file:     "signature.mjs",
		level:    vectors.Extended,
		replace: []string{
			"true: 'True', false: 'False'",
			"true: 'true', false: 'false'",
			"if (!Array.isArray(value) || value.length < 2) return value;",
			"return Array.isArray(value) ? [...value].sort() : value;",
		},
		signed: []string{
			"list-sorted-as-javascript", "unorderable-as-given", "boolean-lower-case",
		},
		sent: []string{"sent-booleans-lower-case"},
	},
	{
		name:     "Python that forgets decode()",
		language: "Python",
		file:     "signature.py",
		level:    vectors.Quirk,
		replace: []string{
			`return base64.b64encode(mac.digest()).decode("ascii")`,
			`return str(base64.b64encode(mac.digest()))`,
		},
		signed: []string{"token-python-bytes"},
	},
	{
		name:     "Python that follows the vendor's older plugins",
		language: "Python",
		file:     "signature.py",
		level:    vectors.Quirk,
		replace: []string{
			"value = sort_list(data[key]) if isinstance(data[key], list) else data[key]",
			"value = [str(data[key])]",
			"return signed | request(method, credentials.server + resource, data)",
			"return signed", // which would refuse what repr() makes harmless
			`key_name = "key"` + "\n",
			`key_name, file = "key", {"key": "None"} | file` + "\n",
			`{"key": "", "server_url"`,
			`{"server_url"`,
		},
		signed: []string{"vendor-older-plugin"},
	},
	{
		name:     "Python that dumps JSON and encodes Latin-1",
		language: "Python",
		file:     "signature.py",
		level:    vectors.Core,
		replace: []string{
			"yield key, to_text(element)",
			"yield key, element if isinstance(element, str) else json.dumps(element)",
			`message.encode("utf-8")`,
			`message.encode("latin-1", "replace")`,
		},
		signed: []string{"boolean-lower-case", "message-latin-1"},
	},
	{
		name:     "Go that escapes and URL-encodes the token",
		language: "Go",
		file:     "signature.go",
		level:    vectors.Core,
		replace: []string{
			`pairs = append(pairs, key+"="+text)`,
			`pairs = append(pairs, url.QueryEscape(key)+"="+url.QueryEscape(text))`,
			"base64.StdEncoding",
			"base64.URLEncoding",
		},
		signed: []string{"escaped-quote-plus", "token-base64-url"},
	},
}

// command writes the port to a folder and builds it, and returns how to run it.
func (p wrongPort) command(t *testing.T) []string {
	language := languageNamed(p.language)
	testport.NeedTool(t, program(language))
	files, err := scaffold.Project(language, true)
	require.NoError(t, err)
	text := string(files[p.file])
	for i := 0; i < len(p.replace); i += 2 {
		require.Equal(t, 1, strings.Count(text, p.replace[i]), p.replace[i])
		text = strings.Replace(text, p.replace[i], p.replace[i+1], 1)
	}
	files[p.file] = []byte(text)
	folder := t.TempDir()
	require.NoError(t, scaffold.Write(folder, files))
	return build(t, language, folder)
}

// A real port with mistakes is told which, in every kind of run, with the message or with nothing
// but the header. A test that is not thorough asks the first port, in stream mode alone.
func TestDiagnosisOfRealPorts(t *testing.T) {
	for i, p := range wrongPorts {
		t.Run(p.name, func(t *testing.T) {
			if i > 0 {
				testport.TakesLong(t)
			}
			t.Parallel()
			command := p.command(t)
			stream := port.Stream{Config: port.Config{Command: command}}
			t.Run("stream", func(t *testing.T) { p.run(t, p.sent, stream, stream) })
			if !testport.Thorough() {
				return
			}
			attach := port.Attach{URL: served(t, command)}
			t.Run("attach", func(t *testing.T) { p.run(t, p.sent, attach, attach) })
			t.Run("compare", func(t *testing.T) {
				p.run(t, p.sent, collected(t, command, upTo(p.level)), nil)
			})
			t.Run("header alone", func(t *testing.T) {
				testport.NeedTool(t, "python3")
				bare := append([]string{"python3", "-c", headerOnly}, command...)
				asker := port.Stream{Config: port.Config{Command: bare}}
				p.run(t, nil, asker, asker)
			})
		})
	}
}

// run runs the port, and asks it again for the diagnosis if it can be asked. Every mistake is found
// and certain, and nothing else is named but variants.
func (p wrongPort) run(t *testing.T, sent []string, asker, again check.Asker) {
	d := runPort(t, check.Config{
		Asker:   asker,
		Vectors: upTo(p.level),
		Level:   p.level,
		Again:   again,
		Shrink:  true,

		SearchLimit: time.Minute, // a busy machine finds the same
		AskLimit:    time.Minute,
	}).Diagnosis
	require.NotNil(t, d)
	assert.True(t, d.Complete)
	assert.Equal(t, d.Failures, d.Explained)
	assert.Empty(t, d.Unexplained)
	named := map[diagnose.Side][]string{}
	for _, f := range d.Findings {
		id := f.Mistakes[0].ID
		named[f.Side] = append(named[f.Side], id)
		assert.Equal(t, diagnose.Certain, f.Confidence, id)
		assert.NotEmpty(t, f.Explains, id)
		assert.Empty(t, f.Against, id)
		for _, m := range f.Mistakes[1:] {
			assert.Equal(t, id, m.VariantOf, m.ID)
		}
	}
	assert.ElementsMatch(t, p.signed, named[diagnose.SideSigned])
	assert.ElementsMatch(t, sent, named[diagnose.SideSent])
}

// headerOnly is a program that runs a port and passes on nothing of its answers but the header.
const headerOnly = `
import json, subprocess, sys
port = subprocess.Popen(sys.argv[1:], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
members = "headers", "error", "unsupported"
for line in sys.stdin.buffer:
    port.stdin.write(line); port.stdin.flush()
    answer = json.loads(port.stdout.readline())
    print(json.dumps({k: answer[k] for k in members if k in answer}), flush=True)
`

// Each rule of docs/SIGNATURE.md has a mistake that breaks it.
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

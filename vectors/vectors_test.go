package vectors_test

import (
	"encoding/json"
	"regexp"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/schema"
	"sigkit/vectors"
)

// small is a vector file in canonical form. Tests change it.
const small = `{
  "$schema": "../schema/vectors.schema.json",
  "format": "sigkit-vectors/1",
  "group": "a",
  "about": "x",
  "reference": {"name": "n", "version": "1"},
  "notes": {
    "t": "tag"
  },
  "vectors": [
    {
      "id": "a/b",
      "level": "core",
      "rule": "r",
      "tags": ["t"],
      "why": "w",
      "input": {
        "email": "user@example.com",
        "key": "test-key",
        "method": "GET",
        "resource": "/r",
        "data": {"a": [1, 1.0, "\ud800"], "b": "\u200b日本é", "a": 2}
      }
    }
  ]
}
`

func TestEncodeIsStable(t *testing.T) {
	f, err := vectors.ParseFile("small.json", []byte(small))
	require.NoError(t, err)
	assert.Equal(t, small, string(f.Encode()))
	spaced := strings.ReplaceAll(small, `[1, 1.0, "\ud800"]`, "[ 1,\n\t1.0 , \"\\ud800\"]")
	escaped := strings.ReplaceAll(spaced, "日本", `\u65e5\u672C`)
	f, err = vectors.ParseFile("small.json", []byte(escaped))
	require.NoError(t, err)
	assert.Equal(t, small, string(f.Encode()), "whatever form the author wrote")
}

// notInSchema matches the errors that a schema cannot express.
var notInSchema = regexp.MustCompile(
	"does not start with|not explained|given twice|surrogate|CR LF")

// The reader says file, line, place and fix. It refuses what the schema refuses.
func TestFaultyFiles(t *testing.T) {
	for _, c := range []struct{ old, new, want string }{
		{``, ``, ""},
		{`"why": "w",`, ``, `f.json:24: at /vectors/0: member "why" is missing: add it`},
		{
			`"why"`, `"whi"`,
			`f.json:16: at /vectors/0/whi: member "whi" is unknown: ` +
				`known are expect, id, input, level, rule, tags, why`,
		},
		{
			`"rule": "r"`, `"level": "core"`,
			`f.json:14: at /vectors/0/level: member "level" is given twice: remove one`,
		},
		{
			`"core"`, `"corr"`,
			`f.json:24: at /vectors/0: level "corr" is unknown: choose core, extended or quirk`,
		},
		{
			`"a/b"`, `"a/B"`,
			`f.json:24: at /vectors/0: id "a/B" is not of the form group/name in lower-case letters, ` +
				`digits and single hyphens`,
		},
		{
			`"a/b"`, `"c/b"`,
			`f.json:24: at /vectors/0: id "c/b" does not start with its group: write "a/c/b"`,
		},
		{
			`["t"]`, `["u"]`,
			`f.json:24: at /vectors/0: tag "u" of a/b is not explained: add it to notes, above vectors`,
		},
		{`["t"]`, `"t"`, `f.json:15: at /vectors/0/tags: this is not an array`},
		{`"GET"`, `1`, `f.json:20: at /vectors/0/input/method: this is not a string`},
		{
			`"/r"`, `"\ud800"`,
			`f.json:21: at /vectors/0/input/resource: the string contains an unpaired surrogate: ` +
				`only data may`,
		},
		{
			`"key": "test-key",`, ``,
			`f.json:24: at /vectors/0: there are no credentials: give email and key, or key_file`,
		},
		{
			`"key":`, `"key_file":`,
			`f.json:24: at /vectors/0: key_file is given with email or key: give the file, or the two`,
		},
		{
			`{"a": [1, 1.0, "\ud800"], "b": "\u200b日本é", "a": 2}`, `[]`,
			`f.json:24: at /vectors/0: data is not an object: write {"name": value}`,
		},
		{
			`kit-vectors/1`, `kit-vectors/2`,
			`f.json:26: format "sigkit-vectors/2" is not "sigkit-vectors/1": ` +
				`use the release of sigkit that knows it`,
		},
		{
			"\"about\": \"x\",\n", "\"about\": \"x\",\r\n",
			"f.json:1: line ends are CR LF, so the checkout has changed this file: " +
				"put `vectors/** -text` into .gitattributes and check it out again",
		},
		{`  ]
}`, `  ]
}}`, `f.json:26: more text follows the JSON value: remove it`},
		{`  ]
}`, ``, `f.json:24: at /vectors/0: this is not valid JSON: it ends too early`},
		{
			`"t": "tag"`, `"t": "tag",`,
			`f.json:8: at /notes: this is not valid JSON: invalid character ',' at start of value`,
		},
	} {
		t.Run(c.new, func(t *testing.T) {
			text := strings.Replace(small, c.old, c.new, 1)
			_, err := vectors.ParseFile("f.json", []byte(text))
			if c.want == "" {
				assert.NoError(t, err)
			} else {
				assert.EqualError(t, err, c.want)
			}
			if notInSchema.MatchString(c.want) {
				return
			}
			invalid := schema.Validate(schema.Vectors, []byte(text))
			assert.Equal(t, err == nil, invalid == nil, "the schema says %v", invalid)
		})
	}
}

// A request without a URL is signed, but a server cannot rebuild the message.
func TestExpectedWithoutURL(t *testing.T) {
	in := vectors.Input{
		Email:   new("e"),
		Key:     new("k"),
		BaseURL: new(""),
		Method:  "POST",
		Data:    []byte("{}"),
	}
	e := in.Expected()
	assert.Equal(t, "POSTemail=e", e.HMACMsg)
	require.NotNil(t, e.Request)
	assert.Equal(t, "email=e", *e.Request.Body)
	assert.False(t, e.Rebuildable)
	in.BaseURL, in.Method, in.Resource = new("https://h?"), "GET", "/r"
	e = in.Expected()
	assert.False(t, e.Rebuildable, "the resource is part of the base URL's query")
}

func TestQuestionIsTheInputAndNothingElse(t *testing.T) {
	f, err := vectors.ParseFile("small.json", []byte(small))
	require.NoError(t, err)
	line := f.Vectors[0].AppendQuestion(nil)
	want := `{"id":"a/b","email":"user@example.com","key":"test-key","method":"GET",` +
		`"resource":"/r","data":{"a":[1,1.0,"\ud800"],"b":"\u200b日本é","a":2}}` + "\n"
	assert.Equal(t, want, string(line))
	for _, v := range vectors.All() {
		require.NoError(t, schema.Validate(schema.Question, v.AppendQuestion(nil)), v.ID)
	}
}

// A vector that is written as NDJSON and read again is the same.
func TestStream(t *testing.T) {
	var text []byte
	for _, v := range vectors.All() {
		text = v.AppendNDJSON(text)
		text = append(text, '\n') // blank lines are skipped
	}
	i := 0
	for line, err := range vectors.Stream("all.ndjson", strings.NewReader(string(text))) {
		require.NoError(t, err)
		require.Nil(t, line.Fault)
		want := vectors.All()[i]
		want.Input.Data, line.Vector.Input.Data = nil, nil // spaces differ
		require.Empty(t, cmp.Diff(want, line.Vector))
		i++
	}
	assert.Equal(t, len(vectors.All()), i)
}

// answered signs lines and shows what comes out.
func answered(t *testing.T, text string) (answers []string, last error) {
	var oracle vectors.Oracle
	for line, err := range vectors.Stream("x.ndjson", strings.NewReader(text)) {
		if err != nil {
			return answers, err
		}
		line.Sign(&oracle)
		answers = append(answers, line.Vector.ID+" "+line.Vector.Expect.HMACMsg+line.Vector.Expect.Error)
	}
	return answers, nil
}

func TestBareInputs(t *testing.T) {
	const input = `"email":"e","key":"k","method":"GET","resource":"/r","data":`
	got, err := answered(t, strings.Join([]string{
		`{"id":"good",` + input + `{}}`,
		`{` + input + `{}}`,
		`{"id":"half",` + input + `{"a":"\ud800"}}`,
		`{"id":"resource","email":"e","key":"k","method":"GET","resource":"\ud800","data":{}}`,
		`{"id":"list",` + input + `[]}`,
		`{"id":"typo","metod":"GET"}`,
		`{"email":1,"id":"type"}`,
		`{"id":"mixed",` + input + `{"a":[1,"x"]}}`,
		`{"id":"deep",` + input + `{"a":` + strings.Repeat("[", 1000) + strings.Repeat("]", 1000) + `}}`,
		`{"id":"file","key_file":"{}","method":"GET","resource":"/r","data":{}}`,
		`{"id":"dashboard","dashboard_config":"{\"product\":\"\\ud800\"}",` + input + `{}}`,
		`{"id":"email","key_file":"{\"email\":\"\\ud800\",\"key\":\"k\"}","method":"GET",` +
			`"resource":"/r","data":{}}`,
		`{"id":"lower","email":"e","key":"k","method":"get","resource":"/r","data":{}}`,
		`{"id":"vector","input":{` + input + `{"z":true}}}`,
		`{"id":"both","why":"w",` + input + `{}}`,
	}, "\n"))
	require.NoError(t, err)
	assert.Equal(t, []string{
		"good GET/remail=e",
		"line-2 GET/remail=e",
		"half invalid-unicode",
		"resource invalid-unicode",
		"list invalid-input",
		"typo invalid-input",
		"type invalid-input",
		"mixed unorderable-list",
		"deep too-deep",
		"file key-file",
		"dashboard invalid-unicode",
		"email invalid-unicode",
		"lower invalid-method",
		"vector GET/remail=e&z=True",
		"both invalid-input",
	}, got)
}

func TestLinesThatAreNoObjects(t *testing.T) {
	for text, want := range map[string]string{
		"{}\n\n[1]": "x.ndjson:3: this is not an object",
		"x":         "x.ndjson:1: this is not valid JSON: invalid character 'x' at start of value",
		"{\"a\":1":  "x.ndjson:1: at /a: this is not valid JSON: it ends too early",
		"{} {}":     "x.ndjson:1: more text follows the JSON value: remove it",
		"\xff":      "x.ndjson:1: the text is not valid UTF-8: save it as UTF-8",
		"null":      "x.ndjson:1: this is not an object",
	} {
		_, err := answered(t, text)
		assert.Error(t, err, text)
		if !strings.Contains(want, "early") {
			assert.EqualError(t, err, want)
		}
	}
}

func TestLoad(t *testing.T) {
	f, err := vectors.ParseFile("small.json", []byte(small))
	require.NoError(t, err)
	f.Vectors[0].Expect = new(f.Vectors[0].Input.Expected())
	signed := f.Encode()
	line := string(f.Vectors[0].AppendNDJSON(nil))
	for name, c := range map[string]struct {
		files map[string]string
		want  string
	}{
		"signed": {map[string]string{"a.json": string(signed)}, ""},
		"ndjson": {map[string]string{"a.ndjson": line}, ""},
		"unsigned": {
			map[string]string{"a.json": small},
			"vector a/b has no `expect`: run vecgen sign on its file",
		},
		"twice": {
			map[string]string{"a.json": string(signed), "b.json": string(signed)},
			"id a/b is given twice: rename one",
		},
		"empty": {
			map[string]string{"a.txt": ""},
			".: no vectors here: name a vector file, or a folder with *.json or *.ndjson files",
		},
		"bad line": {
			map[string]string{"a.ndjson": line + "{\"id\":\"x\"}\n"},
			"a.ndjson:2: there are no credentials: give email and key, or key_file",
		},
	} {
		t.Run(name, func(t *testing.T) {
			fsys := fstest.MapFS{}
			for file, text := range c.files {
				fsys[file] = &fstest.MapFile{Data: []byte(text)}
			}
			all, err := vectors.LoadFS(fsys, ".")
			if c.want != "" {
				assert.EqualError(t, err, c.want)
				return
			}
			require.NoError(t, err)
			assert.Len(t, all, 1)
		})
	}
}

// Characters that cannot be seen are escaped, and the escapes decode to the same text.
func TestAppendString(t *testing.T) {
	for text, want := range map[string]string{
		"plain é日本":      `"plain é日本"`,
		"\x00\x1f\x7f\n": `"\u0000\u001f\u007f\n"`,
		"\u200b\u0301":   `"\u200b\u0301"`,
		"\U0001f511":     `"\ud83d\udd11"`,
		`"\/`:            `"\"\\/"`,
	} {
		got := vectors.AppendString(nil, text)
		assert.Equal(t, want, string(got))
		var back string
		require.NoError(t, json.Unmarshal(got, &back))
		assert.Equal(t, text, back)
	}
}

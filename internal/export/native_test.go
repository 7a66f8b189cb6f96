package export_test

import (
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/check"
	"sigkit/internal/export"
	"sigkit/internal/mistake"
	"sigkit/internal/port"
	"sigkit/internal/testport"
	"sigkit/internal/wire"
	"sigkit/ports"
	"sigkit/signer"
	"sigkit/vectors"
)

// native says how an export is tested where its language is installed.
type native struct {
	tool   []string // a command that succeeds where all that is needed is there
	port   string   // the folder of the sample port
	copies []string // its files that the signer needs
	folder string   // where they go
	header string   // what comes before their text
	run    string   // a line of shell, run in the folder of the export
	filter string   // the same for few vectors; "" if the framework cannot choose
}

// junit are the libraries of JUnit 5, as Debian has them.
const junit = "/usr/share/java/junit-platform-console.jar:" +
	"/usr/share/java/junit-platform-reporting.jar:/usr/share/java/junit-platform-launcher.jar:" +
	"/usr/share/java/junit-platform-engine.jar:/usr/share/java/junit-platform-commons.jar:" +
	"/usr/share/java/junit-jupiter-api.jar:/usr/share/java/junit-jupiter-engine.jar:" +
	"/usr/share/java/opentest4j.jar:/usr/share/java/apiguardian-api.jar:" +
	"/usr/share/java/opentest4j-reporting-events.jar:/usr/share/java/picocli.jar"

const javac = "javac -d build -cp " + junit + " src/test/java/signature/*.java && " +
	"java -cp " + junit + ":build:src/test/resources org.junit.platform.console.ConsoleLauncher " +
	"--disable-banner --disable-ansi-colors "

func natives() map[string]native {
	return map[string]native{
		"pytest": {
			tool:   []string{"python3", "-c", "import pytest"},
			port:   "python",
			copies: []string{"signature.py"},
			run:    "python3 -m pytest -q -p no:cacheprovider test_signature.py",
			filter: "python3 -m pytest -q -p no:cacheprovider test_signature.py -k token",
		},
		"node": {
			tool:   []string{"node", "--version"},
			port:   "node",
			copies: []string{"signature.mjs"},
			run:    "node --test signature.test.mjs",
			filter: "node --test --test-name-pattern token/ signature.test.mjs",
		},
		"junit5": {
			tool:   []string{"sh", "-c", "javac -version && test -e " + strings.Split(junit, ":")[0]},
			port:   "java",
			copies: []string{"Json.java", "Signature.java"},
			folder: "src/test/java/signature",
			header: "package signature;\n",
			run:    javac + "--select-class signature.SignatureTest",
			filter: javac + "--select-method signature.SignatureTest#vectorsAreThoseOfTheManifest",
		},
		"go": {
			tool:   []string{"go", "version"},
			port:   "go",
			copies: []string{"files.go", "signature.go"},
			run:    "go mod init example; go test .",
			filter: "go test -run TestSignature/token .",
		},
		"rust": {
			tool:   []string{"cargo", "--version"},
			port:   "rust",
			copies: []string{"Cargo.toml", "Cargo.lock", "src/main.rs", "src/signature.rs"},
			run:    "cargo test -q --test signature -- --nocapture",
		},
		"php": {
			tool:   []string{"php", "--version"},
			port:   "php",
			copies: []string{"signature.php"},
			run:    "php signature_test.php",
		},
		"ruby": {
			tool:   []string{"ruby", "-e", "require 'minitest'"},
			port:   "ruby",
			copies: []string{"signature.rb"},
			run:    "ruby signature_test.rb",
			filter: "ruby signature_test.rb -n /token/",
		},
		"csharp": {
			tool:   []string{"sh", "-c", "mcs --version && mono --version"},
			port:   "csharp",
			copies: []string{"Credentials.cs", "Json.cs", "Signature.cs"},
			run: "mcs -r:System.Numerics -out:signature-test.exe *.cs && " +
				"mono signature-test.exe",
		},
	}
}

// installed returns how to run an export, and skips the test if its language is not installed. A
// test that is not thorough runs one format.
func installed(t *testing.T, f export.Format) native {
	n, ok := natives()[f.Name]
	require.True(t, ok, "no test runs the format %s", f.Name)
	if f.Name != "php" {
		testport.TakesLong(t)
	}
	testport.NeedTool(t, n.tool[0], n.tool[1:]...)
	return n
}

// project makes a folder with the sample port and a signer that calls it, and returns its path.
func (n native) project(t *testing.T, f export.Format) string {
	dir := t.TempDir()
	for _, name := range n.copies {
		text, err := ports.Files.ReadFile(n.port + "/" + name)
		require.NoError(t, err)
		text = []byte(n.header + strings.Replace(string(text), "package main", "package signature", 1))
		write(t, filepath.Join(dir, n.folder, name), text)
	}
	plug, err := os.ReadFile(filepath.Join("testdata", "plugs", f.Name, filepath.Base(f.Signer)))
	require.NoError(t, err)
	write(t, filepath.Join(dir, f.Signer), plug)
	return dir
}

func writeFile(path string, text []byte) error { return os.WriteFile(path, text, 0o666) }

func write(t *testing.T, path string, text []byte) {
	require.NoError(t, os.MkdirAll(filepath.Dir(path), 0o777))
	require.NoError(t, os.WriteFile(path, text, 0o666))
}

// shell runs a line of shell, and returns what it printed and whether it succeeded.
func shell(t *testing.T, dir, line string, env ...string) (out string, passed bool) {
	command := exec.CommandContext(t.Context(), "sh", "-c", line)
	command.Dir = dir
	command.Env = append(os.Environ(), env...)
	text, err := command.CombinedOutput()
	return string(text), err == nil
}

func upTo(level vectors.Level) (all []vectors.Vector) {
	for _, v := range vectors.All() {
		if level.Includes(v.Level) {
			all = append(all, v)
		}
	}
	return all
}

// In every format the sample port passes, and the vectors of wrong ports fail exactly if they fail
// in sigcheck. The test fails if fewer vectors run than the manifest lists, and if the vectors were
// changed.
func TestNativeTests(t *testing.T) {
	wrong := newWrongPorts(t)
	for _, f := range tests() {
		t.Run(f.Name, func(t *testing.T) {
			n := installed(t, f)
			dir := n.project(t, f)
			folder := export.Folder{Format: f, Path: dir}
			require.NoError(t, folder.Write(upTo(vectors.Extended), "test", writeFile))
			out, passed := shell(t, dir, n.run)
			require.True(t, passed, "%s", out)
			assert.Empty(t, failures(out))
			if n.filter != "" {
				out, passed = shell(t, dir, n.filter)
				assert.False(t, passed, "with few vectors: %s", out)
				assert.Contains(t, out, "vectors ran")
			}
			file := filepath.Join(dir, f.Vectors)
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			write(t, file, append(text, '\n'))
			out, passed = shell(t, dir, n.run)
			assert.False(t, passed, "with other vectors: %s", out)
			assert.Contains(t, out, "the vectors were changed")

			require.NoError(t, folder.Write(wrong.vectors, "test", writeFile))
			out, passed = shell(t, dir, n.run, "SIGKIT_ANSWERS="+wrong.file(t))
			assert.False(t, passed)
			require.Empty(t, cmp.Diff(wrong.failing, failures(out)), "%.3000s", out)
			assert.NotContains(t, out, "the vectors were changed")
		})
	}
}

func tests() []export.Format {
	return slices.DeleteFunc(export.Formats(), func(f export.Format) bool { return f.Signer == "" })
}

// verdict matches what a test prints for a vector that fails.
var verdict = regexp.MustCompile(
	`(\S+): (?:accepted: |refused: |wrong-message|wrong-token|unsupported: \S+, at level core)`)

// failures returns the ids of the vectors that failed, sorted, each once.
func failures(out string) (ids []string) {
	for _, m := range verdict.FindAllStringSubmatch(out, -1) {
		ids = append(ids, m[1])
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// wrongPorts are many ports with a mistake each: the vectors that they are asked, with the name of
// the port in the id, and their answers. All are one export, so that it is built and run once.
type wrongPorts struct {
	vectors []vectors.Vector
	answers []string // lines of id, kind of answer, and token and message in hexadecimal digits
	failing []string // the ids of the vectors that fail in sigcheck, sorted
}

// newWrongPorts returns 90 ports with known mistakes in what they sign, and some that call all
// vectors of a level unsupported. They are asked few vectors that catch every mistake. A test that
// is not thorough has fewer ports.
func newWrongPorts(t *testing.T) *wrongPorts {
	count := 90
	if !testport.Thorough() {
		count = 10
	}
	asked, known := minimal(t)
	w := &wrongPorts{}
	for i := range count {
		steps := mistake.Set{known[i*len(known)/count]}.Steps()
		failing := w.add(known[i*len(known)/count].ID, asked, func(v *vectors.Vector) port.Answer {
			return signed(steps.Sign(mistake.NewQuestion(&v.Input)))
		})
		require.NotZero(t, failing, known[i*len(known)/count].ID)
	}
	for _, level := range []vectors.Level{vectors.Core, vectors.Extended} {
		failing := w.add("lacks-"+string(level), asked, func(v *vectors.Vector) port.Answer {
			if v.Level == level {
				return port.Answer{Unsupported: new("this")}
			}
			return signed(mistake.Set{}.Steps().Sign(mistake.NewQuestion(&v.Input)))
		})
		assert.Equal(t, level == vectors.Core, failing > 0)
	}
	slices.Sort(w.failing)
	return w
}

// minimal returns few vectors that catch what all catch, and the mistakes of what is signed, but
// for the name of the header, that are caught.
func minimal(t *testing.T) (asked []vectors.Vector, known []*mistake.Mistake) {
	all := upTo(vectors.Extended)
	score, err := check.NewScore(func(yield func(vectors.Vector, error) bool) {
		for _, v := range all {
			if !yield(v, nil) {
				return
			}
		}
	})
	require.NoError(t, err)
	ids, _ := score.Smallest()
	for _, v := range all {
		if slices.Contains(ids, v.ID) {
			asked = append(asked, v)
		}
	}
	for _, m := range score.Mistakes {
		if m.Caught && !m.Sends() && !m.Changes("HeaderName") {
			known = append(known, m.Mistake)
		}
	}
	return asked, known
}

func signed(a mistake.Answer) port.Answer {
	if a.Refused {
		return port.Answer{Error: new("no")}
	}
	return port.Answer{
		HMACMsg: new(strings.ToValidUTF8(a.Message, "?")),
		Headers: []wire.Header{{Name: signer.Header, Value: a.Token}},
	}
}

// add adds a port, and returns how many vectors fail.
func (w *wrongPorts) add(
	name string, asked []vectors.Vector, answer func(*vectors.Vector) port.Answer,
) (failing int) {
	for _, v := range asked {
		a := answer(&v)
		v.ID = name + "/" + v.ID
		r := check.Judge(&v, port.Reply{Answer: &a})
		if r.Outcome == check.Fail || r.Outcome == check.Unsupported && v.Level == vectors.Core {
			w.failing = append(w.failing, v.ID)
			failing++
		}
		w.vectors = append(w.vectors, v)
		w.answers = append(w.answers, v.ID+"\t"+line(a))
	}
	return failing
}

// file writes the answers to a file, and returns its path.
func (w *wrongPorts) file(t *testing.T) string {
	path := filepath.Join(t.TempDir(), "answers.txt")
	write(t, path, []byte(strings.Join(w.answers, "")))
	return path
}

func line(a port.Answer) string {
	switch {
	case a.Error != nil:
		return "refused\t\t\n"
	case a.Unsupported != nil:
		return "unsupported\t\t\n"
	}
	return fmt.Sprintf("signed\t%x\t%x\n", a.Headers[0].Value, *a.HMACMsg)
}

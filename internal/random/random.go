// Package random makes random vectors: the n-th vector of a seed and level is always the same, whatever was made before it, so that any number of workers make
// the same file.
//
// The inputs are weighted towards what ports get wrong: keys that differ in case or punctuation, text of several scripts, characters that forms and
// messages treat differently, lists out of order, numbers at the borders of machine types.
package random

import (
	"encoding/json"
	"math/rand/v2"
	"strconv"

	"sigkit/signer"
	"sigkit/vectors"
)

// Generator makes the vectors of one seed and level. It is not safe for concurrent use; [Generator.Clone] makes another for another goroutine.
type Generator struct {
	seed   uint64
	level  vectors.Level
	pool   *pool // shared by clones
	source *rand.PCG
	random *rand.Rand

	// The vector in hand.
	members  signer.Object
	elements []signer.Value
	data     []byte
	text     []byte
}

// New returns a generator.
func New(seed uint64, level vectors.Level) *Generator {
	g := &Generator{seed: seed, level: level}
	g.reseed(1<<64 - 1)
	g.pool = g.fill()
	return g
}

// Clone returns an independent generator of the same vectors.
func (g *Generator) Clone() *Generator {
	return &Generator{seed: g.seed, level: g.level, pool: g.pool}
}

// Append appends vector number n as a line of NDJSON.
func (g *Generator) Append(dst []byte, n uint64) []byte {
	g.reseed(n)
	account := g.pool.accounts[g.random.IntN(len(g.pool.accounts))]
	resource := g.pool.resources[g.random.IntN(len(g.pool.resources))]
	r := signer.Request{Method: methods[g.random.IntN(len(methods))], Resource: resource, Data: g.object()}
	g.data = g.appendJSON(g.data[:0], r.Data)
	id := "random-" + strconv.FormatUint(g.seed, 10) + "-" + strconv.FormatUint(n, 10)
	return account.AppendNDJSON(dst, id, g.level, r, g.data)
}

func (g *Generator) reseed(n uint64) {
	if g.source == nil {
		g.source = rand.NewPCG(g.seed, n)
		g.random = rand.New(g.source)
	}
	g.source.Seed(g.seed, n)
}

func (g *Generator) above(l vectors.Level) bool { return g.level != l && g.level.Includes(l) }

// chance reports true once in n.
func (g *Generator) chance(n int) bool { return g.random.IntN(n) == 0 }

var (
	methods   = []string{"GET", "GET", "POST", "POST", "PUT", "PATCH", "DELETE"}
	resources = []string{
		"/api/v1/heartbeat", "/api/v1/vigiles/manifests", "/api/v1/vigiles/folders", "/api/v1/vigiles/groups", "/api/v1/vigiles/cves",
		"/api/v1/vigiles/reports/compare", "/api/v1/vigiles/folders/archive",
		"/api/v1/vigiles/manifests/TOKEN", "/api/v1/vigiles/reports/TOKEN", "/api/v1/vigiles/groups/TOKEN/settings", "/api/v1/vigiles/groups/TOKEN/members/user@example.com",
	}
	oddResources = []string{"/api/v1/x/", "/api//v1", "", "/", "/api/v1/%20x", "/api/v1/a b", "/api/v1/a+b", "/api/v1/\u65e5\u672c", "/api/v1/x?y=1", "/api/v1/a=b&c"}
	names        = []string{
		"product_token", "group_token", "folder_token", "manifest_name", "manifest", "fields", "tokens", "with_field", "ids_only", "confirmed",
		"filtered", "format", "sbom_format", "sbom_version", "vuln_identifiers", "new_role", "status", "product", "version", "subfolders",
	}
	oddNames = []string{"", "a", "a-b", "a.b", "ab", "A", "a=b", "a&b", "a b", "a+b", "a[]", "%41", "Email", "email", "emai", "email2", "email_", "~", "\u00e9", "e\u0301", "\uffee", "\U00010000", "\u65e5\u672c"}
	words    = []string{
		"", "a=1&b=2", "a+b", "a b", "100%", "%41", "&amp;", "caf\u00e9", "cafe\u0301", "\u65e5\u672c\u8a9e", "\u043f\u0440\u0438\u0432\u0435\u0442", "\U0001f511", "\uffee", "\U00010000", "O'Brien",
		`say "hi"`, `back\slash`, " lead", "trail ", "line\nbreak", "cr\r\nlf", "tab\t", "True", "None", "10", "2", "9", "~user*", "<b>", "a/b?c=d#e", "CVE-2024-12345", "1.2.3+git",
	}
	numbers = []string{
		"0", "1", "2", "9", "10", "99", "100", "-1", "-10", "2147483648", "9007199254740993", "9223372036854775808", "18446744073709551616", "-18446744073709551617",
	}
	floats = []float64{0.1, 1, 2.5, -1.5, 100, 1e16, 1e15, 9999999999999998, 1e-4, 1e-5, 1e22, 5e-324, 1.7976931348623157e308, 123456.789}
)

// account makes credentials: at level core those of a key file as downloaded, above also odd ones.
func (g *Generator) account() *vectors.Template {
	var in vectors.Input
	email := []string{"user@example.com", "first.last+tag@example.com", "o'brien@example.org", "\u00fcser@ex\u00e4mple.com"}[g.random.IntN(4)]
	key := "test-key-" + g.hex([]int{16, 40, 54, 55, 56, 120}[g.random.IntN(6)])
	if g.above(vectors.Core) && g.chance(3) {
		key = []string{"", "k", "test-k\u00e9y", "test-\U0001f511", "  inner space  "}[g.random.IntN(5)]
		in.BaseURL = new([]string{"https://host.example.com", "https://host.example.com/base", "http://127.0.0.1:8080"}[g.random.IntN(3)])
	}
	if g.above(vectors.Core) && g.chance(4) {
		in.Profile = string(signer.Vigiles)
	}
	if g.chance(2) {
		space := ""
		if g.above(vectors.Core) {
			space = []string{"\n", " \t", "\u00a0", "\u2003", "\x1c"}[g.random.IntN(5)]
		}
		file, _ := json.Marshal(map[string]string{"email": email + space, "key": space + key}) // cannot fail
		in.KeyFile = new(string(file))
	} else {
		in.Email, in.Key = &email, &key
	}
	t, err := vectors.NewTemplate(in)
	if err != nil {
		panic("random credentials cannot sign: " + err.Error()) // a test makes all of them
	}
	return t
}

// hex returns n hexadecimal digits.
func (g *Generator) hex(n int) string { return g.pick("0123456789abcdef", 4, n) }

// pick returns n characters of an alphabet of 2^bits, of which one random number gives many.
func (g *Generator) pick(alphabet string, bits, n int) string {
	g.text = g.text[:0]
	var random uint64
	for left := 0; len(g.text) < n; left -= bits {
		if left < bits {
			random, left = g.source.Uint64(), 64
		}
		g.text = append(g.text, alphabet[random&(1<<bits-1)])
		random >>= bits
	}
	return string(g.text)
}

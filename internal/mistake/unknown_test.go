package mistake

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"hash/crc32"
	"slices"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/stretchr/testify/assert"

	"sigkit/signer"
)

// unknowns are ports with bugs that are not in the catalogue.
var unknowns = map[string]func(*recipe){
	"values cut at 64 characters": func(r *recipe) {
		r.texts = append(r.texts, func(s string) string { runes := []rune(s); return string(runes[:min(64, len(runes))]) })
	},
	"lists sorted by their last character": func(r *recipe) {
		r.order = sortedBy(func(a, b signer.Value) int { return strings.Compare(reversedText(textOf(a)), reversedText(textOf(b))) })
	},
	"keys sorted by hash": func(r *recipe) {
		r.arrange = sortedPairs(func(a, b pair) int {
			return int(crc32.ChecksumIEEE([]byte(a.sort))%1009) - int(crc32.ChecksumIEEE([]byte(b.sort))%1009)
		})
	},
	"keys in upper case":    func(r *recipe) { r.escapeKey = strings.ToUpper },
	"pairs joined by pipes": func(r *recipe) { r.separator = "|" },
	"arrows for =":          func(r *recipe) { r.equals = "=>" },
	"booleans as T and F": func(r *recipe) {
		r.boolean = func(b bool) (string, bool) { return map[bool]string{true: "T", false: "F"}[b], true }
	},
	"booleans in quotes": func(r *recipe) {
		r.boolean = func(b bool) (string, bool) { return `"` + textOf(signer.Bool(b)) + `"`, true }
	},
	"umlauts written out": func(r *recipe) {
		r.texts = append(r.texts, strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "ß", "ss").Replace)
	},
	"blanks doubled":      func(r *recipe) { r.texts = append(r.texts, strings.NewReplacer(" ", "  ").Replace) },
	"tabs as four blanks": func(r *recipe) { r.texts = append(r.texts, strings.NewReplacer("\t", "    ").Replace) },
	"message preceded by its length": func(r *recipe) {
		r.bytes = func(b []byte) []byte { return append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...) }
	},
	"message without its last byte": func(r *recipe) { r.bytes = func(b []byte) []byte { return b[:len(b)-1] } },
	"message in UTF-32": func(r *recipe) {
		r.encode = func(s string) (out []byte) {
			for _, c := range whole(s) {
				out = binary.LittleEndian.AppendUint32(out, uint32(c))
			}
			return out
		}
	},
	"key reversed":      func(r *recipe) { r.keyBytes = func(s string) []byte { return []byte(reversedText(s)) } },
	"key in upper case": func(r *recipe) { r.keyBytes = func(s string) []byte { return bytes.ToUpper([]byte(s)) } },
	"key with a zero byte": func(r *recipe) { // which HMAC pads away, unless the key is long
		r.keyBytes = func(s string) []byte { return append([]byte(s), 1) }
	},
	"a time stamp in the message": func(r *recipe) {
		r.finish = func(s string) string { return s + "&ts=" + time.Now().Format("20060102150405") }
	},
	"HMAC of the message twice over": func(r *recipe) { r.mac = func(k, m []byte) []byte { return hmacSHA256(k, slices.Concat(m, m)) } },
	"another alphabet of base64": func(r *recipe) {
		r.spell = base64.NewEncoding("./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789").EncodeToString
	},
	"a nonce in the key": func(r *recipe) {
		n := byte(0)
		r.mac = func(k, m []byte) []byte {
			n++
			h := hmac.New(sha256.New, append(slices.Clone(k), n))
			h.Write(m)
			return h.Sum(nil)
		}
	},
	"digits dropped from values": func(r *recipe) {
		r.texts = append(r.texts, func(s string) string {
			return strings.Map(func(c rune) rune {
				if unicode.IsDigit(c) {
					return -1
				}
				return c
			}, s)
		})
	},
	"values of more than two words in quotes": func(r *recipe) {
		r.texts = append(r.texts, func(s string) string {
			if len(strings.Fields(s)) > 2 {
				return `"` + s + `"`
			}
			return s
		})
	},
}

// A bug that is not in the catalogue is never named as something that is. A part of the answers may look like a known mistake; then that is said of a part only.
func TestUnknownBugs(t *testing.T) {
	if testing.Short() {
		t.Skip("diagnoses many ports")
	}
	l := builtIn()
	assert.GreaterOrEqual(t, len(unknowns), 20)
	for name, change := range unknowns {
		t.Run(name, func(t *testing.T) {
			r := canonical()
			change(r)
			var seen []Seen
			for _, s := range l.subjects {
				a := r.answer(s.question)
				one := Seen{Vector: s.vector, Refused: a.refused}
				if !a.refused {
					one.Headers = []Header{{a.header, a.token}}
				}
				seen = append(seen, one)
			}
			began := time.Now()
			d := l.Diagnose(t.Context(), seen)
			if assert.NotNil(t, d) {
				assert.False(t, d.Complete(), "named as %v", d.Fits)
				assert.Nil(t, d.Part, "%d of %d named as %v", d.Explained, d.Failures, d.Part)
				near := "nothing"
				if d.Near != nil {
					near = d.Near.String()
					assert.NotEmpty(t, d.Against)
				}
				t.Logf("| %s | %d failures | near: %s | %.2f s |", name, d.Failures, near, time.Since(began).Seconds())
			}
		})
	}
}

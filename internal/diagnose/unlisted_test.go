package diagnose

import (
	"bytes"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"encoding/json"
	"hash/crc32"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"

	"sigkit/internal/mistake"
	"sigkit/internal/testport"
	"sigkit/signer"
	"sigkit/vectors"
)

// unlisted are bugs that are not in the catalogue.
var unlisted = map[string]mistake.Steps{
	"values-cut-at-64-characters": {CutString: func(s string) string {
		if runes := []rune(s); len(runes) > 64 {
			return string(runes[:64])
		}
		return s
	}},
	"lists-sorted-by-last-character": {SortList: func(list, _ signer.List) signer.List {
		list = slices.Clone(list)
		last := func(v signer.Value) string {
			text := string(signer.AppendText(nil, v))
			return text[max(0, len(text)-1):]
		}
		slices.SortStableFunc(list, func(a, b signer.Value) int {
			return strings.Compare(last(a), last(b))
		})
		return list
	}},
	"keys-sorted-by-hash": {SortPairs: func(pairs []mistake.Pair) []mistake.Pair {
		hash := func(p mistake.Pair) int { return int(crc32.ChecksumIEEE([]byte(p.Sort)) % 1009) }
		slices.SortStableFunc(pairs, func(a, b mistake.Pair) int { return hash(a) - hash(b) })
		return pairs
	}},
	"keys-with-hyphens": {ChangeKey: strings.NewReplacer("_", "-").Replace},
	"pairs-joined-by-bar": {
		JoinPairs: func(pairs []string) string { return strings.Join(pairs, "|") },
	},
	"arrow-for-equals": {PairText: func(key, value string) string { return key + "=>" + value }},
	"booleans-t-f": {Boolean: func(b bool) (string, bool) {
		if b {
			return "T", true
		}
		return "F", true
	}},
	"booleans-quoted": {Boolean: func(b bool) (string, bool) {
		if b {
			return `"True"`, true
		}
		return `"False"`, true
	}},
	"umlauts-written-out": {
		Normalize: strings.NewReplacer("ä", "ae", "ö", "oe", "ü", "ue", "é", "e").Replace,
	},
	"blanks-doubled": {EscapeString: strings.NewReplacer(" ", "  ").Replace},
	"tabs-as-blanks": {DropControls: strings.NewReplacer("\t", "    ").Replace},
	"length-before-message": {ChangeBytes: func(b []byte) []byte {
		return append(binary.BigEndian.AppendUint32(nil, uint32(len(b))), b...)
	}},
	"message-without-last-byte": {ChangeBytes: func(b []byte) []byte { return b[:len(b)-1] }},
	"key-reversed": {KeyBytes: func(s string) ([]byte, error) {
		b := []byte(s)
		slices.Reverse(b)
		return b, nil
	}},
	"key-in-upper-case": {
		KeyBytes: func(s string) ([]byte, error) { return bytes.ToUpper([]byte(s)), nil },
	},
	"message-twice": {MAC: func(key, message []byte) []byte {
		h := hmac.New(sha256.New, key)
		h.Write(message)
		h.Write(message)
		return h.Sum(nil)
	}},
	"another-base64-alphabet": {EncodeToken: base64.NewEncoding(
		"./ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789").EncodeToString},
	"digits-dropped": {GuessType: func(s string) string {
		return strings.NewReplacer("0", "", "1", "", "2", "", "3", "", "4", "", "5", "",
			"6", "", "7", "", "8", "", "9", "").Replace(s)
	}},
	"long-phrases-quoted": {EscapeString: func(s string) string {
		if len(strings.Fields(s)) > 2 {
			return `"` + s + `"`
		}
		return s
	}},
	"plus-dropped": {EscapeValue: strings.NewReplacer("+", "").Replace},
	"last-list-element-lost": {ListPairs: func(
		s *mistake.Signing, key string, list signer.List,
	) error {
		for _, v := range list[:max(0, len(list)-1)] {
			if err := s.AddValue(key, key, v); err != nil {
				return err
			}
		}
		return nil
	}},
	"zero-dropped": {Integer: func(i signer.Int) (string, error) {
		return strings.TrimSuffix(i.String(), "0"), nil
	}},
	"slash-as-backslash": {EscapeString: strings.NewReplacer("/", `\/`).Replace},
	"empty-as-dash": {EscapeValue: func(s string) string {
		if s == "" {
			return "-"
		}
		return s
	}},
}

// measurable says as which mistake some of these bugs are named: they are in what is signed instead
// of single characters.
var measurable = map[string]string{
	"keys-with-hyphens":   mistake.CharactersInKeys,
	"umlauts-written-out": mistake.CharactersInValues,
	"blanks-doubled":      mistake.CharactersInValues,
	"plus-dropped":        mistake.CharactersInValues,
	"slash-as-backslash":  mistake.CharactersInValues,
	"tabs-as-blanks":      mistake.CharactersInValues,

	"values-cut-at-64-characters": mistake.CutString,
}

// A bug that is not in the catalogue is never named as something that is, keeps no other mistake
// from being named, and is shrunk to a small request.
func TestUnlistedBugs(t *testing.T) {
	if testing.Short() {
		t.Skip("takes too long for a short run")
	}
	assert.GreaterOrEqual(t, len(unlisted), 20)
	r := rand.New(rand.NewPCG(3, 4))
	groups, small, missing, mistakes := 0, 0, 0, 0
	for n, id := range slices.Sorted(maps.Keys(unlisted)) {
		if !testport.Thorough() && id != "booleans-quoted" {
			continue
		}
		bug := mistake.Unlisted(id, unlisted[id])
		for size := range 2 {
			if !testport.Thorough() && size == 0 {
				continue
			}
			p := newPort(n%2 == 0, append(draw(r, size, bug), bug)...)
			observations := p.run(vectors.Extended)
			d := p.asking(vectors.Extended).Diagnose(t.Context(), observations)
			if d == nil || d.Constant != "" {
				continue
			}
			result := p.compare(d, observations)
			assert.Empty(t, result.untrueCertain, "certain, but not made by %v", p.set)
			if len(result.missing)+len(result.untrue) > 0 {
				t.Logf("%v, message %t: missing %v, untrue %v",
					p.set, p.message, result.missing, result.untrue)
			}
			mistakes += size
			missing += len(result.missing)
			for _, u := range d.Unexplained {
				groups++
				if isSmall(u) {
					small++
				} else {
					t.Logf("%v: not small: %d failures, %.200s", p.set, len(u.Vectors), u.Smallest)
				}
			}
		}
	}
	t.Logf("%d groups, %d small, %d known mistakes, %d not named", groups, small, mistakes, missing)
	assert.Positive(t, groups)
	assert.GreaterOrEqual(t, 10*small, 8*groups)
}

// isSmall reports whether a group is shrunk to at most two parameters and 60 bytes of data.
func isSmall(u Unexplained) bool {
	var q struct {
		Data json.RawMessage
	}
	if u.Smallest == nil || json.Unmarshal(u.Smallest, &q) != nil {
		return false
	}
	var data map[string]any
	return json.Unmarshal(q.Data, &data) == nil && len(data) <= 2 && len(q.Data) <= 60
}

package mistake

import (
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/vectors"
)

// builtIn is the lab of all built-in vectors, made once.
var builtIn = sync.OnceValue(func() *Lab { return NewLab(pointers(vectors.All())) })

func pointers(all []vectors.Vector) []*vectors.Vector {
	some := make([]*vectors.Vector, len(all))
	for i := range all {
		some[i] = &all[i]
	}
	return some
}

func TestCatalogue(t *testing.T) {
	seen := map[string]bool{}
	require.LessOrEqual(t, len(Catalogue()), 64*len(bitset{}))
	for _, m := range Catalogue() {
		assert.False(t, seen[m.ID], m.ID)
		seen[m.ID] = true
		assert.Regexp(t, `^[a-z0-9]+(-[a-z0-9]+)*$`, m.ID)
		assert.True(t, strings.HasSuffix(m.What, ".") && strings.HasSuffix(m.Fix, "."), "%s: sentences", m.ID)
		assert.NotEmpty(t, m.slot, m.ID)
		assert.Same(t, m, Find(m.ID))
	}
	t.Logf("%d mistakes", len(seen))
}

// beyondCore are the rules that no published call touches, so that no core vector can show their mistakes.
var beyondCore = []string{"text-null", "text-integer", "text-float", "nested-repr", "object-keys", "unorderable-list"}

// Every known mistake is caught by two vectors at least, and by a core one wherever a published call can show it.
func TestEveryMistakeIsCaught(t *testing.T) {
	l := builtIn()
	for _, m := range Catalogue() {
		caught := l.catching(m)
		assert.GreaterOrEqual(t, len(caught), 2, "%s slips through", m.ID)
		core := slices.ContainsFunc(caught, func(s *subject) bool { return s.vector.Level == vectors.Core })
		if !core && !slices.Contains(beyondCore, m.Rule) {
			assert.Contains(t, notInCore, m.ID, "%s is caught by no core vector: add one, or say why none can", m.ID)
		}
		if core {
			assert.NotContains(t, notInCore, m.ID)
		}
	}
}

// Every two mistakes are told apart by a vector at least.
func TestMistakesAreToldApart(t *testing.T) {
	l := builtIn()
	same := map[string][]string{}
	for _, m := range Catalogue() {
		r := Set{m}.recipe()
		var print strings.Builder
		for _, s := range l.subjects {
			if m.wire {
				if sent := r.send(s.question); s.sent != nil && !sameRequest(sent, s.sent) {
					fmt.Fprint(&print, s.vector.ID, sent)
					if sent != nil && sent.Body != nil {
						print.WriteString(*sent.Body)
					}
				}
				continue
			}
			a := r.answer(s.question)
			fmt.Fprint(&print, a.refused, a.header, a.token)
		}
		same[print.String()] = append(same[print.String()], m.ID)
	}
	for _, ids := range same {
		assert.Len(t, ids, 1, "no vector tells these apart")
	}
}

// Every vector catches a mistake, or is there for something that no mistake of the catalogue does.
func TestEveryVectorCatchesSomething(t *testing.T) {
	for _, s := range builtIn().subjects {
		assert.False(t, s.touched.empty(), "%s catches nothing", s.vector.ID)
	}
}

// notInCore are mistakes that no core vector catches, with the reason.
var notInCore = func() map[string]string {
	reasons := map[string]string{}
	for reason, ids := range map[string]string{
		"files as downloaded are plain JSON with white space of ASCII around key and email at most": `strip-ascii-only strip-unicode-only strip-javascript strip-java-trim strip-java-strip strip-table-without-u0085 strip-php strip-inside
			key-cut-at-nul organization-key-if-not-empty organization-key-always key-missing-refused key-missing-as-none key-file-bom-skipped key-file-nan-refused key-file-list-unwrapped key-file-first-of-two
			key-file-duplicates-refused key-file-numbers-as-text key-file-empty-refused key-file-lenient key-file-controls-in-strings key-file-blank-accepted key-file-names-any-case key-file-missing-as-empty
			key-surrogate-replaced`,
		"no published call has the parameter, or gives one that the client sets": "email-not-replaced email-beside-callers dashboard-caller-wins",
		"lists of published calls hold strings":                                  "list-sorted-as-text list-sorted-as-doubles list-booleans-last pairs-sorted-by-value",
		"keys of published calls are ASCII":                                      "pairs-sorted-utf-16",
		"published texts hold no NUL and no surrogate without its half":          "string-cut-at-nul string-controls-dropped message-surrogates-replaced message-surrogates-question-mark message-surrogates-kept message-cut-at-nul",
		"resources of published calls are plain paths, and base URLs servers without a path": `resource-with-base-path resource-without-query resource-without-fragment resource-slash-trimmed
			resource-first-slash-added resource-decoded resource-as-sent resource-slashes-merged resource-dots-resolved base-url-slash-trimmed`,
	} {
		for id := range strings.FieldsSeq(ids) {
			reasons[id] = reason
		}
	}
	return reasons
}()

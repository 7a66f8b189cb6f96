package mistake

import (
	"cmp"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/vectors"
)

func TestEntriesAreWellFormed(t *testing.T) {
	rules := documentedRules(t)
	seen := map[string]bool{}
	for _, m := range Catalogue() {
		assert.False(t, seen[m.ID], "%s: the id is there twice", m.ID)
		seen[m.ID] = true
		assert.Regexp(t, `^[a-z0-9]+(-[a-z0-9]+)*$`, m.ID)
		assert.Contains(t, rules, m.Rule, "%s: docs/SIGNATURE.md has no such rule", m.ID)
		assert.Regexp(t, `^[^a-z\s][^\n]*\.$`, m.What, m.ID)
		assert.Regexp(t, `^[^a-z\s][^\n]*\.$`, m.Fix, m.ID)
		assert.NotEmpty(t, m.changes, "%s changes no step", m.ID)
		assert.Same(t, m, Find(m.ID))
	}
	t.Logf("%d mistakes", len(seen))
}

// documentedRules returns the ids of the rules in docs/SIGNATURE.md.
func documentedRules(t *testing.T) (ids []string) {
	text, err := os.ReadFile("../../docs/SIGNATURE.md")
	require.NoError(t, err)
	for _, match := range regexp.MustCompile("(?m)^- \\*\\*`([a-z0-9-]+)`").FindAllSubmatch(text, -1) {
		ids = append(ids, string(match[1]))
	}
	return ids
}

// A variant names a plainer mistake of the same step.
func TestVariants(t *testing.T) {
	for _, m := range Catalogue() {
		if m.VariantOf == "" {
			continue
		}
		plainer := Find(m.VariantOf)
		require.NotNil(t, plainer, "%s is a variant of %q, which does not exist", m.ID, m.VariantOf)
		assert.Empty(t, plainer.VariantOf, "%s is a variant of a variant", m.ID)
		assert.True(t, m.Excludes(plainer), "%s and %s change no common step", m.ID, plainer.ID)
	}
}

// A sending mistake sets fields of the sending only; a signing mistake sets none of them.
func TestSidesAreSeparate(t *testing.T) {
	for _, m := range Catalogue() {
		for _, i := range m.changes {
			isSending := strings.HasPrefix(fieldName(i), "Send")
			assert.Equal(t, m.Sends(), isSending, "%s sets %s", m.ID, fieldName(i))
		}
	}
}

// Every mistake is caught by two vectors at least, and by a core one wherever a published call can
// show it.
func TestEveryMistakeIsCaught(t *testing.T) {
	e := builtIn()
	for _, m := range Catalogue() {
		caught := e.affected[m]
		assert.GreaterOrEqual(t, len(caught), 2, "%s is caught by too few vectors", m.ID)
		core := slices.ContainsFunc(caught, func(i int) bool {
			return e.vectors[i].Level == vectors.Core
		})
		reason, excused := notInCore[m.ID]
		switch {
		case core:
			assert.Empty(t, reason, "%s is caught by a core vector: delete it from notInCore", m.ID)
		case !slices.Contains(beyondCore, cmp.Or(m.idiomsOf, m.Rule)):
			assert.True(t, excused, "%s is caught by no core vector: add one, or say why", m.ID)
		}
	}
	for id := range notInCore {
		assert.NotNil(t, Find(id), "notInCore names %s, which does not exist", id)
	}
}

// Every two mistakes are distinguished by at least one vector.
func TestMistakesAreDistinguished(t *testing.T) {
	e := builtIn()
	for i, a := range Catalogue() {
		for _, b := range Catalogue()[:i] {
			if a.Sends() == b.Sends() {
				equal := slices.EqualFunc(e.with[a], e.with[b], outcome.same)
				assert.False(t, equal, "no vector distinguishes %s and %s", a.ID, b.ID)
			}
		}
	}
}

// Every vector catches a mistake.
func TestEveryVectorCatchesAMistake(t *testing.T) {
	e := builtIn()
	caught := map[int]bool{}
	for _, affected := range e.affected {
		for _, i := range affected {
			caught[i] = true
		}
	}
	for i := range e.vectors {
		assert.True(t, caught[i], "%s catches no mistake", e.vectors[i].ID)
	}
}

// beyondCore are the rules that no published call depends on, so that no core vector can show their
// mistakes.
var beyondCore = []string{
	"text-null", "text-integer", "text-float", "nested-repr", "object-keys", "unorderable-list",
}

// notInCore says of mistakes that no core vector catches why none can.
var notInCore = func() map[string]string {
	reasons := map[string]string{}
	for _, row := range []struct{ reason, ids string }{
		{
			"downloaded files are plain JSON, with at most ASCII white space around email and key",
			`strip-ascii-only strip-unicode-only strip-javascript strip-java-trim strip-java-strip
			strip-table-without-u0085 strip-php strip-ruby strip-inside strip-inside-both key-cut-at-nul
			organization-key-if-not-empty organization-key-always key-missing-refused
			key-missing-as-none key-file-bom-skipped key-file-nan-refused key-file-list-unwrapped
			key-file-first-of-two key-file-duplicates-refused key-file-numbers-as-text
			key-file-empty-refused key-file-lenient key-file-controls-in-strings
			key-file-blank-accepted key-file-names-any-case key-file-missing-as-empty
			key-surrogate-replaced key-empty-refused organization-key-other-type-as-missing
			server-url-unchecked key-file-text-after-accepted key-file-surrogates-refused
			key-file-missing-as-undefined key-file-missing-as-null dashboard-missing-accepted
			given-credentials-stripped organization-key-if-truthy
			key-file-number-as-text dashboard-folder-required-in-vigiles dashboard-blank-tokens-added
			organization-key-null-as-missing key-surrogate-question-mark key-surrogate-kept
			key-file-empty-email-refused key-file-empty-key-refused
			key-file-empty-credentials-refused key-file-email-without-at-refused
			key-file-other-types-as-empty dashboard-unreadable-ignored
			dashboard-blank-ignored dashboard-product-first dashboard-group-in-both
			dashboard-types-unchecked dashboard-empty-accepted dashboard-group-if-not-empty
			key-strip-unicode-only key-file-trimmed server-url-null-as-missing
			dashboard-blank-tokens-refused key-file-huge-number-refused key-file-big-integer-as-text
			server-url-empty-refused key-file-unused-members-checked key-file-email-syntax-refused
			organization-key-if-text key-file-known-twice-refused key-file-other-types-as-text
			key-file-other-types-as-text-and-null dashboard-missing-product-accepted
			dashboard-null-as-missing dashboard-number-as-text base-url-server-url-not-stripped
			key-file-surrogates-as-ruby`,
		},
		{
			"credentials of a server are not empty, and published texts have no control characters",
			`given-credentials-empty-refused characters-refused key-short-refused email-empty-refused
			credentials-empty-refused
			credentials-blank-refused email-without-at-refused`,
		},
		{
			"no published call has the parameter, or gives one that the client sets",
			"email-not-replaced email-beside-callers dashboard-caller-wins",
		},
		{
			"lists of published calls contain strings",
			"list-sorted-as-text list-sorted-as-doubles list-booleans-last pairs-sorted-by-value",
		},
		{
			"keys of published calls are ASCII letters and _",
			`pairs-sorted-percent-encoded key-empty-dropped pairs-sorted-as-entries pairs-sorted-utf-16
			pairs-sorted-by-signed-bytes sent-keys-unescaped`,
		},
		{"no published call repeats a parameter", "data-first-of-two data-duplicates-refused"},
		{
			"keys of published calls are not numbers",
			"pairs-sorted-as-php pairs-digit-keys-first keys-renumbered",
		},
		{"no published call has a parameter of this name", "key-proto-lost"},
		{
			"published texts contain no NUL and no unpaired surrogate",
			`nul-dropped string-cut-at-nul string-controls-dropped message-surrogates-replaced
			message-surrogates-question-mark message-surrogates-kept message-cut-at-nul
			message-surrogates-dropped
			data-surrogates-refused data-surrogates-as-ruby`,
		},
		{
			"resources of published calls are plain paths; their base URLs are servers without a path",
			`resource-with-base-path resource-query-merged resource-without-query resource-without-fragment
			resource-slash-trimmed resource-first-slash-added resource-decoded resource-as-sent
			resource-without-slash-refused resource-empty-refused
			resource-slashes-merged resource-dots-resolved base-url-slash-trimmed
			base-url-server-url-in-both base-url-server-url-wins base-url-server-url-slash-kept
			base-url-server-url-slashes-cut base-url-server-url-empty-as-missing
			sent-url-joined sent-url-one-slash sent-resource-quoted sent-query-behind-ampersand
			sent-query-instead`,
		},
	} {
		for id := range strings.FieldsSeq(row.ids) {
			reasons[id] = row.reason
		}
	}
	return reasons
}()

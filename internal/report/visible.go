package report

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"
)

// visible returns text with everything one cannot see, or could take for something else, written as an escape: controls, combining marks, format characters, odd
// spaces, invalid bytes, and the backslash itself.
func visible(text string) string {
	var b strings.Builder
	for len(text) > 0 {
		r, size := utf8.DecodeRuneInString(text)
		b.WriteString(visibleRune(r, text[:size]))
		text = text[size:]
	}
	return b.String()
}

func visibleRune(r rune, raw string) string {
	switch {
	case r == utf8.RuneError && len(raw) == 1:
		return fmt.Sprintf(`\x%02x`, raw[0])
	case r == utf8.RuneError:
		return `\u{FFFD}`
	case r == '\\':
		return `\\`
	case r == '\n':
		return `\n`
	case r == '\r':
		return `\r`
	case r == '\t':
		return `\t`
	case r == 0:
		return `\0`
	case r == ' ' || unicode.IsPrint(r) && !unicode.IsMark(r) && !unicode.Is(unicode.Co, r):
		return raw
	}
	return fmt.Sprintf(`\u{%X}`, r)
}

// How many characters are shown before and after a difference. A whole token fits.
const before, after = 36, 44

// excerpt shows want and got around their first difference, in visible form, and the column at which they part.
func excerpt(want, got string) (shownWant, shownGot string, column, offset int) {
	offset = common(want, got)
	start := back(want, offset, before)
	lead := visible(want[start:offset])
	if start > 0 {
		lead = "\u2026" + lead
	}
	return lead + ahead(want[offset:]), lead + ahead(got[offset:]), runewidth.StringWidth(lead), offset
}

// common returns the length of the common prefix, in bytes, up to the start of a character.
func common(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && (n < len(a) && !utf8.RuneStart(a[n]) || n < len(b) && !utf8.RuneStart(b[n])) {
		n--
	}
	return n
}

// back returns the index that is count characters before at.
func back(s string, at, count int) int {
	for ; at > 0 && count > 0; count-- {
		_, size := utf8.DecodeLastRuneInString(s[:at])
		at -= size
	}
	return at
}

// ahead shows the start of a text, and that it ends where it does.
func ahead(s string) string {
	end := 0
	for range after {
		_, size := utf8.DecodeRuneInString(s[end:])
		end += size
	}
	if end < len(s) {
		return visible(s[:end]) + "\u2026"
	}
	return visible(s) + "\u2502" // a bar, so that trailing blanks show
}

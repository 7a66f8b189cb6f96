package report

import (
	"fmt"
	"regexp"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/mattn/go-runewidth"

	"sigkit/vectors"
)

// visible returns text with everything one cannot see, or could take for something else, written as
// an escape: controls, combining marks, format characters, odd spaces, invalid bytes, and the
// backslash itself.
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

// harmless returns lines of visible text in which a runner of CI jobs finds no command: GitHub's
// takes `::` at the start of a line for one, and `##[` anywhere in it; those of others `##name[`.
func harmless(text string) string {
	text = commandInLine.ReplaceAllString(text, `$1\u{5B}`)
	return commandAtStart.ReplaceAllString(text, `$1\u{3A}:`)
}

var (
	commandAtStart = regexp.MustCompile(`(?m)^([ \t]*)::`)
	commandInLine  = regexp.MustCompile(`(##\w*)\[`)
)

// Line shows a text of others in one line, safe for terminals and CI jobs. It cuts long ones.
func Line(text string) string { return harmless(clip(text, noteLines*noteWidth)) }

// narrowWidth is how many columns of a text are shown in a line of 80 columns.
const narrowWidth = 66

// How many columns are shown before and after a difference. A whole token fits.
const before, after = 36, 44

// lineWidth is how many columns of a text are shown in one line. With what stands before it, a line
// of a report has at most 200.
const lineWidth = 160

// idWidth is how many columns of an id are shown.
const idWidth = 80

// textWidth is at which column the lines of a paragraph end.
const textWidth = 98

// printable returns a text of ours, in which a backslash is a backslash.
func printable(text string) string { return strings.ReplaceAll(visible(text), `\\`, `\`) }

// wrapped returns a text of ours in lines that are to be indented by some columns.
func wrapped(text string, indent int) (lines []string) {
	line := ""
	for word := range strings.FieldsSeq(printable(text)) {
		if line != "" && len(line)+1+len(word) > textWidth-indent {
			lines = append(lines, line)
			line = ""
		}
		line = strings.TrimPrefix(line+" "+word, " ")
	}
	return append(lines, line)
}

// visibleJSON returns JSON text in one line, with escapes of JSON for what one
// cannot see, as far as it fits into a number of columns, and whether something is cut.
func visibleJSON(text string, columns int) (shown string, cut bool) {
	var b strings.Builder
	width := 0
	for _, r := range text {
		next := string(r)
		if shown := visibleRune(r, next); shown != next && r != '\\' {
			next = ""
			for _, unit := range utf16.Encode([]rune{r}) {
				next += fmt.Sprintf(`\u%04x`, unit)
			}
		}
		if width += runewidth.StringWidth(next); width > columns {
			return b.String(), true
		}
		b.WriteString(next)
	}
	return b.String(), false
}

// shorten shows the start of a text that may be long, in one line.
func shorten(s string) string { return clip(s, lineWidth) }

// clip shows as much of a text as fits into a number of columns, and says how long it is if that is
// not all.
func clip(s string, columns int) string {
	shown, end := lead(s, columns)
	if end < len(s) {
		return fmt.Sprintf("%s\u2026 (%d bytes)", shown, len(s))
	}
	return shown
}

// lead returns the start of a text in visible form, as far as it fits into a number of columns, but
// at least one character, and the index at which it ends.
func lead(s string, columns int) (shown string, end int) {
	var b strings.Builder
	width := 0
	for end < len(s) {
		r, size := utf8.DecodeRuneInString(s[end:])
		next := visibleRune(r, s[end:end+size])
		width += runewidth.StringWidth(next)
		if width > columns && end > 0 {
			break
		}
		b.WriteString(next)
		end += size
	}
	return b.String(), end
}

// excerpt shows want and got around their first difference, in visible form, and the column at
// which they differ. A narrow one fits into a line of 80 columns.
func excerpt(want, got string, narrow bool) (shownWant, shownGot string, column, offset int) {
	before, after := before, after
	if narrow {
		before, after = before-10, after-4
	}
	offset = vectors.FirstDifference(want, got)
	start := back(want, offset, before)
	common := visible(want[start:offset])
	if start > 0 {
		common = "\u2026" + common
	}
	column = runewidth.StringWidth(common)
	if narrow {
		after = max(after, narrowWidth-column)
	}
	return common + ahead(want[offset:], after), common + ahead(got[offset:], after), column, offset
}

// differing returns both texts from their first difference on.
func differing(want, got string) (w, g string) {
	at := vectors.FirstDifference(want, got)
	return want[at:], got[at:]
}

// back returns the index from which on the visible form of a text up to an index takes a number of
// columns at most.
func back(s string, at, columns int) int {
	for at > 0 {
		r, size := utf8.DecodeLastRuneInString(s[:at])
		if columns -= runewidth.StringWidth(visibleRune(r, s[at-size:at])); columns < 0 {
			break
		}
		at -= size
	}
	return at
}

// ahead shows the start of a text, and that it ends where it does.
func ahead(s string, columns int) string {
	shown, end := lead(s, columns)
	if end < len(s) {
		return shown + "\u2026"
	}
	return shown + "\u2502" // a bar, so that trailing blanks show
}

package vectors

import "unicode/utf8"

// FirstDifference returns the index of the first byte in which a and b differ, moved back to the
// start of a character in both. If one text is a prefix of the other, it is the length of the
// shorter one.
func FirstDifference(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	for n > 0 && (insideCharacter(a, n) || insideCharacter(b, n)) {
		n--
	}
	return n
}

func insideCharacter(s string, at int) bool { return at < len(s) && !utf8.RuneStart(s[at]) }

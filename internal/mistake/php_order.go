package mistake

import (
	"cmp"
	"regexp"
	"strconv"
	"strings"
)

// phpNumeric matches the strings that PHP compares as numbers.
var phpNumeric = regexp.MustCompile(
	`^[ \t\n\r\v\f]*[+-]?(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?[ \t\n\r\v\f]*$`)

// comparePHP compares strings as PHP's sort() does: by value if both are numeric, else as text.
func comparePHP(a, b string) int {
	if phpNumeric.MatchString(a) && phpNumeric.MatchString(b) {
		return cmp.Compare(phpNumber(a), phpNumber(b))
	}
	return strings.Compare(a, b)
}

func phpNumber(s string) float64 {
	f, _ := strconv.ParseFloat(strings.Trim(s, " \t\n\r\v\f"), 64)
	return f
}

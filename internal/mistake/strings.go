package mistake

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"

	"sigkit/signer"
)

func stringTextMistakes() []Mistake {
	return []Mistake{
		stringText("string-trimmed", "Strings lose leading and trailing white space.",
			Steps{TrimString: signer.Strip}),
		stringText("string-newlines-at-end-dropped",
			"Strings lose the newlines at their end, as $(...) does in a shell.",
			Steps{TrimString: func(s string) string { return strings.TrimRight(s, "\n") }}),
		stringText("string-composed", "Strings are normalized to NFC.",
			Steps{Normalize: norm.NFC.String}),
		stringText("string-decomposed", "Strings are normalized to NFD.",
			Steps{Normalize: norm.NFD.String}),
		stringText("string-compatible", "Strings are normalized to NFKC.",
			Steps{Normalize: norm.NFKC.String}),
		stringText("string-line-ends-to-lf", "CR LF in strings becomes LF.",
			Steps{LineEnds: strings.NewReplacer("\r\n", "\n").Replace}),
		stringText("string-line-ends-to-crlf", "LF in strings becomes CR LF.",
			Steps{LineEnds: strings.NewReplacer("\r\n", "\r\n", "\n", "\r\n").Replace}),
		stringText("string-newlines-dropped", "Line ends are removed from strings.",
			Steps{LineEnds: strings.NewReplacer("\r", "", "\n", "").Replace}),
		stringText("string-blanks-folded",
			"Strings are trimmed, and white space in them becomes one space.",
			Steps{TrimString: foldSpaces}),
		stringText("string-lower-cased", "Strings are written in lower case.",
			Steps{ChangeCase: lowerCase}),
		stringText("string-numbers-guessed",
			"A string that holds a number is written as a number: 2.30 becomes 2.3.",
			Steps{GuessType: guessNumber}),
		stringText("string-booleans-guessed",
			"The strings true and false are written as booleans: True and False.",
			Steps{GuessType: guessBoolean}),
		stringText("string-cut-at-nul", "A string ends at its first NUL, as in C.",
			Steps{DropControls: cutAtNUL}),
		stringText("string-controls-dropped", "Control characters are removed from strings.",
			Steps{DropControls: dropControls}),
		stringText("string-cut-at-255", "Strings are cut after 255 bytes.",
			Steps{CutString: cutAt(255)}),
		{
			ID:    "string-empty-dropped",
			Rule:  "text-string",
			What:  "A parameter with an empty string is left out.",
			Fix:   "Sign it as key=.",
			steps: Steps{OmitString: func(s string) bool { return s == "" }},
		},
		{
			ID:    "string-blank-dropped",
			Rule:  "text-string",
			What:  "A parameter with an empty string, or with white space only, is left out.",
			Fix:   "Sign the string unchanged.",
			steps: Steps{OmitString: func(s string) bool { return strings.TrimSpace(s) == "" }},
		},
	}
}

func stringText(id, what string, steps Steps) Mistake {
	return Mistake{
		ID:    id,
		Rule:  "text-string",
		What:  what,
		Fix:   "Sign strings unchanged.",
		steps: steps,
	}
}

func foldSpaces(s string) string { return strings.Join(strings.Fields(s), " ") }

func guessNumber(s string) string {
	f, err := strconv.ParseFloat(s, 64)
	if err != nil || strings.Trim(s, "0123456789.-") != "" {
		return s
	}
	return javaScriptNumber(f)
}

func guessBoolean(s string) string {
	switch s {
	case "true":
		return "True"
	case "false":
		return "False"
	}
	return s
}

func cutAtNUL(s string) string {
	before, _, _ := strings.Cut(s, "\x00")
	return before
}

// dropControls keeps line ends and tabs.
func dropControls(s string) string {
	keep := func(c rune) rune {
		if c < ' ' && c != '\n' && c != '\r' && c != '\t' {
			return -1
		}
		return c
	}
	return mapParts(s, func(text string) string { return strings.Map(keep, text) }, same)
}

// cutAt returns a function that cuts a text after some bytes, at the start of a character.
func cutAt(length int) func(string) string {
	return func(s string) string {
		if len(s) <= length {
			return s
		}
		end := length
		for end > 0 && !utf8.RuneStart(s[end]) {
			end--
		}
		return s[:end]
	}
}

package mistake

import (
	"strconv"
	"strings"
	"unicode/utf8"

	"sigkit/signer"
	"sigkit/vectors"
)

// rubyJSONMistakes are those of a port that reads JSON with Ruby's json gem before 2.10, and takes
// what it makes of an unpaired surrogate.
func rubyJSONMistakes() []Mistake {
	const what = " as Ruby's json gem does before 2.10: an unpaired high surrogate becomes ?, " +
		"is joined with the next escape, or is refused."
	return []Mistake{
		{
			ID:   "data-surrogates-as-ruby",
			Rule: "message-utf8",
			What: "Data is read" + what,
			Fix:  "Look for unpaired surrogates in the JSON text. Refuse those that get into the message.",
			steps: Steps{
				CheckData: func(data signer.Object) error {
					_, err := readAsRuby(data)
					return err
				},
				AddEmail: func(data signer.Object, email string) signer.Object {
					if read, err := readAsRuby(data); err == nil {
						data = read
					}
					return signer.WithEmail(data, email)
				},
			},
		},
		fileRead("key-file-surrogates-as-ruby", "A key file is read"+what,
			"Look for unpaired surrogates in the JSON text. Look only at the members you need.",
			Steps{
				ReadMembers: func(text string) (signer.Object, error) {
					read, ok := rubySurrogates(text)
					if !ok {
						return nil, ErrRefused
					}
					return reference().ReadMembers(read)
				},
				InvalidKey: func(key string) (string, error) { return key, nil },
			}),
	}
}

func readAsRuby(data signer.Object) (signer.Object, error) {
	if !hasSurrogate(data) {
		return data, nil
	}
	text, ok := rubySurrogates(string(vectors.AppendValue(nil, data)))
	if !ok {
		return nil, ErrRefused
	}
	return parseData(text)
}

// rubySurrogates rewrites the high surrogates in the strings of a JSON text as the json gem reads
// them. It reports false if the gem refuses the text.
func rubySurrogates(text string) (rewritten string, ok bool) {
	var out strings.Builder
	for text != "" {
		start := strings.IndexByte(text, '"') + 1
		if start == 0 {
			break
		}
		end := start + stringLength(text[start:])
		content, ok := rubyStringText(text[start:end])
		if !ok {
			return "", false
		}
		out.WriteString(text[:start])
		out.WriteString(content)
		out.WriteString(text[end:min(end+1, len(text))])
		text = text[min(end+1, len(text)):]
	}
	return out.String() + text, true
}

// stringLength returns where the string ends in whose text a JSON text starts.
func stringLength(text string) int {
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			return i
		}
	}
	return len(text)
}

// rubyStringText rewrites the text between the quotes of a string.
func rubyStringText(s string) (rewritten string, ok bool) {
	const escape = 6 // bytes of \ud800
	var out strings.Builder
	for s != "" {
		high, isEscape := escapedUnit(s)
		switch rest := s[min(escape, len(s)):]; {
		case isEscape && high&0xfc00 == 0xd800:
			low, joined := escapedUnit(rest)
			switch {
			case len(rest) < escape:
				return "", false
			case joined:
				out.WriteRune(0x10000 + high&0x3ff<<10 | low&0x3ff)
				s = rest[escape:]
			default: // and the next character is lost
				out.WriteByte('?')
				_, size := utf8.DecodeRuneInString(rest)
				s = rest[size:]
			}
		case s[0] == '\\' && len(s) > 1:
			out.WriteString(s[:2])
			s = s[2:]
		default:
			out.WriteByte(s[0])
			s = s[1:]
		}
	}
	return out.String(), true
}

// escapedUnit returns the UTF-16 unit of a \u escape at the start of a text.
func escapedUnit(s string) (unit rune, ok bool) {
	if len(s) < 6 || s[0] != '\\' || s[1] != 'u' {
		return 0, false
	}
	n, err := strconv.ParseUint(s[2:6], 16, 16)
	return rune(n), err == nil
}

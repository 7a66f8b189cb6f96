package scaffold

import (
	"regexp"
	"strings"
)

// The marks of package ports: a comment of a line to itself.
var (
	begin = regexp.MustCompile(`^(\s*)(//|#|/\*) begin ?([a-z0-9-]*):(.*?)(?: \*/)?\n$`)
	end   = regexp.MustCompile(`^\s*(?://|#|/\*) end(?: \*/)?\n$`)
)

// tasks says what to fill in, by the rule in a mark.
var tasks = map[string]string{
	"key-file-strip": "remove white space at both ends, as str.strip() in Python does",
	"email-joins":    "set the member email of the data, over that of the caller",
	"list-order":     "sort strings by code point, numbers by value; refuse what is mixed",
	"pair-order":     "sort the keys by code point",
	"text-boolean":   "True, False or None; integers in decimal; strings stay as they are",
	"list-pairs":     "a list gives one pair for each element, an object one for each key",
	"pairs-join":     "key=value, with & between two pairs; escape nothing",
	"message-layout": "method, resource and pairs, with nothing between them",
	"token-hmac":     "standard base64 of HMAC-SHA256 of the message; refuse what is not UTF-8",
	"wire-form":      "POST: a form as the body, without null; else a query after the URL",
}

// stub returns what stands in a scaffold for the lines between marks, from a match of begin.
func stub(match []string) string {
	indent, comment, rule, code := match[1], match[2], match[3], strings.TrimSpace(match[4])
	if rule == "" {
		return ""
	}
	text := indent + comment + " TODO " + rule + ": " + tasks[rule]
	if comment == "/*" {
		text += " */"
	}
	text += "\n"
	if code != "" {
		text += indent + code + "\n"
	}
	return text
}

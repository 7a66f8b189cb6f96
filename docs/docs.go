// Package docs holds the documents of this folder, so that a binary alone has them.
package docs

import (
	"embed"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

//go:embed SIGNATURE.md PROTOCOL.md PORTING.md
var files embed.FS

// Names returns the names of the documents, as in [Page].
func Names() []string { return []string{"porting", "protocol", "signature"} }

// Page returns the Markdown of a document, or "" if there is none of this name.
func Page(name string) string {
	if !slices.Contains(Names(), name) {
		return ""
	}
	text, err := files.ReadFile(strings.ToUpper(name) + ".md")
	if err != nil {
		panic(fmt.Sprintf("document %s is not embedded: %v", name, err)) // a test reads them all
	}
	return string(text)
}

// ruleStart matches the start of a rule in SIGNATURE.md.
var ruleStart = regexp.MustCompile("(?m)^- \\*\\*`([a-z0-9-]+)`\\*\\* ")

// Rules returns the ids of all rules, in the order of SIGNATURE.md.
func Rules() (ids []string) {
	for _, match := range ruleStart.FindAllStringSubmatch(Page("signature"), -1) {
		ids = append(ids, match[1])
	}
	return ids
}

// Rule returns what SIGNATURE.md says of a rule, or "" if there is no such rule.
func Rule(id string) string {
	text := Page("signature")
	for _, at := range ruleStart.FindAllStringSubmatchIndex(text, -1) {
		if text[at[2]:at[3]] != id {
			continue
		}
		return ruleText(text[at[1]:])
	}
	return ""
}

// ruleText returns the text up to the next rule or heading, without its indentation.
func ruleText(text string) string {
	var lines []string
	for line := range strings.Lines(text) {
		line = strings.TrimRight(line, "\n")
		outside := line != "" && !strings.HasPrefix(line, "  ")
		if outside && len(lines) > 0 {
			break
		}
		lines = append(lines, strings.TrimPrefix(line, "  "))
	}
	return strings.TrimSpace(strings.Join(lines, "\n")) + "\n"
}

package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"sigkit/docs"
	"sigkit/internal/cli"
	"sigkit/internal/diagnose"
	"sigkit/internal/mistake"
	"sigkit/vectors"
)

// shownNames is how many vectors or mistakes are named.
const shownNames = 12

// about writes what is known of a rule or of a mistake, if the name is one of these.
func about(w io.Writer, name string) (found bool) {
	if text := docs.Rule(name); text != "" {
		writeRule(w, name, text)
		return true
	}
	if m := mistake.Find(name); m != nil {
		writeMistake(w, m)
		return true
	}
	return false
}

// writeRule writes the text of a rule, its vectors, and the mistakes that break it.
func writeRule(w io.Writer, rule, text string) {
	fmt.Fprintf(w, "rule %s\n\n%s\n", rule, text)
	var ids, mistakes []string
	for _, v := range vectors.All() {
		if v.Rule == rule {
			ids = append(ids, v.ID)
		}
	}
	for _, m := range mistake.Catalogue() {
		if m.Rule == rule {
			mistakes = append(mistakes, m.ID)
		}
	}
	fmt.Fprintf(w, "%s: %s\n", counted(len(ids), "vector", "vectors"), firstOf(ids, shownNames))
	fmt.Fprintf(w, "%s: %s\n",
		counted(len(mistakes), "known mistake", "known mistakes"), firstOf(mistakes, shownNames))
	fmt.Fprintf(w, "sigcheck run --rule %s -- COMMAND runs these vectors alone\n", rule)
}

// writeMistake writes what goes wrong, how to fix it in each language, and what catches it.
func writeMistake(w io.Writer, m *mistake.Mistake) {
	fmt.Fprintf(w, "mistake %s, rule %s\n\n%s\nfix: %s\n", m.ID, m.Rule, m.What, m.Fix)
	for _, language := range slices.Sorted(maps.Keys(m.Idioms)) {
		fmt.Fprintf(w, "  %s: %s\n", language, m.Idioms[language])
	}
	var all []*vectors.Vector
	for _, v := range vectors.All() {
		all = append(all, &v)
	}
	ids := diagnose.NewEffects(all).Catching(m)
	fmt.Fprintf(w, "\ncaught by %s: %s\n",
		counted(len(ids), "vector", "vectors"), firstOf(ids, shownNames))
	fmt.Fprintf(w, "sigcheck explain %s shows the rule\n", m.Rule)
}

// unknownName is the error for a name that is no vector, no rule and no mistake.
func unknownName(name string, ids []string) error {
	if strings.Contains(name, "/") {
		return cli.UnknownVector(name, ids)
	}
	known := docs.Rules()
	for _, m := range mistake.Catalogue() {
		known = append(known, m.ID)
	}
	return fmt.Errorf("%w; sigcheck list shows the vectors, sigcheck mistakes the rules and mistakes",
		cli.Unknown("rule or mistake", name, known))
}

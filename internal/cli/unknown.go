package cli

import (
	"errors"
	"fmt"
	"path"
	"slices"
	"strconv"
	"strings"

	"github.com/spf13/cobra"
)

// maxListed is the greatest number of names that an error lists.
const maxListed = 12

// listedBy names the command that lists the names of a kind that has many.
var listedBy = map[string]string{
	"vector":  "sigcheck list",
	"mistake": "sigcheck mistakes",
}

// Unknown returns the error for a name that is not among the known ones. It suggests the closest
// name, if one is close, and lists the known names or says how to list them:
//
//	level "corre" is unknown: did you mean "core"? choose core, extended or quirk
func Unknown[S ~string](kind, given string, known []S) error {
	names := make([]string, len(known))
	for i, name := range known {
		names[i] = string(name)
	}
	var advice []string
	if name := closest(given, names); name != "" {
		advice = append(advice, fmt.Sprintf("did you mean %q?", name))
	}
	if len(names) <= maxListed {
		advice = append(advice, "choose "+choice(names))
	} else if command := listedBy[kind]; command != "" {
		advice = append(advice, fmt.Sprintf("%s shows all %d", command, len(names)))
	} else {
		advice = append(advice, fmt.Sprintf("%d names are known", len(names)))
	}
	return fmt.Errorf("%s %q is unknown: %s", kind, given, strings.Join(advice, " "))
}

// UnknownVector is [Unknown] for the id of a vector. If no id is close, it suggests the group.
func UnknownVector(given string, ids []string) error {
	groups := make([]string, len(ids))
	for i, id := range ids {
		groups[i] = path.Dir(id)
	}
	group := closest(path.Dir(given), groups)
	if closest(given, ids) != "" || group == "" {
		return Unknown("vector", given, ids)
	}
	return fmt.Errorf("vector %q is unknown: sigcheck list --run %s shows those of the group",
		given, group)
}

// choice joins names: a, b or c.
func choice(names []string) string {
	if len(names) < 2 {
		return strings.Join(names, "")
	}
	last := len(names) - 1
	return strings.Join(names[:last], ", ") + " or " + names[last]
}

// closest returns the known name with the smallest edit distance, whatever the case, or "" if all
// are too different: if more than about one character in four would have to change. If none is
// close, it returns the shortest name that contains the given one, if there is one.
func closest(given string, known []string) string {
	given = strings.ToLower(given)
	best, name := 2+len(given)/4, ""
	for _, k := range known {
		if d := distance(given, strings.ToLower(k)); d < best {
			best, name = d, k
		}
	}
	if name != "" || len(given) < minContained {
		return name
	}
	for _, k := range known {
		contains := strings.Contains(strings.ToLower(k), given)
		if contains && (name == "" || len(k) < len(name)) {
			name = k
		}
	}
	return name
}

// minContained is the length from which on a part of a name suggests the name.
const minContained = 3

// distance is the Levenshtein distance: how many bytes must be inserted, removed or replaced.
func distance(a, b string) int {
	row := make([]int, len(b)+1) // distances of a[:i] from every prefix of b
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			replaced := diagonal
			if a[i] != b[j] {
				replaced++
			}
			diagonal = row[j+1]
			row[j+1] = min(replaced, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}

// unknownCommand replaces cobra's error for an unknown command, which has several lines, by one
// with suggestions. It returns any other error as it is.
func unknownCommand(root *cobra.Command, err error) error {
	rest, ok := strings.CutPrefix(err.Error(), "unknown command ")
	quoted, quoteErr := strconv.QuotedPrefix(rest)
	if !ok || quoteErr != nil {
		return err
	}
	given, quoteErr := strconv.Unquote(quoted)
	if quoteErr != nil {
		return err
	}
	root.SuggestionsMinimumDistance = 2
	text := fmt.Sprintf("unknown command %q: ", given)
	if names := root.SuggestionsFor(given); len(names) > 0 {
		slices.Sort(names)
		for i, name := range names {
			names[i] = strconv.Quote(name)
		}
		text += "did you mean " + choice(names) + "? "
	}
	return errors.New(text + "see " + root.Name() + " --help")
}

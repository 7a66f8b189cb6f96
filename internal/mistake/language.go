package mistake

import (
	"maps"
	"path"
	"regexp"
	"slices"
	"strings"
)

// Languages returns the languages in which the idioms of the catalogue are written, sorted.
func Languages() []string {
	all := map[string]bool{}
	for _, m := range Catalogue() {
		for language := range m.Idioms {
			all[language] = true
		}
	}
	return slices.Sorted(maps.Keys(all))
}

// languageOfExtension says in which language a port is written, by the extension of its file.
var languageOfExtension = map[string]string{
	".py":     "Python",
	".js":     "JavaScript",
	".cjs":    "JavaScript",
	".mjs":    "JavaScript",
	".ts":     "JavaScript",
	".go":     "Go",
	".class":  "Java",
	".jar":    "Java",
	".java":   "Java",
	".rs":     "Rust",
	".php":    "PHP",
	".phar":   "PHP",
	".rb":     "Ruby",
	".cs":     "C#",
	".csproj": "C#",
	".dll":    "C#",
	".kt":     "Kotlin",
	".kts":    "Kotlin",
	".swift":  "Swift",
}

// languageOfProgram says in which language a port is written, by the program that runs it.
var languageOfProgram = map[string]string{
	"python":  "Python",
	"pypy":    "Python",
	"node":    "JavaScript",
	"deno":    "JavaScript",
	"bun":     "JavaScript",
	"tsx":     "JavaScript",
	"go":      "Go",
	"java":    "Java",
	"cargo":   "Rust",
	"php":     "PHP",
	"ruby":    "Ruby",
	"jruby":   "Ruby",
	"dotnet":  "C#",
	"mono":    "C#",
	"kotlin":  "Kotlin",
	"kotlinc": "Kotlin",
	"swift":   "Swift",
}

// cargoTarget matches the path of a program that Cargo built, for example target/release/port.
var cargoTarget = regexp.MustCompile(`(?:^|/)target/(?:[^/]+/)?(?:release|debug)/`)

// Language guesses from the command of a port in which language the port is written. It returns a
// language of [Mistake.Idioms], or "" if it cannot tell.
//
// It looks at the words of the command in their order, and at each word in three ways. The first
// match decides:
//
//  1. the extension of a file: port.py, build/port.jar, Port.csproj;
//  2. the program that runs the port, without its folder, version and .exe: /usr/bin/python3.12;
//  3. the folder into which Cargo builds: target/release/port.
//
// A program that was compiled in another way, by gcc for example, cannot be told. The extension
// .exe alone says nothing: a .NET program is recognized by the word mono before it.
func Language(command []string) string {
	for _, word := range command {
		if language := languageOfWord(strings.ReplaceAll(word, `\`, "/")); language != "" {
			return language
		}
	}
	return ""
}

func languageOfWord(word string) string {
	name := strings.ToLower(path.Base(word))
	if language := languageOfExtension[path.Ext(name)]; language != "" {
		return language
	}
	program := strings.TrimRight(strings.TrimSuffix(name, ".exe"), "0123456789.")
	if language := languageOfProgram[program]; language != "" {
		return language
	}
	if cargoTarget.MatchString(word) {
		return "Rust"
	}
	return ""
}

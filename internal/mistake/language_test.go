package mistake

import (
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestLanguage(t *testing.T) {
	for _, test := range []struct{ command, want string }{
		{"python3 port.py", "Python"},
		{"/usr/bin/python3.12 -m port", "Python"},
		{"uv run port.py", "Python"},
		{`C:\Python\python.exe -m port`, "Python"},
		{"node port.mjs", "JavaScript"},
		{"./port.cjs", "JavaScript"},
		{"deno run port.ts", "JavaScript"},
		{"go run ./ports/go", "Go"},
		{"java -jar build/port.jar", "Java"},
		{"java -cp classes Port", "Java"},
		{"cargo run --quiet", "Rust"},
		{"target/release/port", "Rust"},
		{"./target/debug/port --stream", "Rust"},
		{"/src/target/x86_64-unknown-linux-musl/release/port", "Rust"},
		{`target\release\port.exe`, "Rust"},
		{"php port.php", "PHP"},
		{"php8.3 -f port", "PHP"},
		{"php port.phar", "PHP"},
		{"ruby port.rb", "Ruby"},
		{"bundle exec ruby3.2 port", "Ruby"},
		{"dotnet run --project port", "C#"},
		{"dotnet bin/Release/net8.0/Port.dll", "C#"},
		{"build --project Port.csproj", "C#"},
		{"mono Port.exe", "C#"},
		{"script port.cs", "C#"},
		{"kotlinc -script port.kts", "Kotlin"},
		{"kotlin port.jar", "Kotlin"},
		{"run port.kt", "Kotlin"},
		{"swift run", "Swift"},
		{"./port.swift", "Swift"},
		{"env LANG=C ruby port", "Ruby"},

		{"", ""},
		{"./port", ""},
		{"Port.exe", ""},
		{"gcc -run port", ""},
		{"./a.out", ""},
		{"build/release/port", ""},
		{"target/port", ""},
		{"bash port.sh", ""},
		{"gopher", ""},
	} {
		assert.Equal(t, test.want, Language(strings.Fields(test.command)), test.command)
	}
}

// Every rule with idioms has one for each language, and each language that is guessed has idioms.
func TestIdioms(t *testing.T) {
	languages := []string{
		"C", "C#", "Go", "Java", "JavaScript", "Kotlin", "PHP", "Python", "Ruby", "Rust", "Swift",
	}
	for rule, texts := range idioms {
		for _, language := range languages {
			assert.NotEmpty(t, texts[language], "%s in %s", rule, language)
		}
		assert.Len(t, texts, len(languages), rule)
	}
	for _, guesses := range []map[string]string{languageOfExtension, languageOfProgram} {
		for mark, language := range guesses {
			assert.True(t, slices.Contains(languages, language), mark)
		}
	}
}

func TestLanguages(t *testing.T) {
	all := Languages()
	assert.True(t, slices.IsSorted(all))
	assert.Subset(t, all, []string{"C#", "Go", "Java", "JavaScript", "PHP", "Python", "Rust"})
	assert.Equal(t, slices.Compact(slices.Clone(all)), all)
}

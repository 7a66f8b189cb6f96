package scaffold

import (
	"bytes"
	"embed"
	"io/fs"
	"path"
	"strings"
	"text/template"

	"sigkit/ports"
)

//go:embed templates
var templateFiles embed.FS

var templates = template.Must(template.ParseFS(templateFiles, "templates/*"))

// places says where a project has the files of templates.
var places = map[string]string{
	"readme.md":    "README.md",
	"test.sh":      "test.sh",
	"sigcheck.yml": ".github/workflows/sigcheck.yml",
}

// addTemplates adds the files that are alike in all languages.
func addTemplates(files map[string][]byte, language ports.Language, complete bool) error {
	names, err := fs.Glob(templateFiles, "templates/*")
	if err != nil {
		return err
	}
	data := struct {
		ports.Language
		Command  string
		Guide    string
		Complete bool
	}{language, strings.Join(language.Run, " "), Guide(language), complete}
	for _, name := range names {
		var text bytes.Buffer
		if err := templates.ExecuteTemplate(&text, path.Base(name), data); err != nil {
			return err
		}
		files[places[path.Base(name)]] = text.Bytes()
	}
	return nil
}

// Guide returns the line of a shell that shows the next step of a project. What must be built first
// is not watched, as its sources change before it does. There sigcheck cannot tell the language.
func Guide(language ports.Language) string {
	command := strings.Join(language.Run, " ")
	if language.Build == "" {
		return "sigcheck guide --watch . -- " + command
	}
	return language.Build + " && sigcheck guide --lang '" + language.Name + "' -- " + command
}

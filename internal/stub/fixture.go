package stub

import (
	"errors"
	"fmt"
	"mime"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

// Fixture is a prepared answer.
type Fixture struct {
	Type string // its Content-Type
	Body []byte
}

// ReadFixtures reads prepared answers, each given as PATH=FILE, and returns them by path. The
// Content-Type is that of the file's extension, or else of its content.
func ReadFixtures(given []string) (map[string]Fixture, error) {
	fixtures := map[string]Fixture{}
	for _, text := range given {
		path, file, ok := strings.Cut(text, "=")
		if !ok || !strings.HasPrefix(path, "/") {
			return nil, fmt.Errorf(
				"--fixture %q is not of the form PATH=FILE: write /api/v1/x=answer.json", text)
		}
		body, err := os.ReadFile(file)
		if err != nil {
			return nil, fmt.Errorf("--fixture %s: %w", text, errors.Unwrap(err))
		}
		kind := mime.TypeByExtension(filepath.Ext(file))
		if kind == "" {
			kind = http.DetectContentType(body)
		}
		fixtures[path] = Fixture{Type: kind, Body: body}
	}
	return fixtures, nil
}

package report

import (
	"encoding/json"
	"io"

	"sigkit/internal/check"
)

// JSON writes the run as one document; see schema/result.schema.json.
func JSON(w io.Writer, run *check.Run, _ Options) error {
	text, err := run.Encode()
	if err != nil {
		return err
	}
	_, err = w.Write(text)
	return err
}

// WriteJSON writes any value as one indented document.
func WriteJSON(w io.Writer, v any) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(v)
}

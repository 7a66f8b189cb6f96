package report

import (
	"bytes"
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
	_, err = w.Write(harmlessJSON(text))
	return err
}

// WriteJSON writes any value as one indented document.
func WriteJSON(w io.Writer, v any) error {
	var text bytes.Buffer
	encoder := json.NewEncoder(&text)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	if err := encoder.Encode(v); err != nil {
		return err
	}
	_, err := w.Write(harmlessJSON(text.Bytes()))
	return err
}

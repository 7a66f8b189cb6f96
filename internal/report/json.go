package report

import (
	"io"

	"sigkit/internal/check"
)

// JSON writes the run as one document; see schema/result.schema.json.
func JSON(w io.Writer, run *check.Run, _ Options) error { return WriteJSON(w, run) }

// WriteJSON writes any value as one indented document, see [check.EncodeJSON].
func WriteJSON(w io.Writer, v any) error {
	text, err := check.EncodeJSON(v)
	if err != nil {
		return err
	}
	_, err = w.Write(harmlessJSON(text))
	return err
}

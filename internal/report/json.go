package report

import (
	"encoding/json"
	"io"

	"sigkit/internal/check"
)

// JSON writes the run as one document; see schema/result.schema.json.
func JSON(w io.Writer, run *check.Run, _ Options) error {
	encoder := json.NewEncoder(w)
	encoder.SetEscapeHTML(false)
	encoder.SetIndent("", "  ")
	return encoder.Encode(run)
}

package export

import (
	"bytes"
	"encoding/csv"
	"strings"

	"sigkit/vectors"
)

// members are the texts of a vector, in the order of the columns of CSV. A text that is absent is
// empty, but for those of a vector that is signed: these are there, empty or not.
var members = []string{
	"id", "level", "rule", "why", "question", "error", "hmac_msg", "token", "url", "body",
}

// row returns the members of a vector, nil where absent.
func row(v *vectors.Vector) []*string {
	optional := func(text string) *string {
		if text == "" {
			return nil
		}
		return &text
	}
	question := strings.TrimSuffix(string(v.AppendQuestion(nil)), "\n")
	texts := []*string{
		&v.ID, optional(string(v.Level)), optional(v.Rule), optional(v.Why), &question,
		optional(v.Expect.Error), nil, nil, nil, nil,
	}
	if v.Expect.Error == "" {
		texts[6], texts[7] = &v.Expect.HMACMsg, &v.Expect.Token
	}
	if sent := v.Expect.Request; sent != nil {
		texts[8], texts[9] = &sent.URL, sent.Body
	}
	return texts
}

// encodeJSON writes an array with one object a line, all of whose members are strings.
func encodeJSON(all []vectors.Vector) []byte {
	out := []byte("[\n")
	for i := range all {
		separator := byte('{')
		for n, text := range row(&all[i]) {
			if text != nil {
				out = append(append(append(out, separator, '"'), members[n]...), `":`...)
				out = vectors.AppendString(out, *text)
				separator = ','
			}
		}
		out = append(out, "},\n"...)
	}
	return append(bytes.TrimSuffix(out, []byte(",\n")), "\n]\n"...)
}

// encodeCSV writes a table with a header, as RFC 4180 has it. What is absent is empty.
func encodeCSV(all []vectors.Vector) []byte {
	var out bytes.Buffer
	table := csv.NewWriter(&out)
	_ = table.Write(members) // a buffer takes all
	for i := range all {
		cells := make([]string, len(members))
		for n, text := range row(&all[i]) {
			if text != nil {
				cells[n] = *text
			}
		}
		_ = table.Write(cells)
	}
	table.Flush()
	return out.Bytes()
}

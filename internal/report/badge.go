package report

import (
	"encoding/xml"
	"fmt"
	"io"
	"strings"

	"github.com/mattn/go-runewidth"

	"sigkit/internal/check"
	"sigkit/vectors"
)

// badge is what a badge says. Its JSON form is that of the endpoint badges of shields.
type badge struct {
	SchemaVersion int    `json:"schemaVersion"`
	Label         string `json:"label"`
	Message       string `json:"message"`
	Color         string `json:"color"`
	IsError       bool   `json:"isError,omitempty"`
}

// BadgeJSON writes the badge of a run for the endpoint badges of shields.
func BadgeJSON(w io.Writer, run *check.Run, _ Options) error { return WriteJSON(w, badgeOf(run)) }

// Badge writes the badge of a run as SVG.
func Badge(w io.Writer, run *check.Run, _ Options) error {
	b := badgeOf(run)
	label, message := badgeWidth(b.Label), badgeWidth(b.Message)
	title := attribute(fmt.Sprintf("%s: %s (%s)", b.Label, b.Message, clip(run.Name, nameWidth)))
	_, err := fmt.Fprintf(w, badgeSVG, label+message, title, title, label, label, message,
		badgeColors[b.Color], label/2, label-2*badgeMargin, attribute(b.Label),
		label+message/2, message-2*badgeMargin, attribute(b.Message))
	return err
}

// badgeOf says how many vectors of each level pass, in the color of the verdict.
func badgeOf(run *check.Run) badge {
	b := badge{SchemaVersion: 1, Label: "signature", Color: "lightgrey", IsError: true}
	switch run.Verdict {
	case check.Conforms:
		b.Color, b.IsError = "brightgreen", false
	case check.Fails:
		b.Color = "red"
	case check.Untested:
		b.Message = "could not be tested"
		return b
	}
	var levels []string
	for _, level := range vectors.Levels() {
		var counts check.Counts
		for i := range run.Vectors {
			if run.Vectors[i].Level == level {
				counts.Add(run.Vectors[i].Outcome)
			}
		}
		if counts.Total() > 0 {
			levels = append(levels, fmt.Sprintf("%s %d/%d", level, counts.Pass, counts.Total()))
		}
	}
	b.Message = strings.Join(levels, ", ")
	if run.Verdict == check.Cancelled {
		b.Message = strings.TrimPrefix("interrupted, "+b.Message, ", ")
	}
	return b
}

// The size of a badge, in pixels.
const (
	badgeMargin = 6
	badgeColumn = 7 // width of a character, about; the text is fitted to it
)

func badgeWidth(text string) int { return runewidth.StringWidth(text)*badgeColumn + 2*badgeMargin }

// badgeColors are the colors of the names that shields has.
var badgeColors = map[string]string{
	"brightgreen": "#2e7d32",
	"red":         "#c62828",
	"lightgrey":   "#616161",
}

func attribute(text string) string {
	var out strings.Builder
	_ = xml.EscapeText(&out, []byte(text)) // a builder takes everything
	return out.String()
}

const badgeSVG = `<svg xmlns="http://www.w3.org/2000/svg" width="%d" height="20" role="img" ` +
	`aria-label="%s">
  <title>%s</title>
  <rect width="%d" height="20" fill="#444"/>
  <rect x="%d" width="%d" height="20" fill="%s"/>
  <g fill="#fff" text-anchor="middle" font-family="Verdana,DejaVu Sans,sans-serif" font-size="11">
    <text x="%d" y="14" textLength="%d" lengthAdjust="spacingAndGlyphs">%s</text>
    <text x="%d" y="14" textLength="%d" lengthAdjust="spacingAndGlyphs">%s</text>
  </g>
</svg>
`

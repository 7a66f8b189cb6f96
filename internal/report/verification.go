package report

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"sigkit/internal/check"
)

// VerificationFormat writes whether a saved result is true.
type VerificationFormat func(w io.Writer, v *check.Verification, o Options) error

var verificationFormats = map[string]VerificationFormat{
	"json": verificationJSON,
	"text": verificationText,
}

// VerificationNames returns the names of all formats of verifications, sorted.
func VerificationNames() []string { return slices.Sorted(maps.Keys(verificationFormats)) }

// FindVerification returns a format by one of the [VerificationNames], or nil.
func FindVerification(name string) VerificationFormat { return verificationFormats[name] }

func verificationJSON(w io.Writer, v *check.Verification, _ Options) error {
	short := *v
	short.Fresh = v.Fresh.OnlyBroken()
	return WriteJSON(w, short)
}

// verificationText writes the verification for people: why fresh requests fail, what differs from
// the result, and what that means.
func verificationText(w io.Writer, v *check.Verification, o Options) error {
	if v.Fresh.Run.Broken() > 0 {
		if _, err := io.WriteString(w, "Fresh random requests:\n\n"); err != nil {
			return err
		}
		if err := Text(w, v.Fresh.Run, o); err != nil {
			return err
		}
		if _, err := io.WriteString(w, "\n"); err != nil {
			return err
		}
	}
	var out strings.Builder
	writeChanges(&out, v.Diff)
	for _, note := range v.Notes {
		fmt.Fprintf(&out, "note: %s\n", clip(note, noteLines*noteWidth))
	}
	now := v.Diff.New
	fmt.Fprintf(&out, "the selection of the result: %d of %d vectors pass; %d of %d in the result\n",
		now.Counts.Pass, now.Counts.Total(), v.Diff.Old.Counts.Pass, v.Diff.Old.Counts.Total())
	fresh := v.Fresh.Run.Counts
	fmt.Fprintf(&out, "fresh random requests: %d of %d pass", fresh.Pass, fresh.Total())
	if fresh.Unsupported > 0 {
		fmt.Fprintf(&out, ", %d unsupported", fresh.Unsupported)
	}
	fmt.Fprintf(&out, "; --seed %d asks the same again\n", v.Fresh.Seed)
	for _, reason := range v.Reasons {
		fmt.Fprintf(&out, "not true: %s\n", clip(reason, noteLines*noteWidth))
	}
	fmt.Fprintf(&out, "%s: %s, a result of %s\n", holds(v), clip(v.Result, nameWidth),
		clip(now.Name, nameWidth))
	_, err := io.WriteString(w, harmless(out.String()))
	return err
}

func holds(v *check.Verification) string {
	if v.Holds {
		return "verified"
	}
	return "not verified"
}

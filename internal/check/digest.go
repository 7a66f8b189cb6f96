package check

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"strings"

	"sigkit/vectors"
)

// Digest identifies what is asked and what is expected: it is the start of the SHA-256 of the line
// of NDJSON with id, level, input and expect of the vector, 16 bytes in hexadecimal digits. What is
// only for people, `rule`, `tags` and `why`, does not count.
func Digest(v *vectors.Vector) string {
	judged := vectors.Vector{ID: v.ID, Level: v.Level, Input: v.Input, Expect: v.Expect}
	sum := sha256.Sum256(judged.AppendNDJSON(nil))
	return hex.EncodeToString(sum[:16])
}

// digest is the SHA-256 of the lines `ID DIGEST` of all vectors of the run, sorted bytewise, each
// with a line feed.
func (r *Run) digest() string {
	lines := make([]string, len(r.Vectors))
	for i, v := range r.Vectors {
		lines[i] = digestLine(v.ID, v.Digest)
	}
	return digestLines(lines)
}

// DigestOf is the digest of a run of all these vectors.
func DigestOf(all []vectors.Vector) string {
	lines := make([]string, len(all))
	for i := range all {
		lines[i] = digestLine(all[i].ID, Digest(&all[i]))
	}
	return digestLines(lines)
}

func digestLine(id, digest string) string { return fmt.Sprintf("%s %s\n", id, digest) }

func digestLines(lines []string) string {
	slices.Sort(lines)
	sum := sha256.Sum256([]byte(strings.Join(lines, "")))
	return hex.EncodeToString(sum[:])
}

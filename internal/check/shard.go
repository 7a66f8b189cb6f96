package check

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"strconv"
	"strings"
)

// Shard is one of Count parts of the vectors. Together they hold each vector once. The zero value
// is all of them.
//
// The part of a vector depends on its id and on Count alone, so a vector stays in its part when
// others are added. It is the first eight bytes of the id's SHA-256, big-endian, modulo Count, plus
// one.
type Shard struct{ Index, Count int }

// ParseShard reads "I/N" with 1 <= I <= N.
func ParseShard(text string) (Shard, error) {
	index, count, ok := strings.Cut(text, "/")
	i, err1 := strconv.Atoi(index)
	n, err2 := strconv.Atoi(count)
	if !ok || err1 != nil || err2 != nil || i < 1 || i > n {
		return Shard{}, fmt.Errorf("--shard %q is not of the form I/N: "+
			"write 1/4 for the first of four parts, 4/4 for the last", text)
	}
	return Shard{i, n}, nil
}

func (s Shard) holds(id string) bool {
	if s.Count <= 1 {
		return true
	}
	sum := sha256.Sum256([]byte(id))
	return binary.BigEndian.Uint64(sum[:])%uint64(s.Count) == uint64(s.Index-1)
}

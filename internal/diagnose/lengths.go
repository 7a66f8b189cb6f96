package diagnose

import (
	"slices"
	"strings"

	"sigkit/internal/mistake"
	"sigkit/vectors"
)

// Credentials and resource of requests that are made to be asked. Some ports refuse the short ones.
var (
	noData     = []byte("{}")
	shortPlain = vectors.Input{
		Email: new("a"), Key: new("a"), Method: "POST", Resource: plainResource, Data: noData,
	}
	usualPlain = vectors.Input{
		Email:    new("user@example.com"),
		Key:      new(strings.Repeat("testkey0", 5)),
		Method:   "POST",
		Resource: "/api/v1/vigiles/manifests/",
		Data:     noData,
	}
)

// longestAsked is how long texts are asked at most, in bytes.
const longestAsked = 70_000

// choosePlain sets the credentials of the requests that are made: the shortest, unless the port
// refuses them. If it refuses short keys, it says from which length on it does not.
func (r *run) choosePlain() (found []*mistake.Mistake) {
	r.plain = shortPlain
	if !r.refuses(r.plain) {
		return nil
	}
	if r.plain = usualPlain; r.refuses(r.plain) {
		r.plain = shortPlain
		return nil
	}
	in := usualPlain
	longest := len(*in.Key)
	lengths := make([]int, longest)
	for i := range lengths {
		lengths[i] = i + 1
	}
	signed := r.signedAt(lengths, func(n int) vectors.Input {
		in.Key = new(strings.Repeat("k", n))
		return in
	}, func(o Observation) bool { return o.Answer.Error == nil })
	shortest := slices.IndexFunc(lengths, func(n int) bool { return signed[n] })
	if shortest < 1 {
		return nil
	}
	return []*mistake.Mistake{mistake.ShortKeyRefused(lengths[shortest])}
}

// refuses asks whether the port refuses an input.
func (r *run) refuses(in vectors.Input) bool {
	answers := r.ask(r.asking, []*vectors.Vector{r.vector(in, vectors.Core)})
	return len(answers) == 1 && answers[0].Answer.Error != nil
}

// lengths finds out how long a value and a key may be. Longer ones are cut or refused.
func (r *run) lengths(s *side) (found []*mistake.Mistake) {
	set := s.top.set
	for _, i := range s.withLength() {
		set.remove(i) // its length is a guess so far
	}
	signing := s.steps(set)
	value := func(n int) vectors.Input {
		in := r.plain
		in.Data = dataOf("a", letters(n))
		return in
	}
	if length, refused, ok := r.longest(signing, value); ok {
		in := value(length)
		message := len(signing.Sign(mistake.NewQuestion(&in)).Message)
		if refused {
			found = append(found, mistake.LongMessageRefused(message))
		} else {
			found = append(found, mistake.Cut(mistake.CutString, length),
				mistake.Cut(mistake.CutMessage, message))
		}
	}
	key := func(n int) vectors.Input {
		in := r.plain
		in.Key = new(letters(n))
		return in
	}
	if length, refused, ok := r.longest(signing, key); ok && !refused {
		found = append(found, mistake.Cut(mistake.CutKey, length))
	}
	return found
}

// withLength returns the mistakes of the set that was found that are about a length.
func (s *side) withLength() (found []int) {
	ids := []string{
		mistake.CutString, mistake.CutMessage, mistake.CutKey,
		mistake.RefusedShortKey, mistake.RefusedLongMessage,
	}
	for _, i := range s.top.set.members() {
		if slices.Contains(ids, s.mistakes[i].ID) {
			found = append(found, i)
		}
	}
	return found
}

// letters returns a text of n bytes.
func letters(n int) string { return strings.Repeat("abcdefghij", n/10+1)[:n] }

// longest finds out how long a text may be that the port signs in full, and whether it refuses what
// is longer. It reports false if there is no such limit.
func (r *run) longest(
	signing *mistake.Steps, of func(length int) vectors.Input,
) (length int, refused, ok bool) {
	const atOnce = 16
	short, long := len(*r.plain.Key), longestAsked
	inFull := func(o Observation) bool {
		facts, _ := factsOf([]Observation{o})
		refused = refused || o.Answer.Error != nil
		return reproduceAll(facts, signing)
	}
	ends := r.signedAt([]int{short, long}, of, inFull)
	if full, answered := ends[long]; !ends[short] || !answered || full {
		return 0, false, false
	}
	for long-short > 1 {
		var lengths []int
		for i := 1; i <= atOnce; i++ {
			if n := short + (long-short)*i/(atOnce+1); n > short && !slices.Contains(lengths, n) {
				lengths = append(lengths, n)
			}
		}
		full := r.signedAt(lengths, of, inFull)
		if len(full) < len(lengths) {
			return 0, false, false
		}
		if first := slices.IndexFunc(lengths, func(n int) bool { return !full[n] }); first >= 0 {
			long = lengths[first]
			lengths = lengths[:first]
		}
		if len(lengths) > 0 {
			short = lengths[len(lengths)-1]
		}
	}
	return short, refused, true
}

// signedAt asks requests of some lengths, and reports which answers are right. Those that were not
// answered are missing.
func (r *run) signedAt(
	lengths []int, of func(length int) vectors.Input,
	right func(Observation) bool,
) map[int]bool {
	var asked []*vectors.Vector
	length := map[string]int{}
	for _, n := range lengths {
		v := r.vector(of(n), vectors.Core)
		asked, length[v.ID] = append(asked, v), n
	}
	signed := map[int]bool{}
	for _, o := range r.ask(r.asking, asked) {
		signed[length[o.Vector.ID]] = right(o)
	}
	return signed
}

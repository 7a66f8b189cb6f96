package diagnose

import (
	"context"
	"maps"
	"regexp"
	"slices"
	"strings"

	"sigkit/internal/mistake"
	"sigkit/signer"
	"sigkit/vectors"
)

// The characters that are asked one by one. The newline stands for all control characters, and the
// last ones for all that are not ASCII.
const (
	measuredCharacters = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\n" + nonASCII
	nonASCII           = "éβ"
)

// measure finds out by asking what a port signs instead of single characters, and where it cuts
// long texts. The catalogue knows some encodings and lengths; those that a port makes up have no
// end. For example: a port that keeps letters, digits and @, and writes %2f for a slash.
func (r *run) measure() {
	s := r.sides[0]
	if r.Ask == nil || len(s.failures(r.observations)) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(r.ctx, r.askLimit()/2)
	defer cancel()
	r.progress("asking how characters are signed")
	measured := false
	for i, id := range []string{
		mistake.CharactersInValues, mistake.CharactersInKeys, mistake.CharactersInSigningKey,
		mistake.CharactersInKeyFile, mistake.CharactersInEmail,
	} {
		if i > 0 && r.affordable(len(measuredCharacters)) < len(measuredCharacters) {
			break // a slow port
		}
		if c, ok := r.characters(ctx, s, id); ok {
			s.replace(c.Mistake(id))
			measured = true
		}
	}
	if length, overhead, ok := r.longest(ctx, s); ok {
		s.replace(mistake.Cut(mistake.CutString, length))
		s.replace(mistake.Cut(mistake.CutMessage, length+overhead))
		measured = true
	}
	if measured {
		s.searchOn(r.ctx, r.searchLimit()/2, nil, s.top.set)
	}
}

// longest finds out how long a value may be that the port signs in full, and how much longer the
// message is then. It reports false if there is no such limit below 70,000 bytes.
func (r *run) longest(ctx context.Context, s *side) (length, overhead int, ok bool) {
	const atOnce = 16
	short, long := 1, 70_000
	found := s.steps(s.top.set)
	ends := r.signedInFull(ctx, found, short, long)
	if full, answered := ends[long]; !ends[short] || !answered || full {
		return 0, 0, false
	}
	for long-short > 1 {
		var lengths []int
		for i := 1; i <= atOnce; i++ {
			if n := short + (long-short)*i/(atOnce+1); n > short && !slices.Contains(lengths, n) {
				lengths = append(lengths, n)
			}
		}
		full := r.signedInFull(ctx, found, lengths...)
		if len(full) < len(lengths) {
			return 0, 0, false
		}
		if first := slices.IndexFunc(lengths, func(n int) bool { return !full[n] }); first >= 0 {
			long = lengths[first]
			lengths = lengths[:first]
		}
		if len(lengths) > 0 {
			short = lengths[len(lengths)-1]
		}
	}
	in := inputWith(mistake.CharactersInValues, "a")
	message := found.Sign(mistake.NewQuestion(&in)).Message
	return short, len(message) - 1, true
}

// signedInFull asks for values of some lengths. It reports which are signed in full, of those that
// the port signs.
func (r *run) signedInFull(
	ctx context.Context, found *mistake.Steps, lengths ...int,
) map[int]bool {
	var asked []*vectors.Vector
	length := map[string]int{}
	for _, n := range lengths {
		v := r.withText(mistake.CharactersInValues, strings.Repeat("abcdefghij", n/10+1)[:n])
		asked, length[v.ID] = append(asked, v), n
	}
	full := map[int]bool{}
	for _, o := range r.ask(ctx, asked) {
		if o.Answer.Error == nil {
			facts, _ := factsOf([]Observation{o})
			full[length[o.Vector.ID]] = reproduceAll(facts, found)
		}
	}
	return full
}

// characters asks for each character. It reports false if the set that was found explains them all,
// or not even a request without any.
func (r *run) characters(ctx context.Context, s *side, id string) (c mistake.Characters, ok bool) {
	plain := r.withText(id, "aaa")
	asked := []*vectors.Vector{plain}
	characters := map[string]rune{}
	for _, char := range measuredCharacters {
		v := r.withText(id, "a"+string(char)+"a")
		asked = append(asked, v)
		characters[v.ID] = char
	}
	set := s.set(s.top.set)
	found := set.Steps()
	c.Texts = map[rune]string{}
	for _, o := range r.ask(ctx, asked) {
		facts, _ := factsOf([]Observation{o})
		char, isCharacter := characters[o.Vector.ID]
		explained := reproduceAll(facts, found)
		switch {
		case !isCharacter && !explained:
			return c, false
		case !isCharacter:
		case explained:
			c.Texts[char] = ownText(set, id, char)
		default:
			if text, known := textOf(set, id, char, facts); known {
				c.Texts[char] = text
				ok = true
			}
		}
	}
	c.Control, c.NonASCII = spellingOf(c, "\n"), spellingOf(c, nonASCII)
	c.KeepsEmail = ok && id == mistake.CharactersInValues && r.keepsEmail(ctx, set, c)
	return c, ok
}

// keepsEmail asks whether the email is signed as it is by a port that changes characters of values.
func (r *run) keepsEmail(ctx context.Context, set mistake.Set, c mistake.Characters) bool {
	for _, char := range measuredCharacters {
		if text, measured := c.Texts[char]; !measured || text == string(char) {
			continue
		}
		c.KeepsEmail = true
		in := inputWith(mistake.CharactersInValues, "a")
		in.Email = new("a" + string(char) + "a")
		answers := r.ask(ctx, []*vectors.Vector{r.vector(in, vectors.Core)})
		facts, _ := factsOf(answers)
		return len(facts) > 0 && reproduceAll(facts, c.Signing(set, mistake.CharactersInValues))
	}
	return false
}

// withText returns a vector of [inputWith].
func (r *run) withText(id, text string) *vectors.Vector {
	return r.vector(inputWith(id, text), vectors.Core)
}

// inputWith returns a request with a text as its only value, as the key of it, as the signing key,
// given directly or in a key file, or as email in a key file.
func inputWith(id, text string) vectors.Input {
	data := signer.Object{{Key: "a", Value: signer.String("a")}}
	in := vectors.Input{Key: new("a"), Email: new("a"), Method: "POST", Resource: "/"}
	switch id {
	case mistake.CharactersInValues:
		data[0].Value = signer.String(text)
	case mistake.CharactersInKeys:
		data[0].Key = text
	case mistake.CharactersInSigningKey:
		in.Key = &text
	case mistake.CharactersInKeyFile:
		in.KeyFile, in.Key, in.Email = keyFile("a", text), nil, nil
	case mistake.CharactersInEmail:
		in.KeyFile, in.Key, in.Email = keyFile(text, "a"), nil, nil
	}
	in.Data = vectors.AppendValue(nil, data)
	return in
}

func keyFile(email, key string) *string {
	return new(string(vectors.AppendValue(nil, signer.Object{
		{Key: "email", Value: signer.String(email)}, {Key: "key", Value: signer.String(key)},
	})))
}

func reproduceAll(facts []*fact, steps *mistake.Steps) bool {
	return !slices.ContainsFunc(facts, func(f *fact) bool {
		return !f.kind.form() && !f.reproduced(f.outcome(steps))
	})
}

// ownText returns what the found mistakes sign instead of a character, if they change it.
func ownText(set mistake.Set, id string, char rune) string {
	steps := set.Steps()
	switch id {
	case mistake.CharactersInKeys:
		return steps.EscapeKey(string(char))
	case mistake.CharactersInEmail:
		return steps.FileEmail(string(char))
	case mistake.CharactersInKeyFile:
		return steps.FileKey(string(char))
	case mistake.CharactersInSigningKey:
		if key, err := steps.KeyBytes(string(char)); err == nil {
			return string(key)
		}
	}
	return steps.EscapeValue(string(char))
}

// textOf returns what a port signs instead of a character: read from the message if it returns
// that, else what makes the token.
func textOf(set mistake.Set, id string, char rune, facts []*fact) (text string, known bool) {
	signing := func(text string) *mistake.Steps {
		c := mistake.Characters{Texts: map[rune]string{char: text}}
		return c.Signing(set, id)
	}
	var candidates []string
	for _, spell := range mistake.Spellings() {
		candidates = append(candidates, spell(char))
	}
	inMessage := id != mistake.CharactersInSigningKey && id != mistake.CharactersInKeyFile
	if f := facts[0]; inMessage && f.kind == message {
		const mark = "\x01"
		before, after, _ := strings.Cut(f.outcome(signing(mark)).text, mark)
		text, isBefore := strings.CutPrefix(*f.Answer.HMACMsg, before)
		text, isAfter := strings.CutSuffix(text, after)
		if isBefore && isAfter && readable.MatchString(text) {
			candidates = append(candidates, text)
		}
	}
	for _, text := range candidates {
		if reproduceAll(facts, signing(text)) {
			return text, true
		}
	}
	return "", false
}

// readable matches what is read from a message: short, and nothing that a terminal or a CI service
// obeys.
var readable = regexp.MustCompile(`^[%&#;\\+_. A-Za-z0-9-]{0,12}$`)

// spellingOf returns how some characters were signed, for others of their kind.
func spellingOf(c mistake.Characters, chars string) mistake.Spelling {
	for _, spell := range mistake.Spellings() {
		differs := func(char rune) bool { return c.Texts[char] != spell(char) }
		if !strings.ContainsFunc(chars, differs) {
			return spell
		}
	}
	return nil
}

// replace puts a measured mistake in the place of that with its id, for this side alone.
func (s *side) replace(m *mistake.Mistake) {
	i := slices.IndexFunc(s.mistakes, func(known *mistake.Mistake) bool { return known.ID == m.ID })
	relations := *s.relations
	relations.mistakes = slices.Clone(s.mistakes)
	relations.mistakes[i] = m
	relations.steps = slices.Clone(s.relations.steps)
	relations.steps[i] = mistake.Set{m}.Steps()
	relations.excludes = slices.Clone(s.excludes)
	for j, other := range relations.mistakes { // it may change more steps than the usual one
		if m.Excludes(other) {
			relations.excludes[i].add(j)
			relations.excludes[j].add(i)
		}
	}
	s.relations = &relations
	right := mistake.Set{}.Steps()
	parallelChunks(len(s.facts), func(at int) {
		f := s.facts[at]
		f.affected.remove(i)
		maps.DeleteFunc(f.known, func(set bitset, _ bool) bool { return set.has(i) })
		s.trySingle(f, i, f.outcome(right))
	})
	for _, f := range s.facts {
		s.usable = s.usable.or(&f.affected)
	}
}

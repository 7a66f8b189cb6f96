package diagnose

import (
	"maps"
	"regexp"
	"slices"
	"strings"

	"sigkit/internal/mistake"
	"sigkit/signer"
	"sigkit/vectors"
)

// The characters that are asked one by one. The newline stands for all control characters that are
// changed, U+0001 for those that are refused, and the last ones for all that are not ASCII.
const (
	measuredCharacters = " !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~\n\x00\x01\t\r\x7f" + nonASCII
	nonASCII           = "éβ"
)

// place is a text of a request whose characters are measured, with the ids of the mistakes of a
// port that changes them, and of one that refuses them. One of the two may be empty.
type place struct{ changed, refused string }

var places = []place{
	{mistake.CharactersInValues, mistake.RefusedInValues},
	{mistake.CharactersInKeys, mistake.RefusedInKeys},
	{mistake.CharactersInSigningKey, mistake.RefusedInKey},
	{mistake.CharactersInKeyFile, ""},
	{mistake.CharactersInEmail, mistake.RefusedInEmail},
	{"", mistake.RefusedInResource},
}

// measure finds out by asking what a port signs instead of single characters, which it refuses, and
// how long texts may be. The catalogue knows some encodings and lengths; those that a port makes up
// have no end. For example: a port that keeps letters, digits and @, and writes %2f for a slash.
func (r *run) measure() {
	s := r.sides[0]
	if r.Ask == nil || len(s.failures(r.observations)) == 0 && len(s.withLength()) == 0 {
		return
	}
	r.allow(r.askLimit() / settleShare)
	r.progress("asking how characters are signed")
	found := r.choosePlain()
	for i, p := range places {
		if i > 0 && r.affordable(len(measuredCharacters)) < len(measuredCharacters) {
			break // a slow port
		}
		found = append(found, r.characters(s, p)...)
	}
	found = append(found, r.lengths(s)...)
	if len(found) == 0 {
		return
	}
	for _, m := range found {
		s.replace(m)
		r.sides[1].replace(m)
	}
	s.searchOn(r.ctx, r.searchLimit()/2, nil, s.top.set, s.best)
	r.couple()
}

// characters asks for each character in a place. It returns nothing if the set that was found
// explains all answers, or not even that to a request without any.
func (r *run) characters(s *side, p place) (found []*mistake.Mistake) {
	plain := r.withText(p, "aaa")
	asked := []*vectors.Vector{plain}
	characters := map[string]rune{}
	for _, char := range measuredCharacters {
		v := r.withText(p, "a"+string(char)+"a")
		asked = append(asked, v)
		characters[v.ID] = char
	}
	isRefusal := func(m *mistake.Mistake) bool { return m.ID == p.refused }
	set := slices.DeleteFunc(s.set(s.top.set), isRefusal) // which characters is a guess so far
	steps := set.Steps()
	c := mistake.Characters{Texts: map[rune]string{}}
	refused := mistake.RefusedCharacters{Chars: map[rune]bool{}}
	changes, refuses := false, false
	for _, o := range r.ask(r.asking, asked) {
		facts, _ := factsOf([]Observation{o})
		char, isCharacter := characters[o.Vector.ID]
		explained := reproduceAll(facts, steps)
		if !isCharacter && !explained {
			return nil
		} else if !isCharacter {
			continue
		}
		refused.Chars[char] = !explained && o.Answer.Error != nil
		switch {
		case explained:
			c.Texts[char] = ownText(set, p.changed, char)
		case o.Answer.Error != nil:
			refuses = true
		default:
			if text, known := textOf(set, p, char, facts); known {
				c.Texts[char] = text
				changes = true
			}
		}
	}
	if changes && p.changed != "" {
		c.Control, c.NonASCII = spellingOf(c, "\n"), spellingOf(c, nonASCII)
		c.KeepsEmail = p.changed == mistake.CharactersInValues && r.keepsEmail(set, c)
		found = append(found, c.Mistake(p.changed))
	}
	if refuses && p.refused != "" {
		refused.Control = refused.Chars['\x01']
		refused.NonASCII = refused.Chars['é'] && refused.Chars['β']
		found = append(found, refused.Mistake(p.refused))
	}
	return found
}

// keepsEmail asks whether the email is signed as it is by a port that changes characters of values.
func (r *run) keepsEmail(set mistake.Set, c mistake.Characters) bool {
	for _, char := range measuredCharacters {
		if text, measured := c.Texts[char]; !measured || text == string(char) {
			continue
		}
		c.KeepsEmail = true
		in := r.plain
		in.Email = new("a" + string(char) + *in.Email)
		answers := r.ask(r.asking, []*vectors.Vector{r.vector(in, vectors.Core)})
		facts, _ := factsOf(answers)
		return len(facts) > 0 && reproduceAll(facts, c.Signing(set, mistake.CharactersInValues))
	}
	return false
}

// withText returns a request with a text in some place: as its only value, as the key of it, in the
// signing key, given directly or in a key file, in the email of a key file, or in the resource.
func (r *run) withText(p place, text string) *vectors.Vector {
	in := r.plain
	value, name := "a", "a"
	switch email, key := *in.Email, *in.Key; p.changed {
	case mistake.CharactersInValues:
		value = text
	case mistake.CharactersInKeys:
		name = text
	case mistake.CharactersInSigningKey:
		in.Key = new(text + key)
	case mistake.CharactersInKeyFile:
		in.KeyFile, in.Key, in.Email = keyFile(email, text+key), nil, nil
	case mistake.CharactersInEmail:
		in.KeyFile, in.Key, in.Email = keyFile(text+email, key), nil, nil
	default:
		in.Resource += text
	}
	in.Data = dataOf(name, value)
	return r.vector(in, vectors.Core)
}

func dataOf(name, value string) []byte {
	return vectors.AppendValue(nil, signer.Object{{Key: name, Value: signer.String(value)}})
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
func textOf(set mistake.Set, p place, char rune, facts []*fact) (text string, known bool) {
	if p.changed == "" {
		return "", false
	}
	signing := func(text string) *mistake.Steps {
		c := mistake.Characters{Texts: map[rune]string{char: text}}
		return c.Signing(set, p.changed)
	}
	var candidates []string
	for _, spell := range mistake.Spellings() {
		candidates = append(candidates, spell(char))
	}
	inMessage := p.changed != mistake.CharactersInSigningKey &&
		p.changed != mistake.CharactersInKeyFile
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
	for _, f := range s.facts {
		f.tried.remove(i)
		f.affected.remove(i)
		maps.DeleteFunc(f.known, func(set bitset, _ bool) bool { return set.has(i) })
	}
}

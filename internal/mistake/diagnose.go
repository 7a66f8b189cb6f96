package mistake

import (
	"cmp"
	"context"
	"math/bits"
	"slices"
	"strings"

	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// Seen is what a port answered to one vector.
type Seen struct {
	Vector  *vectors.Vector
	Refused bool
	Headers []Header // as returned, or as they arrived
	Message *string  // nil if the port does not return it
	URL     *string
	Body    *string
}

// Header is one header of an answer.
type Header struct{ Name, Value string }

// Diagnosis says which mistakes a port makes. Everything in it holds for every answer that was seen: a set that contradicts one is never among the explanations.
type Diagnosis struct {
	Failures  int        // answers whose signature is wrong
	Fits      []Set      // the smallest sets of mistakes that reproduce every answer; several if no answer tells them apart
	Variants  []*Mistake // that could stand for plainer ones in Fits: they differ in inputs that were not asked
	More      int        // further sets of that size, not listed
	Grown     bool       // there is one set of more than MaxMistakes, found mistake by mistake: a smaller one may do as well
	Apart     *vectors.Vector
	ApartSays []string // what ports with the first two sets would answer to Apart

	// If no set reproduces every answer: the set that agrees with all right answers and reproduces most wrong ones.
	Part      Set
	Explained int      // wrong answers that Part reproduces
	Remaining []string // ids of those that it does not

	// If there is no such set either: the set that comes nearest, how many wrong answers it reproduces, and the ids of the answers that rule it out, which are fewer.
	Near    Set
	NearHas int
	Against []string

	Constant bool // every vector got the same answer
	Refuses  bool // every vector was refused
}

// Complete reports whether every answer is explained.
func (d *Diagnosis) Complete() bool { return len(d.Fits) > 0 }

// maxFits is how many sets are told that fit equally.
const maxFits = 4

// MaxMistakes is the size of the largest set that is looked for.
const MaxMistakes = 3

// Diagnose finds the mistakes that explain what was seen, or, when ctx ends before, nothing. It returns nil if nothing is wrong with the signatures, or with requests that were right otherwise.
func Diagnose(ctx context.Context, seen []Seen) *Diagnosis {
	all := make([]*vectors.Vector, len(seen))
	for i := range seen {
		all[i] = seen[i].Vector
	}
	return NewLab(all).Diagnose(ctx, seen)
}

// Diagnose is [Diagnose] for answers to the vectors of the lab, in their order.
func (l *Lab) Diagnose(ctx context.Context, seen []Seen) *Diagnosis {
	signing, sending := newSearch(ctx, l, seen, false), newSearch(ctx, l, seen, true)
	var d *Diagnosis
	switch {
	case len(signing.wrong) > 0:
		d = signing.diagnose()
	case len(sending.wrong) > 0:
		d = sending.diagnose()
	}
	if ctx.Err() != nil {
		return nil
	}
	return d
}

// search looks for sets of mistakes, in what is signed or in what is sent. It ends early, with whatever it has, when its context ends.
type search struct {
	ctx context.Context
	*Lab
	seen     []Seen
	sending  bool
	known    []int             // places of the mistakes that it is about
	order    []int             // places of the subjects, those first that rule out most
	wrong    []int             // places of the subjects with a wrong answer
	right    []bool            // by subject: whether its answer is right
	excludes []bitset          // by mistake: those that cannot be made with it
	reaches  []coverage        // by mistake: the wrong answers that it touches
	matches  []map[bitset]bool // by subject: whether the set, as far as it touches the subject, reproduces its answer
}

func newSearch(ctx context.Context, l *Lab, seen []Seen, sending bool) *search {
	s := &search{ctx: ctx, Lab: l, seen: seen, sending: sending, matches: make([]map[bitset]bool, len(seen)), right: make([]bool, len(seen))}
	for i, m := range l.mistakes {
		if m.wire == sending {
			s.known = append(s.known, i)
		}
	}
	var right []int
	for i := range seen {
		s.matches[i] = map[bitset]bool{}
		if sending && (seen[i].Refused || l.subjects[i].right.refused || l.subjects[i].sent == nil) {
			continue // there is no request to look at
		}
		if s.right[i] = s.reproduces(nil, i); s.right[i] {
			right = append(right, i)
		} else {
			s.wrong = append(s.wrong, i)
		}
	}
	cost := func(i int) int { // few sets make for few trials; where the port should refuse nothing is saved
		if l.subjects[i].right.refused {
			return 1000
		}
		return l.subjects[i].touched.size()
	}
	slices.SortStableFunc(s.wrong, func(a, b int) int { return cmp.Compare(cost(a), cost(b)) })
	slices.SortStableFunc(right, func(a, b int) int { return cmp.Compare(cost(b)%1000, cost(a)%1000) })
	s.order = slices.Concat(s.wrong, right)
	s.prepare()
	return s
}

// prepare works out which wrong answers each mistake can have to do with.
func (s *search) prepare() {
	s.excludes, s.reaches = relations().excludes, make([]coverage, len(s.mistakes))
	for i := range s.mistakes {
		s.reaches[i] = make(coverage, (len(s.wrong)+63)/64)
		for place, at := range s.wrong {
			if s.subjects[at].touched.has(i) || s.subjects[at].right.refused {
				s.reaches[i][place/64] |= 1 << (place % 64)
			}
		}
	}
}

// reproduces reports whether a port with the mistakes answers a subject as was seen.
func (s *search) reproduces(set Set, at int) bool {
	r, subject, seen := set.recipe(), s.subjects[at], &s.seen[at]
	if s.sending {
		sent := r.send(subject.question)
		return sent != nil && (seen.URL == nil || wire.SameURL(*seen.URL, sent.URL)) && (seen.Body == nil || sameBody(*seen.Body, sent.Body))
	}
	if len(set) == 0 {
		return subject.right.is(seen)
	}
	a := r.answer(subject.question)
	return a.is(seen)
}

func sameBody(seen string, sent *string) bool {
	if sent == nil {
		return seen == ""
	}
	return wire.SameForm(seen, *sent)
}

// is reports whether an answer is what was seen.
func (a *answer) is(seen *Seen) bool {
	if a.refused || seen.Refused {
		return a.refused == seen.Refused
	}
	found := 0
	for _, h := range seen.Headers {
		if strings.EqualFold(h.Name, a.header) {
			if found++; h.Value != a.token {
				return false
			}
		} else if strings.EqualFold(h.Name, signer.Header) {
			return false
		}
	}
	return found == 1 && (seen.Message == nil || *seen.Message == a.message)
}

// fits reports whether the set reproduces the answer of a subject. Only the mistakes that touch the subject by themselves are tried there, which is what makes the search fast.
// (Where one of them makes a port sign what it should refuse, the others come into play, too.) [search.exact] has the last word.
func (s *search) fits(places bitset, at int) bool {
	touching := places.and(&s.subjects[at].touched)
	switch {
	case touching.empty():
		return s.right[at]
	case s.subjects[at].right.refused:
		touching = places
	case touching != places:
		late := relations().late
		touching = touching.or(new(places.and(&late)))
	}
	fits, known := s.matches[at][touching]
	if !known {
		fits = s.reproduces(s.set(&touching), at)
		s.matches[at][touching] = fits
	}
	return fits
}

// tolerance is how many answers may not fit before the exact look: two mistakes can do together what neither does alone, as an object written out and its text escaped.
func (s *search) tolerance() int { return min(3, len(s.wrong)/8) }

// likely reports whether a set fits all answers but a few.
func (s *search) likely(places bitset) bool {
	misses := 0
	for _, at := range s.order {
		if !s.fits(places, at) {
			if misses++; misses > s.tolerance() || s.subjects[at].touched.and(&places) == places {
				return false
			}
		}
	}
	return true
}

func (s *search) set(places *bitset) (set Set) {
	places.each(func(i int) { set = append(set, s.mistakes[i]) })
	return set
}

// exact reports whether a set reproduces every answer.
func (s *search) exact(set Set) bool { return s.all(set, s.order) }

func (s *search) all(set Set, places []int) bool {
	for _, at := range places {
		if !s.reproduces(set, at) {
			return false
		}
	}
	return true
}

// sets calls visit for all sets of a size that touch all wrong answers but a few.
func (s *search) sets(size, few int, visit func(places bitset)) {
	var grow func(from, left int, places, excluded bitset, reached coverage)
	grow = func(from, left int, places, excluded bitset, reached coverage) {
		if left == 0 {
			if reached.missing(len(s.wrong)) <= few {
				visit(places)
			}
			return
		}
		for at := from; at < len(s.known); at++ {
			i := s.known[at]
			if left == size && s.ctx.Err() != nil {
				return
			}
			if excluded.has(i) {
				continue
			}
			next := places
			next.add(i)
			grow(at+1, left-1, next, excluded.or(&s.excludes[i]), reached.or(s.reaches[i]))
		}
	}
	grow(0, size, bitset{}, bitset{}, make(coverage, (len(s.wrong)+63)/64))
}

// coverage is a set of wrong answers, by their place in search.wrong.
type coverage []uint64

func (c coverage) or(o coverage) coverage {
	union := make(coverage, len(c))
	for i := range c {
		union[i] = c[i] | o[i]
	}
	return union
}

func (c coverage) missing(all int) int {
	for _, w := range c {
		all -= bits.OnesCount64(w)
	}
	return all
}

func (s *search) diagnose() *Diagnosis {
	d := &Diagnosis{Failures: len(s.wrong)}
	if !s.sending {
		d.Refuses, d.Constant = constant(s.seen)
		if d.Refuses || d.Constant {
			return d
		}
	}
	for size := 1; size <= MaxMistakes && len(d.Fits) == 0; size++ {
		few := len(s.wrong) // up to two mistakes all sets are tried
		if size == MaxMistakes {
			few = s.tolerance()
		}
		s.sets(size, few, func(places bitset) {
			if size < MaxMistakes || s.likely(places) {
				if set := s.set(&places); s.exact(set) {
					d.Fits = append(d.Fits, set)
				}
			}
		})
	}
	d.plain()
	if len(d.Fits) > 1 {
		d.Apart, d.ApartSays = tellApart(d.Fits[0], d.Fits[1], s.seen)
	}
	if len(d.Fits) > maxFits {
		d.More, d.Fits = len(d.Fits)-maxFits, d.Fits[:maxFits]
	}
	if !d.Complete() {
		s.part(d)
	}
	return d
}

// plain takes out the sets that are others with a plainer mistake in place of a rare one.
func (d *Diagnosis) plain() {
	has := map[string]bool{}
	for _, set := range d.Fits {
		has[set.String()] = true
	}
	var kept []Set
	for _, set := range d.Fits {
		plainer := slices.Clone(set)
		for i, m := range set {
			if m.like != "" {
				plainer[i] = Find(m.like)
			}
		}
		plainer.sort()
		if plainer.String() == set.String() || !has[plainer.String()] {
			kept = append(kept, set)
			continue
		}
		for _, m := range set {
			if m.like != "" && !slices.Contains(d.Variants, m) {
				d.Variants = append(d.Variants, m)
			}
		}
	}
	d.Fits = kept
}

// constant reports whether a port refuses everything, or has one token for everything.
func constant(seen []Seen) (refuses, sameToken bool) {
	refuses, tokens, signable := true, map[string]bool{}, 0
	for _, s := range seen {
		if s.Vector.Expect.Error == "" {
			signable++
			refuses = refuses && s.Refused
		}
		for _, h := range s.Headers {
			if strings.EqualFold(h.Name, signer.Header) {
				tokens[h.Value] = true
			}
		}
	}
	return refuses && signable > 0, len(tokens) == 1 && signable > 2 && !refuses
}

package mistake

import "slices"

// part lets a set grow, mistake by mistake, that agrees with all right answers and reproduces ever more wrong ones. If there is none that reproduces half of them, it looks for the
// mistake that comes nearest, and for what rules it out.
func (s *search) part(d *Diagnosis) {
	right := s.order[len(s.wrong):]
	var set bitset
	for grown := true; grown && set.size() < maxGrown; {
		set, d.Explained, grown = s.grow(set, d.Explained, right)
	}
	set = s.pruned(set, d.Explained, right)
	d.Part = s.set(&set)
	switch {
	case d.Explained == d.Failures && s.exact(d.Part):
		d.Fits, d.Part, d.Grown = []Set{d.Part}, nil, true
		return
	case 2*d.Explained < d.Failures, !s.all(d.Part, right): // a part of that kind may be chance
		d.Part, d.Explained = nil, 0
		s.near(d, right)
		return
	}
	for _, at := range s.wrong {
		if !s.reproduces(d.Part, at) {
			d.Remaining = append(d.Remaining, s.subjects[at].vector.ID)
		}
	}
	d.Explained = d.Failures - len(d.Remaining)
	slices.Sort(d.Remaining)
}

// grow adds the mistake that explains most. One answer more may be chance, and of two that exclude each other and explain as much neither is taken.
func (s *search) grow(set bitset, explained int, right []int) (bitset, int, bool) {
	best, most, rivals := -1, explained, bitset{}
	for _, i := range s.known {
		if s.excluded(set, i) {
			continue
		}
		next := set
		next.add(i)
		switch n := s.explained(next, right); {
		case n > most:
			best, most, rivals = i, n, bitset{}
		case n == most && best >= 0:
			rivals.add(i)
		}
	}
	if best < 0 || most < explained+2 && most < len(s.wrong) || s.excluded(rivals, best) {
		return set, explained, false
	}
	set.add(best)
	return set, most, true
}

// maxGrown is the size at which a set stops to grow.
const maxGrown = 10

// explained counts the wrong answers that a set reproduces, or returns 0 if a right one speaks against it.
func (s *search) explained(places bitset, right []int) (count int) {
	for _, at := range right {
		if !s.fits(places, at) {
			return 0
		}
	}
	for _, at := range s.wrong {
		if s.fits(places, at) {
			count++
		}
	}
	return count
}

// excluded reports whether a mistake is in a set, or cannot be made with it.
func (s *search) excluded(places bitset, i int) (out bool) {
	places.each(func(j int) { out = out || s.excludes[j].has(i) })
	return out
}

// pruned is a set without the members that explain nothing that the others do not.
func (s *search) pruned(set bitset, explained int, right []int) bitset {
	set.each(func(i int) {
		without := set
		without.remove(i)
		if !without.empty() && s.explained(without, right) >= explained {
			set = without
		}
	})
	return set
}

// near lets a set grow that reproduces most wrong answers, although some right ones speak against it.
func (s *search) near(d *Diagnosis, right []int) {
	var set bitset
	most := 0
	for set.size() < MaxMistakes {
		best := -1
		for _, i := range s.known {
			if s.excluded(set, i) || s.ctx.Err() != nil {
				continue
			}
			next := set
			next.add(i)
			if score := s.score(next, right); score > most {
				best, most = i, score
			}
		}
		if best < 0 {
			break
		}
		set.add(best)
	}
	near := s.set(&set)
	for _, at := range slices.Concat(right, s.wrong) {
		if near != nil && !s.reproduces(near, at) {
			d.Against = append(d.Against, s.subjects[at].vector.ID)
		}
	}
	for _, at := range s.wrong {
		if near != nil && s.reproduces(near, at) {
			d.NearHas++
		}
	}
	if d.Near = near; 2*d.NearHas < d.Failures || len(d.Against) >= d.NearHas {
		d.Near, d.NearHas, d.Against = nil, 0, nil
	}
}

// score counts the wrong answers that a set reproduces, less twice the right ones that it does not.
func (s *search) score(places bitset, right []int) (score int) {
	for _, at := range s.wrong {
		if s.fits(places, at) {
			score++
		}
	}
	for _, at := range right {
		if !s.fits(places, at) {
			score -= 2
		}
	}
	return score
}

package check

import (
	"cmp"
	"slices"
)

// Smallest returns few vectors that catch every mistake that any vector catches, by id, and a
// number that no set can go below. They are the fewest if both are the same. The search is greedy,
// and then replaces two vectors by one as long as it can.
func (s *Score) Smallest() (ids []string, atLeast int) {
	c := newCover(s)
	chosen := c.improve(c.lean(c.greedy()))
	for _, at := range chosen {
		ids = append(ids, c.ids[at])
	}
	slices.Sort(ids)
	return ids, c.bound()
}

// cover says which vectors catch which mistakes, both by number.
type cover struct {
	ids      []string
	catches  [][]int // by vector: mistakes
	catchers [][]int // by mistake: vectors
}

func newCover(s *Score) *cover {
	c := &cover{}
	place := map[string]int{}
	for _, m := range s.Mistakes {
		if !m.Caught {
			continue
		}
		var by []int
		for _, id := range m.Vectors {
			if _, known := place[id]; !known {
				place[id] = len(c.ids)
				c.ids = append(c.ids, id)
				c.catches = append(c.catches, nil)
			}
			at := place[id]
			c.catches[at] = append(c.catches[at], len(c.catchers))
			by = append(by, at)
		}
		c.catchers = append(c.catchers, by)
	}
	return c
}

// greedy takes the vector that catches most of what is left, again and again.
func (c *cover) greedy() (chosen []int) {
	left := map[int]bool{}
	for m := range c.catchers {
		left[m] = true
	}
	for len(left) > 0 {
		best, most := -1, 0
		for at, mistakes := range c.catches {
			count := 0
			for _, m := range mistakes {
				if left[m] {
					count++
				}
			}
			if count > most {
				best, most = at, count
			}
		}
		chosen = append(chosen, best)
		for _, m := range c.catches[best] {
			delete(left, m)
		}
	}
	return chosen
}

// counts says by how many of some vectors each mistake is caught.
func (c *cover) counts(chosen []int) []int {
	n := make([]int, len(c.catchers))
	for _, at := range chosen {
		for _, m := range c.catches[at] {
			n[m]++
		}
	}
	return n
}

// lean leaves out what is not needed, that which catches least first.
func (c *cover) lean(chosen []int) []int {
	order := slices.Clone(chosen)
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(len(c.catches[a]), len(c.catches[b]))
	})
	n := c.counts(order)
	return slices.DeleteFunc(order, func(at int) bool {
		for _, m := range c.catches[at] {
			if n[m] == 1 {
				return false
			}
		}
		for _, m := range c.catches[at] {
			n[m]--
		}
		return true
	})
}

// improve replaces two chosen vectors by one that catches what they alone catch, as long as there
// are such.
func (c *cover) improve(chosen []int) []int {
	for {
		better := c.shorter(chosen)
		if better == nil {
			return chosen
		}
		chosen = c.lean(better)
	}
}

// shorter returns the chosen vectors with one in the place of two, or nil.
func (c *cover) shorter(chosen []int) []int {
	n := c.counts(chosen)
	for i, a := range chosen {
		for j, b := range chosen[:i] {
			at := c.catching(c.alone(n, a, b))
			if at < 0 {
				continue
			}
			better := slices.Delete(slices.Clone(chosen), i, i+1)
			return append(slices.Delete(better, j, j+1), at)
		}
	}
	return nil
}

// alone returns the mistakes that no other chosen vector catches but one of two, or both.
func (c *cover) alone(n []int, a, b int) (mistakes []int) {
	for _, m := range c.catches[a] {
		if n[m] == 1 || n[m] == 2 && slices.Contains(c.catches[b], m) {
			mistakes = append(mistakes, m)
		}
	}
	for _, m := range c.catches[b] {
		if n[m] == 1 {
			mistakes = append(mistakes, m)
		}
	}
	return mistakes
}

// catching returns a vector that catches all of some mistakes, or -1.
func (c *cover) catching(mistakes []int) int {
	if len(mistakes) == 0 {
		return -1
	}
next:
	for _, at := range c.catchers[mistakes[0]] {
		for _, m := range mistakes[1:] {
			if !slices.Contains(c.catchers[m], at) {
				continue next
			}
		}
		return at
	}
	return -1
}

// bound is a number of mistakes of which no two are caught by one vector, so that each needs its
// own.
func (c *cover) bound() (count int) {
	order := make([]int, len(c.catchers))
	for m := range order {
		order[m] = m
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(len(c.catchers[a]), len(c.catchers[b]))
	})
	taken := map[int]bool{}
	for _, m := range order {
		if slices.ContainsFunc(c.catchers[m], func(at int) bool { return taken[at] }) {
			continue
		}
		count++
		for _, at := range c.catchers[m] {
			taken[at] = true
		}
	}
	return count
}

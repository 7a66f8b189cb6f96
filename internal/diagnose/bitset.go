package diagnose

import "math/bits"

// bitset is a set of mistakes, by their place in the catalogue.
type bitset [11]uint64

// capacity is how many mistakes a bitset can hold.
const capacity = 64 * len(bitset{})

func (b *bitset) add(i int) { b[i/64] |= 1 << (i % 64) }

func (b *bitset) remove(i int) { b[i/64] &^= 1 << (i % 64) }

func (b *bitset) has(i int) bool { return b[i/64]&(1<<(i%64)) != 0 }

func (b *bitset) with(i int) bitset {
	c := *b
	c.add(i)
	return c
}

func (b *bitset) and(o *bitset) (c bitset) {
	for i := range b {
		c[i] = b[i] & o[i]
	}
	return c
}

func (b *bitset) or(o *bitset) (c bitset) {
	for i := range b {
		c[i] = b[i] | o[i]
	}
	return c
}

func (b *bitset) without(o *bitset) (c bitset) {
	for i := range b {
		c[i] = b[i] &^ o[i]
	}
	return c
}

func (b *bitset) meets(o *bitset) bool {
	for i := range b {
		if b[i]&o[i] != 0 {
			return true
		}
	}
	return false
}

func (b *bitset) size() (n int) {
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

func (b *bitset) empty() bool { return *b == bitset{} }

// members returns the places, in order.
func (b *bitset) members() (places []int) {
	for word, w := range b {
		for ; w != 0; w &= w - 1 {
			places = append(places, word*64+bits.TrailingZeros64(w))
		}
	}
	return places
}

// single returns the set of one mistake.
func single(i int) (b bitset) {
	b.add(i)
	return b
}

package signer

import (
	"crypto/sha256"
	"hash"
	"slices"
	"strings"
)

// workspace is the memory of one signature in progress. The steps are methods of it, so that a
// signature reuses the memory of earlier ones and allocates nothing but its result. What a step
// returns is valid until that step runs again.
type workspace struct {
	sorted   Object // the data with the email, sorted by key
	pairs    Object // the pairs of the message
	list     List   // the elements of one list, sorted
	built    []byte // the message
	text     []byte // one text before it is copied
	encoded  []byte // URL and body
	received []received
	decoded  []byte // all keys and values in received
	mac      hash.Hash
	sum      [sha256.Size]byte
}

// borrow returns a workspace that nobody else uses until [Signer.giveBack].
func (s *Signer) borrow() *workspace { return s.workspaces.Get().(*workspace) }

func (s *Signer) giveBack(w *workspace) { s.workspaces.Put(w) }

// short is the greatest number of elements for which an insertion sort pays. Nearly all requests
// and lists are shorter, and signing one then takes two thirds of the time.
const short = 12

// sortMembers sorts by key and keeps the order of members with one key.
func sortMembers(members Object) {
	if len(members) > short {
		slices.SortStableFunc(members, func(a, b Member) int { return strings.Compare(a.Key, b.Key) })
		return
	}
	for i := 1; i < len(members); i++ {
		m, at := members[i], i
		for ; at > 0 && m.Key < members[at-1].Key; at-- {
			members[at] = members[at-1]
		}
		members[at] = m
	}
}

// lastOfEachKey removes all but the last of the sorted members with one key. Members are moved only
// if there is something to remove.
func lastOfEachKey(sorted Object) Object {
	kept := sorted[:0]
	for i, m := range sorted {
		switch {
		case i+1 < len(sorted) && sorted[i+1].Key == m.Key:
		case len(kept) == i:
			kept = sorted[:i+1]
		default:
			kept = append(kept, m)
		}
	}
	return kept
}

// sortTexts sorts a short list of strings. It returns false, with the list unchanged, for any
// other.
func sortTexts(list List) bool {
	if len(list) > short {
		return false
	}
	for _, v := range list {
		if _, ok := v.(String); !ok {
			return false
		}
	}
	for i := 1; i < len(list); i++ {
		v, at := list[i], i
		for ; at > 0 && v.(String) < list[at-1].(String); at-- {
			list[at] = list[at-1]
		}
		list[at] = v
	}
	return true
}

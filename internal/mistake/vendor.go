package mistake

import (
	"strings"

	"sigkit/signer"
)

// vendorMistakes are whole clients of the vendor that sign by other rules.
func vendorMistakes() []Mistake {
	return []Mistake{
		{
			ID:   "vendor-older-plugin",
			Rule: "list-pairs",
			What: "The port signs as the vendor's older plugins for Buildroot, OpenWrt and Yocto do. " +
				"They write every value with Python's %s, so a list becomes its repr in one pair. " +
				"They change the method to upper case. They sign a missing key as None.",
			Fix: "Sort each list, and write one pair for each element. " +
				"The plugins agree with the reference only if no value is a list or an object.",
			Several: true,
			steps: Steps{
				SortList:    unsorted,
				Unorderable: signedAnyway,
				ListPairs:   func(s *Signing, k string, v signer.List) error { return pluginPair(s, k, v) },
				ObjectPairs: func(s *Signing, k string, v signer.Object) error { return pluginPair(s, k, v) },
				CheckMethod: func(m string) (string, error) { return upperCase(strings.ToUpper(m)) },
				MissingKey:  noneAsKey,
			},
		},
	}
}

// pluginPair adds one pair with the repr of a value.
func pluginPair(s *Signing, key string, v signer.Value) error {
	s.Add(key, key, repr(v))
	return nil
}

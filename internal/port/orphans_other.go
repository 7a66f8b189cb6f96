//go:build !linux

package port

// AdoptOrphans does nothing: this system does not hand over processes whose parents end.
func AdoptOrphans() {}

func killOrphans() {}

func onOneThread(f func()) { f() }

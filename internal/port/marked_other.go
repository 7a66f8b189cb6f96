//go:build !linux

package port

// killMarked does nothing: this system does not show the environments of processes. The process
// group of a port is ended all the same.
func killMarked(string) {}

//go:build unix && !linux

package port

import "syscall"

// endWithUs does nothing: a port ends with sigcheck when it sees the end of its standard input.
func endWithUs(*syscall.SysProcAttr) {}

//go:build !unix

package testport

import "os/exec"

func leaveGroup(*exec.Cmd) {}

func joinParent(*Port) {}

func becomeRoot(*Port) {}

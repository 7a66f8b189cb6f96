//go:build !unix

package zoo

import "os/exec"

func leaveGroup(*exec.Cmd) {}

package zoo

import (
	"os"
	"os/exec"
)

// ChildVariable is the environment variable that makes a test binary an animal.
const ChildVariable = "SIGKIT_ANIMAL"

// leaveChild starts a child that sleeps and holds standard output, and does not wait for it.
func leaveChild() {
	self, err := os.Executable()
	if err != nil {
		panic(err)
	}
	child := exec.Command(self)
	child.Env = append(os.Environ(), ChildVariable+"=sleeper")
	child.Stdout = os.Stdout
	if err := child.Start(); err != nil {
		panic(err)
	}
}

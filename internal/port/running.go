package port

import "sync"

// running are all processes of ports that have been started and not been waited for.
var running = processes{all: map[*process]bool{}}

type processes struct {
	mu  sync.Mutex
	all map[*process]bool
}

// start starts a process. No process is looked for meanwhile: a new one must not be taken for an
// orphan.
func (r *processes) start(p *process) (err error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	onOneThread(func() { err = p.cmd.Start() })
	if err == nil {
		r.all[p] = true
	}
	return err
}

func (r *processes) remove(p *process) {
	r.mu.Lock()
	defer r.mu.Unlock()
	delete(r.all, p)
}

// EndAll ends what is left of all ports. It is for the end of a program that does not wait for the
// runs in progress.
func EndAll() {
	running.mu.Lock()
	for p := range running.all {
		_ = killGroup(p.cmd)
		for _, variable := range p.cmd.Env {
			if isMark(variable) {
				defer killMarked(variable)
			}
		}
	}
	running.mu.Unlock()
	killOrphans()
}

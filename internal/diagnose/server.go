package diagnose

import (
	"regexp"
	"strings"

	"sigkit/internal/mistake"
	"sigkit/signer"
)

// readServer reads from the requests to which server a port sends those of a profile, if it is not
// the right one.
func (r *run) readServer() {
	s := r.sides[1]
	for _, p := range []signer.Profile{signer.LinuxLink, signer.Vigiles} {
		server, count := "", 0
		for at, f := range s.facts {
			in := &f.Vector.Input
			if f.kind != urlSent || s.top.holds[at] || in.BaseURL != nil || in.KeyFile != nil ||
				in.Generation() != p {
				continue
			}
			before, _, found := strings.Cut(*f.Answer.URL, in.Resource)
			if !found || in.Resource == plainResource || server != "" && before != server {
				server, count = "", 0
				break
			}
			server = before
			count++
		}
		if count >= certainEvidence && plainServer.MatchString(server) && server != p.DefaultServer() {
			s.replace(mistake.ToOtherServer(p, server))
			s.searchOn(r.ctx, r.searchLimit()/2, nil, s.top.set, s.best)
			return
		}
	}
}

// plainServer matches what is shown of a server: nothing that a terminal or a CI service obeys.
var plainServer = regexp.MustCompile(`^https?://[A-Za-z0-9.:/-]{1,80}$`)

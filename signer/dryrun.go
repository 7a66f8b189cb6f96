package signer

// DryRun is all that the reference's dry run shows of a request, and the request itself.
type DryRun struct {
	HMACMsg string
	Token   string
	// Sent is nil if the form contains an unpaired surrogate. The message can hold it as an escape,
	// but such a request cannot be sent.
	Sent        *Sent
	Rebuildable bool // whether [Rebuild] makes the message from Sent alone
}

// DryRun signs r and returns message, token and request. An error is an [*Error].
func (s *Signer) DryRun(r Request) (DryRun, error) {
	w := s.borrow()
	defer s.giveBack(w)
	message, err := w.message(r, s.email)
	if err != nil {
		return DryRun{}, err
	}
	d := DryRun{HMACMsg: string(message), Token: w.token(message)}
	if d.Sent = w.sent(r, s.credentials); d.Sent == nil {
		return d, nil
	}
	target, err := Target(d.Sent.URL)
	d.Rebuildable = err == nil && string(w.rebuild(r.Method, target, d.Sent.body())) == d.HMACMsg
	return d, nil
}

package signer

import "strings"

// DryRun is all that the reference's dry run shows of a request, and the request itself.
type DryRun struct {
	HMACMsg string
	Token   string
	// Sent is nil if the form contains an unpaired surrogate. The message can hold it as an escape,
	// but such a request cannot be sent.
	Sent        *Sent
	Rebuildable bool // whether [Rebuild] makes the message from Sent alone
}

// DryRun signs r and returns message, token and request.
func (s *Signer) DryRun(r Request) (DryRun, error) {
	st := s.pool.Get().(*state)
	defer s.pool.Put(st)
	if err := st.build(r, s.email); err != nil {
		return DryRun{}, err
	}
	st.out = append(st.out[:0], st.message...)
	st.out = st.appendToken(st.out)
	tokenEnd := len(st.out)
	st.out = append(append(st.out, s.credentials.BaseURL...), r.Resource...)
	urlEnd, sent := st.appendForm(r, s.email)
	text := string(st.out) // the one allocation, shared by all that is returned
	d := DryRun{HMACMsg: text[:len(st.message)], Token: text[len(st.message):tokenEnd]}
	if !sent {
		return d, nil
	}
	body := text[urlEnd:]
	d.Sent = &Sent{Method: r.Method, URL: text[tokenEnd:urlEnd]}
	if r.Method == post {
		d.Sent.Body = &body
	}
	if target, err := s.target(d.Sent.URL, r.Resource); err == nil {
		d.Rebuildable = string(st.rebuild(r.Method, target, body)) == d.HMACMsg
	}
	return d, nil
}

// appendForm appends the query to the URL in st.out, or the body behind it. It returns where the URL ends, and whether all text has a UTF-8 form.
func (st *state) appendForm(r Request, email Value) (urlEnd int, ok bool) {
	if r.Method == post {
		urlEnd = len(st.out)
		f := form{out: st.out, start: urlEnd, text: st.text, leaveNullOut: true}
		f.members(r.Data, Member{emailKey, email})
		st.out, st.text = f.out, f.text
		return urlEnd, !f.invalid
	}
	st.out = append(st.out, '?')
	f := form{out: st.out, start: len(st.out), text: st.text}
	for i, m := range st.members { // sorted by build
		if i+1 == len(st.members) || st.members[i+1].Key != m.Key {
			f.member(m)
		}
	}
	st.out, st.text = f.out, f.text
	return len(st.out), !f.invalid
}

// target is [Target] for a URL that starts with the base URL. Mostly the base has no path and the resource needs no change; the form encoding never does.
func (s *Signer) target(url, resource string) (string, error) {
	if s.baseHasNoPath && strings.HasPrefix(resource, "/") && isCleanTarget(resource) {
		return url[len(s.credentials.BaseURL):], nil
	}
	return Target(url)
}

package diagnose

import (
	"context"
	"math/rand/v2"
	"slices"
	"time"

	"sigkit/internal/mistake"
	"sigkit/internal/port"
	"sigkit/internal/wire"
	"sigkit/signer"
	"sigkit/vectors"
)

// wrongPort is a port with some mistakes, in this process.
type wrongPort struct {
	set     mistake.Set
	steps   *mistake.Steps
	message bool // it returns hmac_msg
}

func newPort(message bool, set ...*mistake.Mistake) *wrongPort {
	return &wrongPort{set: set, steps: mistake.Set(set).Steps(), message: message}
}

// mistakesNamed returns mistakes by their ids.
func mistakesNamed(ids ...string) (set mistake.Set) {
	for _, id := range ids {
		set = append(set, mistake.Find(id))
	}
	return set
}

// answer answers a vector.
func (p *wrongPort) answer(v *vectors.Vector) Observation {
	q := mistake.NewQuestion(&v.Input)
	a := p.steps.Sign(q)
	o := Observation{Vector: v, Answer: &port.Answer{}}
	if a.Refused {
		o.Answer.Error = new("no")
		o.Failed = v.Expect.Error == ""
		return o
	}
	o.Answer.Headers = []wire.Header{
		{Name: "Accept", Value: "*/*"},
		{Name: a.Header, Value: a.Token},
	}
	if p.message {
		o.Answer.HMACMsg = &a.Message
	}
	if sent := p.steps.Send(q); sent != nil {
		o.Answer.URL, o.Answer.Body = &sent.URL, sent.Body
	}
	o.Failed = failed(v.Expect, a, o.Answer)
	return o
}

func failed(want *vectors.Expect, a mistake.Answer, got *port.Answer) bool {
	if want.Error != "" || a.Header != signer.Header || a.Token != want.Token {
		return true
	}
	return want.Request != nil && got.URL != nil &&
		(wire.CompareURL(want.Request.URL, *got.URL) != nil ||
			wire.CompareBody(want.Request.Body, got.Body) != nil)
}

// ask is Config.Ask of the port.
func (p *wrongPort) ask(_ context.Context, all []*vectors.Vector) (observations []Observation) {
	for _, v := range all {
		observations = append(observations, p.answer(v))
	}
	return observations
}

// run asks the built-in vectors up to a level.
func (p *wrongPort) run(level vectors.Level) (observations []Observation) {
	all := vectors.All()
	for i := range all {
		if level.Includes(all[i].Level) {
			observations = append(observations, p.answer(&all[i]))
		}
	}
	return observations
}

// patient is a diagnosis whose limits do not depend on how busy the machine is.
func patient(level vectors.Level) Config {
	return Config{Level: level, SearchLimit: time.Minute, AskLimit: time.Minute}
}

// asking is patient with the port at hand.
func (p *wrongPort) asking(level vectors.Level) Config {
	c := patient(level)
	c.Ask, c.Shrink = p.ask, true
	return c
}

// draw returns a random set of mistakes that can be made at once, beside those given.
func draw(r *rand.Rand, size int, beside ...*mistake.Mistake) (set mistake.Set) {
	all := mistake.Catalogue()
	for len(set) < size {
		m := all[r.IntN(len(all))]
		excluded := func(o *mistake.Mistake) bool { return o.Excludes(m) }
		if !slices.ContainsFunc(set, excluded) && !slices.ContainsFunc(beside, excluded) {
			set = append(set, m)
		}
	}
	set.Sort()
	return set
}

// visible reports whether a mistake of a port shows in any answer: without it, one would differ.
func (p *wrongPort) visible(m *mistake.Mistake, observations []Observation) bool {
	rest := slices.DeleteFunc(slices.Clone(p.set), func(o *mistake.Mistake) bool { return o == m })
	without := rest.Steps()
	signed, sent := factsOf(observations)
	return slices.ContainsFunc(slices.Concat(signed, sent), func(f *fact) bool {
		return f.differ(f.outcome(p.steps), f.outcome(without))
	})
}

// result is what a diagnosis came to, compared with the truth.
type result struct {
	exact                 bool
	missing               []string // visible mistakes that are not named
	untrue, untrueCertain []string
}

// compare compares a diagnosis with the truth.
func (p *wrongPort) compare(d *Diagnosis, observations []Observation) (r result) {
	if d == nil {
		return r
	}
	for _, f := range d.Findings {
		isMade := func(m *mistake.Mistake) bool {
			return slices.ContainsFunc(p.set, func(bug *mistake.Mistake) bool {
				return bug.ID == m.ID || measurable[bug.ID] == m.ID
			})
		}
		if slices.ContainsFunc(f.Mistakes, isMade) {
			continue
		}
		r.untrue = append(r.untrue, f.Mistakes[0].ID)
		if f.Confidence == Certain {
			r.untrueCertain = append(r.untrueCertain, f.Mistakes[0].ID)
		}
	}
	for _, m := range p.set {
		named := slices.ContainsFunc(d.Findings, func(f Finding) bool {
			return slices.ContainsFunc(f.Mistakes, func(named *mistake.Mistake) bool {
				return named.ID == m.ID // one that was measured has its own description
			})
		})
		if !named && mistake.Find(m.ID) != nil && p.visible(m, observations) {
			r.missing = append(r.missing, m.ID)
		}
	}
	r.exact = d.Complete && len(r.missing)+len(r.untrue) == 0
	return r
}

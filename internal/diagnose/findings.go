package diagnose

import (
	"cmp"
	"slices"

	"sigkit/internal/mistake"
	"sigkit/vectors"
)

// certainEvidence is how many answers must show a mistake that is called certain.
const certainEvidence = 2

// conclude turns what was found into the diagnosis.
func (r *run) conclude(d *Diagnosis) {
	r.lookAtRest()
	r.shareSigned()
	for _, s := range r.sides {
		for _, f := range r.findings(s) {
			d.Findings = added(d.Findings, f)
		}
	}
	slices.SortStableFunc(d.Findings, func(a, b Finding) int {
		return cmp.Or(
			before(a.OfRun(), b.OfRun()),
			before(a.Side == SideSigned, b.Side == SideSigned),
			cmp.Compare(a.Confidence, b.Confidence),
			len(b.Explains)-len(a.Explains),
			len(b.Beyond)-len(a.Beyond),
		)
	})
	r.count(d)
	d.Unexplained = r.unexplained()
	r.listUnstable(d)
	d.Bounded = r.bounded
	d.Complete = d.Explained == d.Failures && len(d.Unstable) == 0 && r.allHold()
}

// added adds a finding. A mistake in what is signed that also shows in what is sent, since that is
// made of it, is one finding. If both show it, what is sent is no surer than what is signed.
func added(all []Finding, f Finding) []Finding {
	sameID := func(of Finding) bool { return of.Mistakes[0].ID == f.Mistakes[0].ID }
	at := slices.IndexFunc(all, sameID)
	switch {
	case f.Side == SideSigned || at < 0:
	case !f.Mistakes[0].ChangesSent():
		same := &all[at]
		same.Explains = union(same.Explains, f.Explains)
		same.Beyond = union(same.Beyond, f.Beyond)
		return all
	case all[at].Confidence == Likely:
		f.Confidence = Likely
	}
	return append(all, f)
}

func union(a, b []string) []string {
	for _, id := range b {
		if !slices.Contains(a, id) {
			a = append(a, id)
		}
	}
	return a
}

// before compares two things, of which those that are something come first.
func before(a, b bool) int {
	switch {
	case a == b:
		return 0
	case a:
		return -1
	}
	return 1
}

// dropContradicted drops the mistakes that more answers contradict than show, the most contradicted
// first.
func (r *run) dropContradicted() {
	for _, s := range r.sides {
		for {
			weakest, least := -1, 1
			for _, i := range s.top.set.members() {
				if _, balance := r.finding(s, i); balance < least {
					weakest, least = i, balance
				}
			}
			if weakest < 0 {
				break
			}
			set := s.top.set
			set.remove(weakest)
			s.top = s.state(set)
		}
	}
}

// findings returns the findings of one side.
func (r *run) findings(s *side) (found []Finding) {
	for _, i := range s.top.set.members() {
		f, _ := r.finding(s, i)
		found = append(found, f)
	}
	alternatives := s.alternatives(s.top)
	for at := range found {
		r.addAlternatives(s, &found[at], alternatives[found[at].place])
	}
	return found
}

// finding returns what is to be said of one mistake of the set, and how many more answers show it
// than contradict it: in the part of the answers that shows it best, since an unknown bug in the
// body, say, does not speak against what explains the URLs.
func (r *run) finding(s *side, i int) (f Finding, balance int) {
	without := s.top.set
	without.remove(i)
	rest := s.state(without)
	f = Finding{
		Side:     s.name,
		Mistakes: []*mistake.Mistake{s.mistakes[i]},
		Explains: []string{},
		Against:  []string{},
		place:    i,
	}
	inForm := s.inForm(rest)
	doubtful := false // an unexplained answer beyond the run concerns it
	shown, against := map[string]bool{}, map[string]bool{}
	balances := map[kind]int{}
	for at, fact := range s.facts {
		switch {
		case fact.shrunk:
		case s.top.holds[at] && !rest.holds[at] && !inForm && r.shouldFail(s, fact):
			against[fact.Vector.ID] = true
			balances[fact.kind]--
		case s.top.holds[at] && !rest.holds[at]:
			balances[fact.kind]++
			if !fact.kind.form() || inForm {
				shown[fact.Vector.ID] = true
			}
			f.explain(fact)
		case s.top.holds[at] || fact.kind.form() || inForm && !rest.holds[at]:
		case fact.extra && fact.Failed: // it may have a cause that nobody asked about
			doubtful = doubtful || s.takesPart(i, fact)
		case s.takesPart(i, fact) && !r.excused(s, i, fact):
			against[fact.Vector.ID] = true
			balances[fact.kind]--
			if !fact.extra && !slices.Contains(f.Against, fact.Vector.ID) {
				f.Against = append(f.Against, fact.Vector.ID)
			}
		}
	}
	f.Explains = append(f.Explains, s.restExplained(i)...)
	f.Confidence = Likely
	sure := len(against) == 0 && len(shown) >= certainEvidence && (f.OfRun() || !doubtful)
	if sure && (inForm || s.mostlyExplained()) {
		f.Confidence = Certain
	}
	for _, of := range balances {
		balance = max(balance, of)
	}
	return f, balance
}

// explain adds a failure that the mistake takes part in.
func (f *Finding) explain(fact *fact) {
	ids := &f.Explains
	switch {
	case fact.beyond:
		ids = &f.Beyond
	case fact.extra:
		return
	}
	if fact.Failed && !slices.Contains(*ids, fact.Vector.ID) {
		*ids = append(*ids, fact.Vector.ID)
	}
}

// takesPart reports whether the outcome of a fact depends on a mistake of the set.
func (s *side) takesPart(i int, f *fact) bool {
	relevant := s.relevant(s.top.set, f)
	if !relevant.has(i) {
		return false
	}
	without := s.top.set
	without.remove(i)
	return f.differ(f.outcome(s.steps(s.top.set)), f.outcome(s.steps(without)))
}

// shouldFail reports whether a request contains one that fails without an explanation: then it
// cannot be explained by known mistakes alone, and what seems to explain it is a coincidence.
func (r *run) shouldFail(s *side, f *fact) bool {
	if f.extra {
		return false
	}
	for _, t := range r.smallest(s) {
		samePart := t.likeness.kind == f.kind || !f.kind.sent()
		if samePart && len(t.failures) > s.explained() && contains(f.Vector, t.best.Vector) {
			return true
		}
	}
	return false
}

// explained counts the wrong answers that the found mistakes reproduce.
func (s *side) explained() (count int) {
	for at, f := range s.facts {
		if s.top.holds[at] && !f.right && !f.extra && !f.kind.form() {
			count++
		}
	}
	return count
}

// mostlyExplained reports whether at least half of the wrong answers are explained, in all their
// parts. If not, an unknown bug is in most answers, and what it does may look like a known mistake
// in some of them.
func (s *side) mostlyExplained() bool {
	explained := map[string]bool{} // the wrong answers by the id of their vector
	for at, f := range s.facts {
		if f.Failed && !f.extra && !f.kind.form() {
			before, seen := explained[f.Vector.ID]
			explained[f.Vector.ID] = s.top.holds[at] && (before || !seen)
		}
	}
	count := 0
	for _, all := range explained {
		if all {
			count++
		}
	}
	return 2*count >= len(explained)
}

// smallest returns the smallest requests of the side that are still unexplained.
func (r *run) smallest(s *side) (all []*shrinking) {
	seen := map[*vectors.Vector]bool{}
	for _, t := range r.shrunk {
		if t.side == s && !seen[t.best.Vector] {
			if _, fails := s.likeness(t.best); fails {
				all = append(all, t)
			}
		}
		seen[t.best.Vector] = true
	}
	return all
}

// excused reports whether a failure does not speak against a mistake, since something else is wrong
// with it: the smallest request that fails does without the mistake, or a request that differs
// little from it shows the mistake and is explained.
func (r *run) excused(s *side, i int, f *fact) bool {
	small := r.shrunk[f.Vector]
	if small == nil {
		return false
	}
	if _, fails := s.likeness(small.best); !fails {
		return true // that one is explained now, so there is something else beside it
	}
	without := s.top.set
	without.remove(i)
	with, rest := s.steps(s.top.set), s.steps(without)
	takesPart := func(o Observation) bool {
		return s.answersDiffer(with, rest, mistake.NewQuestion(&o.Vector.Input))
	}
	return !takesPart(small.best) || slices.ContainsFunc(small.explained, takesPart)
}

// addAlternatives puts the mistakes that could stand in the place of a finding's beside it, the
// plainest first, and the request that distinguishes the first two.
func (r *run) addAlternatives(s *side, f *Finding, alternatives []int) {
	if len(alternatives) == 0 {
		return
	}
	first := f.place
	places := append([]int{first}, alternatives...)
	places = r.own(s, places)
	s.sortPlain(places, f.OfRun())
	f.place = places[0]
	f.Mistakes = f.Mistakes[:0]
	for _, i := range places {
		f.Mistakes = append(f.Mistakes, s.mistakes[i])
	}
	if len(places) > 1 && !s.variantsOnly(places) {
		without := s.top.set
		without.remove(first)
		f.Distinguish = s.describe(rivals{without.with(places[0]), without.with(places[1])})
	}
	if !s.variantsOnly(places) {
		f.Confidence = Likely
	}
}

// own leaves out, of alternatives for what is sent, the mistakes that would change the signature,
// too, and were not found there, if one is left that does not.
func (r *run) own(s *side, places []int) []int {
	if s.name == SideSigned {
		return places
	}
	var own []int
	for _, i := range places {
		if s.mistakes[i].Sends() || r.sides[0].top.set.has(i) {
			own = append(own, i)
		}
	}
	if own == nil {
		return places
	}
	return own
}

// variantsOnly reports whether all but the first are variants of the first.
func (s *side) variantsOnly(places []int) bool {
	for _, i := range places[1:] {
		if s.plainer[i] != places[0] {
			return false
		}
	}
	return true
}

// count counts the failures that are explained.
func (r *run) count(d *Diagnosis) {
	r.signedSums, r.sentSums = r.sides[0].byVector(), r.sides[1].byVector()
	for _, o := range r.observations {
		if !o.Failed || r.unstable[o.Vector.ID] != nil {
			continue
		}
		a, b := r.signedSums[o.Vector], r.sentSums[o.Vector]
		if a.holds() && b.holds() && (a.wrong || b.wrong) {
			d.Explained++
			if a.wrong {
				d.Signed++
			} else {
				d.Sent++
			}
		}
	}
}

// summary is what the facts of one vector came to, on one side.
type summary struct{ wrong, missed bool }

func (s summary) holds() bool { return !s.missed }

// byVector sums the facts up by vector.
func (s *side) byVector() map[*vectors.Vector]summary {
	sums := map[*vectors.Vector]summary{}
	add := func(f *fact, holds bool) {
		sum := sums[f.Vector]
		sum.wrong = sum.wrong || !f.right
		sum.missed = sum.missed || !holds
		sums[f.Vector] = sum
	}
	for at, f := range s.facts {
		if !f.extra && !f.kind.form() {
			add(f, s.top.holds[at])
		}
	}
	for at, f := range s.rest {
		add(f, s.restHolds[at])
	}
	return sums
}

// allHold reports whether every fact is reproduced.
func (r *run) allHold() bool {
	for _, s := range r.sides {
		for at, f := range s.facts {
			if !f.extra && !f.kind.form() && !s.top.holds[at] {
				return false
			}
		}
	}
	return true
}

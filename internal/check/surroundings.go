package check

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"sigkit/internal/port"
	"sigkit/vectors"
)

// Surroundings is what became of answers in other surroundings.
type Surroundings struct {
	Settings []Setting `json:"settings"` // those in which the port was asked
	Asked    int       `json:"asked"`    // requests under each of them
	Changes  []Moved   `json:"changes"`
	Bounded  string    `json:"bounded,omitempty"` // the limit that was reached
}

// Moved is an answer that changes under a setting. Usual and Then are what it comes to, as a fault
// or an outcome: as the port is run usually, and under the setting.
type Moved struct {
	Setting string `json:"setting"`
	Vector  string `json:"vector"`
	Usual   string `json:"usual"`
	Then    string `json:"then"`
	Detail  string `json:"detail,omitempty"` // of what it comes to then
}

// Bounds of what is asked in other surroundings.
const (
	askedPerRule        = 3
	minAsked            = 8 // of a slow port
	maxMovedLine        = 16 << 10
	defaultSurroundings = 2 * time.Minute
)

// errSurroundings ends the asking.
var errSurroundings = errors.New("the time for other surroundings is over")

// surround asks some vectors again in other surroundings. What changes there fails.
func (j *job) surround(ctx context.Context) *Surroundings {
	if j.Surroundings == nil || !j.answered || j.stopped || ctx.Err() != nil {
		return nil
	}
	ctx, cancel := context.WithTimeoutCause(ctx, j.surroundingsLimit(), errSurroundings)
	defer cancel()
	mode, _ := j.Asker.Mode()
	s := &surrounding{job: j, mode: mode, usual: map[string]*Result{}}
	for i := range j.results {
		s.usual[j.results[i].ID] = &j.results[i]
	}
	s.choose()
	s.addProbes(ctx)
	found := &Surroundings{Settings: []Setting{}, Asked: len(s.asked), Changes: []Moved{}}
	all := j.settings()
	for _, setting := range all {
		if j.Doing != nil {
			j.Doing("asking in other surroundings: " + setting.Name)
		}
		moved := s.under(ctx, setting)
		if ctx.Err() != nil {
			break
		}
		found.Settings = append(found.Settings, setting)
		for _, r := range moved {
			found.Changes = append(found.Changes, Moved{
				setting.Name, r.ID, s.usual[r.ID].state(), r.state(), r.Detail,
			})
			s.record(setting, r)
		}
	}
	if asked := len(found.Settings); asked < len(all) {
		found.Bounded = fmt.Sprintf("time: %d of %d settings were asked", asked, len(all))
	}
	j.results = append(j.results, s.added...)
	return found
}

// surrounding is the asking of one job in other surroundings.
type surrounding struct {
	*job
	mode   string
	asked  []*vectors.Vector
	usual  map[string]*Result // by id
	probes map[string]bool    // ids of what is not among the vectors
	added  []Result           // of probes that change
}

// choose chooses a few vectors of each rule, those with more than ASCII first. A slow port is asked
// as many as there is time for.
func (s *surrounding) choose() {
	foreign := map[*vectors.Vector]int{}
	var all []*vectors.Vector
	for _, v := range s.kept {
		line := question(*v, "")
		if len(line) > maxMovedLine || s.unstable[v.ID] != nil || s.usual[v.ID] == nil {
			continue
		}
		if bytes.ContainsFunc(line, func(r rune) bool { return r >= utf8.RuneSelf }) {
			foreign[v] = -1
		}
		all = append(all, v)
	}
	slices.SortStableFunc(all, func(a, b *vectors.Vector) int {
		return cmp.Compare(foreign[a], foreign[b])
	})
	count, place := map[string]int{}, map[*vectors.Vector]int{}
	for _, v := range all {
		place[v] = count[v.Rule]
		if count[v.Rule]++; place[v] < askedPerRule {
			s.asked = append(s.asked, v)
		}
	}
	slices.SortStableFunc(s.asked, func(a, b *vectors.Vector) int {
		return cmp.Compare(place[a], place[b])
	})
	s.asked = s.asked[:min(len(s.asked), max(minAsked, s.affordable()))]
}

// affordable is how many vectors can be asked under each setting in half of the time.
func (s *surrounding) affordable() int {
	seconds := time.Millisecond.Seconds()
	for i := range s.results {
		seconds += s.results[i].Seconds
	}
	each := seconds / float64(len(s.results)) * float64(len(s.settings()))
	return int(s.surroundingsLimit().Seconds() / 2 / each)
}

func (j *job) settings() []Setting {
	if j.Settings != nil {
		return j.Settings
	}
	return Settings()
}

func (j *job) surroundingsLimit() time.Duration {
	return cmp.Or(j.SurroundingsLimit, defaultSurroundings)
}

// addProbes asks the probes as the port is run usually. Those without a reply are left out.
func (s *surrounding) addProbes(ctx context.Context) {
	s.probes = map[string]bool{}
	var some []*vectors.Vector
	for _, v := range probes() {
		v, holds := v.Under(s.Profile)
		if _, taken := s.order[v.ID]; holds && !taken && (!s.Capture || capturable(&v)) {
			some = append(some, &v)
		}
	}
	usual := s.ask(ctx, nil, some)
	for _, v := range some {
		if r := usual[v.ID]; r != nil {
			s.usual[v.ID], s.probes[v.ID] = r, true
			s.asked = append(s.asked, v)
		}
	}
}

// ask asks vectors with more environment variables, and returns the results by id.
func (s *surrounding) ask(
	ctx context.Context, environment []string, all []*vectors.Vector,
) map[string]*Result {
	session := port.NewSession(ctx, s.Surroundings(s.mode, environment))
	defer session.Close()
	results := map[string]*Result{}
	ask(ctx, session, all, func(v *vectors.Vector, r port.Reply) {
		result := Judge(v, r)
		result.Digest = Digest(v)
		s.Gate.apply(&result)
		results[v.ID] = &result
	})
	return results
}

// under returns the results that a setting changes, each time that it is asked.
func (s *surrounding) under(ctx context.Context, setting Setting) (moved []*Result) {
	environment := setting.environment()
	changed := s.changed(s.ask(ctx, environment, s.asked), s.asked)
	if len(changed) == 0 {
		return nil
	}
	usual := s.ask(ctx, nil, changed)
	again := s.ask(ctx, environment, changed)
	stable := slices.DeleteFunc(slices.Clone(changed), func(v *vectors.Vector) bool {
		return usual[v.ID] == nil || !same(usual[v.ID], s.usual[v.ID])
	})
	for _, v := range s.changed(again, stable) {
		moved = append(moved, again[v.ID])
	}
	return moved
}

// changed returns the vectors whose results are not those that they have usually.
func (s *surrounding) changed(
	now map[string]*Result, of []*vectors.Vector,
) (changed []*vectors.Vector) {
	for _, v := range of {
		if r := now[v.ID]; r != nil && !same(r, s.usual[v.ID]) {
			changed = append(changed, v)
		}
	}
	return changed
}

// same reports whether two answers to one question come to the same. Texts of errors, which may be
// translated, do not count.
func same(a, b *Result) bool {
	equal := func(a, b *string) bool { return a == b || a != nil && b != nil && *a == *b }
	return a.Outcome == b.Outcome && a.Fault == b.Fault &&
		equal(a.Got.Token, b.Got.Token) && equal(a.Got.HMACMsg, b.Got.HMACMsg)
}

// record makes the result under a setting that of the run, if it is worse.
func (s *surrounding) record(setting Setting, r *Result) {
	usual := s.usual[r.ID]
	passed := usual.Outcome == Pass || usual.Outcome == Unsupported
	if !passed || r.Outcome == Pass || r.Outcome == Unsupported && !r.Breaks || s.moved[r.ID] {
		return
	}
	if s.moved == nil {
		s.moved = map[string]bool{}
	}
	s.moved[r.ID] = true
	worse := *r
	worse.Detail = fmt.Sprintf("%s; only in the surroundings %s", cmp.Or(r.Detail, r.state()),
		setting.Name)
	if s.probes[r.ID] {
		s.order[r.ID] = len(s.order)
		s.added = append(s.added, worse)
		return
	}
	s.replaced(worse)
}

// replaced replaces the result of a vector. The one that it has usually is still compared with.
func (s *surrounding) replaced(r Result) {
	for i := range s.results {
		if s.results[i].ID == r.ID {
			usual := s.results[i]
			s.usual[r.ID] = &usual
			s.results[i] = r
		}
	}
}

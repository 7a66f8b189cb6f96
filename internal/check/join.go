package check

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"sigkit/internal/diagnose"
	"sigkit/internal/mistake"
	"sigkit/vectors"
)

// JoinShards joins the runs that are shards of one run: those that differ only in the shard and in
// what came out. The others stay as they are, in their order. A note names shards that are
// missing. It is an error if two runs are the same shard.
func JoinShards(runs []*Run) ([]*Run, error) {
	var joined []*Run
	groups := map[string][]*Run{}
	var order []string
	for _, run := range runs {
		key, err := run.shardKey()
		if err != nil {
			return nil, err
		}
		if groups[key] == nil {
			order = append(order, key)
		}
		groups[key] = append(groups[key], run)
	}
	for _, key := range order {
		group := groups[key]
		if group[0].Selection.Shard == "" {
			joined = append(joined, group...)
			continue
		}
		run, err := join(group)
		if err != nil {
			return nil, err
		}
		joined = append(joined, run)
	}
	return joined, nil
}

// shardKey is equal for shards of one run.
func (r *Run) shardKey() (string, error) {
	about := Run{
		Version:   r.Version,
		Platform:  r.Platform,
		Name:      r.Name,
		Command:   r.Command,
		Attach:    r.Attach,
		Mode:      r.Mode,
		Capture:   r.Capture,
		Level:     r.Level,
		Profile:   r.Profile,
		Selection: r.Selection,
		Strict:    r.Strict,
		Baseline:  r.Baseline,
	}
	if r.Selection.Shard != "" {
		shard, err := ParseShard(r.Selection.Shard)
		if err != nil {
			return "", err
		}
		about.Selection.Shard = fmt.Sprint(shard.Count)
	}
	text, err := json.Marshal(about)
	return string(text), err
}

// join joins shards of one run.
func join(shards []*Run) (*Run, error) {
	whole := *shards[0]
	whole.Vectors, whole.Notes, whole.Selection.Shard = nil, []string{}, ""
	whole.Seconds, whole.Diagnosis, whole.Surroundings = 0, nil, nil
	present := map[int]bool{}
	for _, run := range shards {
		shard, err := ParseShard(run.Selection.Shard)
		if err != nil {
			return nil, err
		}
		if present[shard.Index] {
			return nil, fmt.Errorf("two results are shard %s of %s: leave one out",
				run.Selection.Shard, run.Name)
		}
		present[shard.Index] = true
		whole.take(run)
	}
	whole.sortAsBuiltIn()
	if err := whole.distinct(); err != nil {
		return nil, fmt.Errorf("joining the shards of %s: %w", whole.Name, err)
	}
	whole.Verdict = joinedVerdict(shards, whole.Broken())
	whole.noteMissing(shards[0].Selection.Shard, present)
	if whole.Verdict != Fails {
		whole.Diagnosis = nil
	}
	return &whole, nil
}

// maxMissing is how many shards that are missing are named.
const maxMissing = 10

// noteMissing names the shards that are not present. Any is one of the shards, as I/N.
func (r *Run) noteMissing(any string, present map[int]bool) {
	shard, err := ParseShard(any)
	missing := shard.Count - len(present)
	if err != nil || missing == 0 {
		return
	}
	var names []string
	for i := 1; len(names) < min(missing, maxMissing); i++ {
		if !present[i] {
			names = append(names, fmt.Sprintf("%d/%d", i, shard.Count))
		}
	}
	if missing > maxMissing {
		names = append(names, fmt.Sprintf("and %d more", missing-maxMissing))
	}
	r.note("not all shards are here; missing: " + strings.Join(names, ", "))
}

// take adds what came out of a shard.
func (r *Run) take(shard *Run) {
	r.Vectors = append(r.Vectors, shard.Vectors...)
	r.Seconds += shard.Seconds
	if shard.Started.Before(r.Started) {
		r.Started = shard.Started
	}
	for _, note := range shard.Notes {
		if !slices.Contains(r.Notes, note) {
			r.note(note)
		}
	}
	r.Surroundings = joinSurroundings(r.Surroundings, shard.Surroundings)
	r.Diagnosis = joinDiagnoses(r.Diagnosis, shard.Diagnosis)
}

// joinSurroundings joins what became of two parts of the vectors. Each may be nil.
func joinSurroundings(a, b *Surroundings) *Surroundings {
	if a == nil || b == nil {
		return cmp.Or(a, b)
	}
	return &Surroundings{
		Settings: a.Settings,
		Asked:    a.Asked + b.Asked,
		Changes:  append(slices.Clip(a.Changes), b.Changes...),
		Bounded:  cmp.Or(a.Bounded, b.Bounded),
	}
}

// joinedVerdict is that of the shard which did not come to its end, or that of all vectors.
func joinedVerdict(shards []*Run, broken int) Verdict {
	for _, verdict := range []Verdict{Cancelled, Untested} {
		if slices.ContainsFunc(shards, func(r *Run) bool { return r.Verdict == verdict }) {
			return verdict
		}
	}
	if broken > 0 {
		return Fails
	}
	return Conforms
}

// sortAsBuiltIn puts the built-in vectors into their order, and others behind them, by id.
func (r *Run) sortAsBuiltIn() {
	place := map[string]int{}
	for i, v := range vectors.All() {
		place[v.ID] = i - len(vectors.All()) // below 0, the place of the others
	}
	slices.SortStableFunc(r.Vectors, func(a, b Result) int {
		return cmp.Or(cmp.Compare(place[a.ID], place[b.ID]), cmp.Compare(a.ID, b.ID))
	})
	r.Digest = r.digest()
	r.count()
}

// joinDiagnoses joins what was found in two parts of the vectors. Each may be nil.
func joinDiagnoses(a, b *diagnose.Diagnosis) *diagnose.Diagnosis {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	d := &diagnose.Diagnosis{
		Failures:    a.Failures + b.Failures,
		Explained:   a.Explained + b.Explained,
		Signed:      a.Signed + b.Signed,
		Sent:        a.Sent + b.Sent,
		Complete:    a.Complete && b.Complete,
		Findings:    slices.Clone(a.Findings),
		Unexplained: append(slices.Clip(a.Unexplained), b.Unexplained...),
		Unstable:    slices.Concat(a.Unstable, b.Unstable),
		Unanswered:  a.Unanswered + b.Unanswered,
		Bounded:     cmp.Or(a.Bounded, b.Bounded),
	}
	if a.Constant == b.Constant {
		d.Constant = a.Constant
	}
	for _, f := range b.Findings {
		i := slices.IndexFunc(d.Findings, func(g diagnose.Finding) bool {
			return g.Side == f.Side && len(inBoth(g.Mistakes, f.Mistakes)) > 0
		})
		if i < 0 {
			d.Findings = append(d.Findings, f)
		} else {
			d.Findings[i] = joinFindings(d.Findings[i], f)
		}
	}
	slices.SortStableFunc(d.Findings, func(x, y diagnose.Finding) int {
		return cmp.Or(cmp.Compare(sureness(x), sureness(y)),
			cmp.Compare(len(y.Explains), len(x.Explains)))
	})
	return d
}

func sureness(f diagnose.Finding) int {
	if f.Confidence == diagnose.Certain {
		return 0
	}
	return 1
}

// joinFindings joins two findings of one mistake. What one part tells apart is told apart.
func joinFindings(a, b diagnose.Finding) diagnose.Finding {
	joined := a
	joined.Mistakes = inBoth(a.Mistakes, b.Mistakes)
	joined.Explains = append(slices.Clip(a.Explains), b.Explains...)
	joined.Against = append(slices.Clip(a.Against), b.Against...)
	if joined.Smallest == nil {
		joined.Smallest = b.Smallest
	}
	if len(joined.Mistakes) < len(a.Mistakes) {
		joined.Distinguish = nil
	}
	if len(joined.Against) > 0 {
		joined.Confidence = diagnose.Likely
	} else if b.Confidence == diagnose.Certain {
		joined.Confidence = diagnose.Certain
	}
	return joined
}

func inBoth(a, b []*mistake.Mistake) (both []*mistake.Mistake) {
	for _, m := range a {
		if slices.ContainsFunc(b, func(o *mistake.Mistake) bool { return o.ID == m.ID }) {
			both = append(both, m)
		}
	}
	return both
}

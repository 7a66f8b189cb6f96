package mistake

import (
	"context"
	"fmt"
	"strings"

	"sigkit/signer"
	"sigkit/vectors"
)

// Step is one step of the signing of an input, for people.
type Step struct {
	Title string
	Rules string // that it follows
	Lines []string
}

// Walk signs an input step by step. The key is in none of it. An input that must be refused ends with the step that refuses it.
func Walk(in *vectors.Input) []Step {
	w := &walk{in: in}
	for _, step := range []func() error{w.credentials, w.email, w.values, w.message, w.token} {
		if err := step(); err != nil {
			w.add("refused", "", err.Error())
			break
		}
	}
	return w.steps
}

type walk struct {
	in     *vectors.Input
	signer *signer.Signer
	data   signer.Object
	dry    signer.DryRun
	steps  []Step
}

func (w *walk) add(title, rules string, lines ...string) {
	w.steps = append(w.steps, Step{title, rules, lines})
}

func (w *walk) credentials() (err error) {
	w.signer, err = w.in.Signer()
	if err != nil {
		return err
	}
	q := newQuestion(w.in)
	email, key := canonical().credentials(q)
	from := "given"
	if w.in.KeyFile != nil {
		from = "from the key file, stripped"
	}
	w.add("1. credentials", "key-file-json key-file-strip key-bytes organization-key base-url",
		fmt.Sprintf("email %q, %s", email, from), fmt.Sprintf("key: %d bytes, %s (not shown)", len(key), from), fmt.Sprintf("server %q, which is not signed", server(q)))
	return nil
}

func (w *walk) email() (err error) {
	if w.data, err = signer.ParseData(w.in.Data); err != nil {
		return err
	}
	lines := []string{}
	if w.in.DashboardConfig != nil {
		tokens, err := signer.ParseDashboardConfig(signer.Profile(w.in.Profile), []byte(*w.in.DashboardConfig))
		if err != nil {
			return err
		}
		for _, m := range tokens {
			lines = append(lines, fmt.Sprintf("the dashboard config adds %s = %s", m.Key, textOf(m.Value)))
		}
		w.data = signer.Set(w.data, tokens...)
	}
	email, _ := canonical().credentials(newQuestion(w.in))
	if old, given := get(w.data, "email"); given {
		lines = append(lines, fmt.Sprintf("the caller's email %s is replaced", jsonText(old, "", "")))
	}
	w.data = signer.WithEmail(w.data, email)
	w.add("2. the email joins the data", "email-joins dashboard-config", append(lines, jsonText(w.data, " ", " "))...)
	return nil
}

func (w *walk) values() error {
	var lists []string
	for _, m := range w.data {
		if list, ok := m.Value.(signer.List); ok {
			ordered, err := signer.SortList(list)
			if err != nil {
				return err
			}
			lists = append(lists, fmt.Sprintf("%s: %s", m.Key, repr(ordered)))
		}
	}
	if lists != nil {
		w.add("3. lists are sorted", "list-order unorderable-list", lists...)
	}
	pairs, err := signer.Pairs(w.data)
	if err != nil {
		return err
	}
	lines := make([]string, len(pairs))
	for i, p := range pairs {
		lines[i] = fmt.Sprintf("%q = %q", p.Key, p.Value)
	}
	w.add("4. and 5. pairs, sorted by key, as text", "pair-order text-string text-boolean text-null text-integer text-float list-pairs object-keys nested-repr", lines...)
	return nil
}

func (w *walk) message() (err error) {
	w.dry, err = w.signer.DryRun(signer.Request{Method: w.in.Method, Resource: w.in.Resource, Data: w.data})
	if err != nil {
		return err
	}
	joined := strings.TrimPrefix(w.dry.HMACMsg, w.in.Method+w.in.Resource)
	w.add("6. pairs joined", "pairs-join no-escaping", fmt.Sprintf("%q", joined))
	w.add("7. the message", "message-layout method-case resource-verbatim message-utf8", fmt.Sprintf("%q", w.dry.HMACMsg), fmt.Sprintf("%d bytes of UTF-8", len(w.dry.HMACMsg)))
	return nil
}

func (w *walk) token() error {
	w.add("8. the token", "token-hmac token-base64 header-name", signer.Header+": "+w.dry.Token)
	if sent := w.dry.Sent; sent != nil {
		lines := []string{sent.Method + " " + sent.URL}
		if sent.Body != nil {
			lines = append(lines, *sent.Body)
		}
		if !w.dry.Rebuildable {
			lines = append(lines, "a server cannot rebuild the message from this alone")
		}
		w.add("what is sent", "wire-form wire-query", lines...)
	}
	return nil
}

// Made finds the mistakes, up to two at once, that make of an input a token or a message that was seen: the smallest sets. It returns nil if there are none, and right if the
// token or the message is the right one.
func Made(in *vectors.Input, token, message *string) (fits []Set, right bool) {
	expect := in.Expected()
	l := NewLab([]*vectors.Vector{{ID: "yours", Input: *in, Expect: &expect}})
	q := l.subjects[0].question
	agrees := func(r *recipe) bool {
		a := r.answer(q)
		return !a.refused && (token == nil || a.token == *token) && (message == nil || a.message == *message)
	}
	if agrees(canonical()) {
		return nil, true
	}
	s := newSearch(context.Background(), l, []Seen{{Vector: l.subjects[0].vector, Message: message}}, false)
	seen := map[string]bool{}
	for size := 1; size <= 2 && len(fits) == 0; size++ {
		s.sets(size, 1, func(places bitset) {
			set := s.set(&places)
			if r := set.recipe(); agrees(r) && !seen[set.String()] {
				seen[set.String()] = true
				fits = append(fits, set)
			}
		})
	}
	return fits, false
}

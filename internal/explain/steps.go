// Package explain shows how one input is signed: step by step, by the part of the message in which
// a byte stands, and by the mistakes that make what was seen.
package explain

import (
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

// Steps signs an input step by step. The key is in none of it. An input that must be refused ends
// with the step that refuses it.
func Steps(in *vectors.Input) []Step {
	w := &signing{in: in}
	for _, step := range []func() error{w.credentials, w.email, w.values, w.message, w.token} {
		if err := step(); err != nil {
			w.add("refused", "", err.Error())
			break
		}
	}
	return w.steps
}

type signing struct {
	in      *vectors.Input
	account signer.Credentials
	signer  *signer.Signer
	data    signer.Object
	dry     signer.DryRun
	steps   []Step
}

func (w *signing) add(title, rules string, lines ...string) {
	w.steps = append(w.steps, Step{title, rules, lines})
}

func (w *signing) credentials() error {
	c, err := w.in.Credentials()
	if err != nil {
		return err
	}
	if w.signer, err = signer.New(c); err != nil {
		return err
	}
	w.account = c
	from := "given"
	if w.in.KeyFile != nil {
		from = "from the key file, stripped"
	}
	w.add("1. credentials", "key-file-json key-file-strip key-bytes organization-key base-url",
		fmt.Sprintf("email %q, %s", c.Email, from),
		fmt.Sprintf("key: %d bytes, %s (not shown)", c.Key.Len(), from),
		fmt.Sprintf("server %q, which is not signed", c.BaseURL))
	return nil
}

func (w *signing) email() error {
	r, err := w.in.Request()
	if err != nil {
		return err
	}
	lines := []string{}
	tokens, err := w.in.DashboardTokens()
	if err != nil {
		return err
	}
	for _, m := range tokens {
		lines = append(lines, fmt.Sprintf("the dashboard config adds %s = %s", m.Key, text(m.Value)))
	}
	for _, m := range r.Data {
		if m.Key == "email" {
			lines = append(lines, fmt.Sprintf("the caller's email %s is replaced", text(m.Value)))
		}
	}
	w.data = signer.WithEmail(r.Data, w.account.Email)
	w.add("2. the email joins the data", "email-joins dashboard-config",
		append(lines, text(w.data))...)
	return nil
}

// text returns a value as JSON.
func text(v signer.Value) string { return string(vectors.AppendValue(nil, v)) }

func (w *signing) values() error {
	var lists []string
	for _, m := range w.data {
		if list, ok := m.Value.(signer.List); ok {
			ordered, err := signer.SortList(list)
			if err != nil {
				return err
			}
			lists = append(lists, fmt.Sprintf("%s: %s", m.Key, signer.AppendRepr(nil, ordered)))
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
	w.add("4. and 5. pairs, sorted by key, as text",
		"pair-order text-string text-boolean text-null text-integer text-float list-pairs "+
			"object-keys nested-repr",
		lines...)
	return nil
}

func (w *signing) message() (err error) {
	w.dry, err = w.signer.DryRun(signer.Request{
		Method: w.in.Method, Resource: w.in.Resource, Data: w.data,
	})
	if err != nil {
		return err
	}
	joined := strings.TrimPrefix(w.dry.HMACMsg, w.in.Method+w.in.Resource)
	w.add("6. pairs joined", "pairs-join no-escaping", fmt.Sprintf("%q", joined))
	w.add("7. the message", "message-layout method-case resource-verbatim message-utf8",
		fmt.Sprintf("%q", w.dry.HMACMsg),
		fmt.Sprintf("%d bytes of UTF-8", len(w.dry.HMACMsg)))
	return nil
}

func (w *signing) token() error {
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

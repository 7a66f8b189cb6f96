package signer_test

import (
	"fmt"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/reference"
	"sigkit/signer"
)

// outcome is what is compared of a recorded request and of ours.
type outcome struct {
	Error                     signer.Kind
	HMACMsg, Token, URL       string
	Target, Body, ContentType string
	WireError                 bool
}

func profile(r reference.Record) signer.Profile {
	if r.Vigiles() {
		return signer.Vigiles
	}
	return signer.LinuxLink
}

func ours(r reference.Record) (o outcome, err error) {
	c, err := signer.ParseKeyFile(profile(r), []byte(r.KeyFile))
	if err != nil {
		return o, err
	}
	if r.BaseURL != nil {
		c.BaseURL = *r.BaseURL
	}
	s, err := signer.New(c)
	if err != nil {
		return o, err
	}
	data, err := signer.ParseData([]byte(r.DataJSON))
	if err != nil {
		return o, err
	}
	request := signer.Request{Method: r.Method, Resource: r.Resource, Data: data}
	d, err := s.DryRun(request)
	if err != nil {
		return o, err
	}
	if o.HMACMsg, err = s.Message(request); err != nil || o.HMACMsg != d.HMACMsg {
		return o, fmt.Errorf("Message and DryRun differ: %w", err)
	}
	if o.Token, err = s.Sign(request); err != nil || o.Token != d.Token {
		return o, fmt.Errorf("Sign and DryRun differ: %w", err)
	}
	if d.Sent == nil {
		o.WireError = true
		return o, nil
	}
	o.URL = d.Sent.URL
	if d.Sent.Body != nil {
		o.Body, o.ContentType = *d.Sent.Body, signer.FormType
	}
	o.Target, err = signer.Target(d.Sent.URL)
	o.WireError = err != nil
	return o, nil
}

func recorded(r reference.Record) (o outcome) {
	switch {
	case r.Error == nil:
	case r.Error.Stage == "key_file":
		return outcome{Error: signer.KindKeyFile}
	case r.Error.Type == "TypeError":
		return outcome{Error: signer.KindUnorderableList}
	default:
		return outcome{Error: signer.KindInvalidUnicode}
	}
	o = outcome{HMACMsg: r.Answer.HMACMsg, Token: r.Answer.Token, URL: r.Answer.URL}
	if o.WireError = r.Answer.Wire == nil; !o.WireError {
		wire := r.Answer.Wire
		o.Target, o.Body, o.ContentType = wire.Target, wire.Body, wire.ContentType
	}
	return o
}

// The other tests prove that this package agrees with itself. This one proves that it agrees with
// the vendor's clients.
func TestAgreesWithEveryRecordedRequest(t *testing.T) {
	records := reference.Requests(t)
	require.Len(t, records, 4800)
	var refusedHereOnly []string
	for _, r := range records {
		want := recorded(r)
		got, err := ours(r)
		if err != nil {
			fault, ok := err.(*signer.Error)
			require.True(t, ok, "%s %s: untyped error %v", r.File, r.ID, err)
			got = outcome{Error: fault.Kind}
		}
		if got.Error == signer.KindUnorderableList && want.Error == "" {
			refusedHereOnly = append(refusedHereOnly, r.File+" "+r.ID)
			continue
		}
		if got.WireError && want.WireError {
			got.URL, got.Body, got.ContentType = want.URL, want.Body, want.ContentType // nothing is sent
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("%s %s: (-recorded +ours)\n%s", r.File, r.ID, diff)
		}
	}
	assert.Empty(t, refusedHereOnly, "lists that Python sorted and this package refuses")
}

func TestAgreesWithEveryRecordedDashboardConfig(t *testing.T) {
	records := reference.Dashboards(t)
	require.Len(t, records, 74)
	for _, r := range records {
		tokens, err := signer.ParseDashboardConfig(profile(r), []byte(r.Dashboard))
		if r.Error != nil {
			fault, ok := err.(*signer.Error)
			require.True(t, ok, "%s %s: want an error, got %v", r.File, r.ID, tokens)
			assert.Equal(t, signer.KindDashboardConfig, fault.Kind)
			continue
		}
		require.NoError(t, err, "%s %s", r.File, r.ID)
		assert.Equal(t, recordedTokens(r.Answer), tokens, "%s %s", r.File, r.ID)
	}
}

// recordedTokens are those that the manifest upload sends: the ones that are not empty.
func recordedTokens(a *reference.Answer) (tokens signer.Object) {
	add := func(name string, token *string) {
		if token != nil && *token != "" {
			tokens = append(tokens, signer.Member{Key: name, Value: signer.String(*token)})
		}
	}
	add("product_token", a.ProductToken)
	add("group_token", a.GroupToken)
	add("folder_token", a.FolderToken)
	return tokens
}

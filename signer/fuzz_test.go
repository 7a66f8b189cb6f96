package signer_test

import (
	"errors"
	"math/rand/v2"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"sigkit/internal/reference"
	"sigkit/signer"
)

// Data of any bytes signs or is refused with a typed error; what signs is UTF-8, does not depend on
// the order of the parameters, and the steps make the same message as the whole.
func FuzzData(f *testing.F) {
	for i, r := range reference.Requests(f) {
		if i%40 == 0 {
			f.Add([]byte(r.DataJSON), uint64(i))
		}
	}
	f.Add([]byte(`{"a":[[{"b":[null,1e400,"\ud800"]}]]}`), uint64(1))
	s := newSigner(f)
	f.Fuzz(func(t *testing.T, text []byte, seed uint64) {
		data, err := signer.ParseData(text)
		if err != nil {
			requireTyped(t, err)
			return
		}
		request := signer.Request{Method: "POST", Resource: "/r", Data: data}
		message, err := s.Message(request)
		if err != nil {
			requireTyped(t, err)
			return
		}
		assert.True(t, utf8.ValidString(message))
		d, err := s.DryRun(request)
		require.NoError(t, err)
		assert.Equal(t, message, d.HMACMsg)
		assert.Equal(t, message, steps(t, request))
		rand.New(rand.NewPCG(seed, 0)).Shuffle(len(data), func(i, j int) {
			data[i], data[j] = data[j], data[i]
		})
		shuffled, err := s.Message(request)
		require.NoError(t, err)
		assert.Equal(t, message, shuffled)
	})
}

// steps makes the message by the exported steps.
func steps(t *testing.T, r signer.Request) string {
	pairs, err := signer.Pairs(signer.WithEmail(r.Data, "user@example.com"))
	require.NoError(t, err)
	text := []byte(r.Method + r.Resource)
	start := len(text)
	for _, p := range pairs {
		text = signer.AppendPair(text, start, p.Key, signer.String(p.Value))
	}
	return string(text)
}

func requireTyped(t *testing.T, err error) {
	fault, ok := errors.AsType[*signer.Error](err)
	require.True(t, ok, "untyped error %v", err)
	require.NotEmpty(t, fault.Kind)
	require.NotEmpty(t, fault.Where)
	require.NotEmpty(t, fault.Problem)
	require.NotEmpty(t, fault.Fix)
}

// Files of any bytes are read or refused with a typed error.
func FuzzConfigs(f *testing.F) {
	for i, r := range reference.Requests(f) {
		if i%40 == 0 {
			f.Add([]byte(r.KeyFile))
		}
	}
	for _, r := range reference.Dashboards(f) {
		f.Add([]byte(r.Dashboard))
	}
	f.Add([]byte(`{"email":"a","key":"b","n":[NaN,-Infinity, Infinity],"s":"\"NaN"}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		for _, p := range []signer.Profile{signer.LinuxLink, signer.Vigiles} {
			if _, err := signer.ParseKeyFile(p, text); err != nil {
				requireTyped(t, err)
			}
			if _, err := signer.ParseDashboardConfig(p, text); err != nil {
				requireTyped(t, err)
			}
		}
	})
}

// Requests of any bytes are rebuilt, and their URLs split, without a panic.
func FuzzWire(f *testing.F) {
	f.Add("POST", "https://h.example.com/a%20b/../%zz?x=1&y", "a=1&&b=%C3%A9+%")
	f.Fuzz(func(t *testing.T, method, url, body string) {
		target, err := signer.Target(url)
		if err != nil {
			requireTyped(t, err)
			return
		}
		again, err := signer.Target("https://h.example.com" + target)
		require.NoError(t, err)
		assert.Equal(t, target, again, "the target of a target is itself")
		signer.Rebuild(method, target, body)
	})
}

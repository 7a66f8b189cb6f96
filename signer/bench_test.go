package signer_test

import (
	"crypto/hmac"
	"crypto/sha256"
	"fmt"
	"strings"
	"testing"

	"sigkit/signer"
)

// benchRequests are the requests whose signing is measured. Compare each with BenchmarkBareHMAC,
// the HMAC of its finished message.
func benchRequests() map[string]signer.Request {
	var tokens []string
	for i := range 10 {
		unordered := uint64(i+1) * 0x9E3779B97F4A7C15
		tokens = append(tokens, fmt.Sprintf("%016x%024x", unordered, i))
	}
	line := `{"name": "busybox", "version": "1.36.1"},` + "\n"
	return map[string]signer.Request{
		"small": {Method: "GET", Resource: "/api/v1/vigiles/reports/compare", Data: signer.Object{
			{Key: "token_one", Value: signer.String("0123456789abcdef0123456789abcdef01234567")},
			{Key: "token_two", Value: signer.String("76543210fedcba9876543210fedcba9876543210")},
			{Key: "remove_whitelist", Value: signer.Bool(false)},
			{Key: "filtered", Value: signer.Bool(true)},
		}},
		"lists": {Method: "PATCH", Resource: "/api/v1/vigiles/folders/archive", Data: signer.Object{
			{Key: "tokens", Value: signer.Strings(tokens...)},
			{Key: "fields", Value: signer.Strings(tokens...)},
		}},
		"1MB": {Method: "POST", Resource: "/api/v1/vigiles/manifests", Data: signer.Object{
			{Key: "manifest", Value: signer.String(strings.Repeat(line, 1<<20/len(line)))},
		}},
	}
}

const benchKey = "test-key-0123456789abcdef0123456789abcdef"

func benchSigner(b *testing.B) *signer.Signer {
	s, err := signer.New(signer.Credentials{
		Email:   "user@example.com",
		Key:     signer.NewKey(benchKey),
		BaseURL: "https://host.example.com",
	})
	if err != nil {
		b.Fatal(err)
	}
	return s
}

func BenchmarkSign(b *testing.B) {
	s := benchSigner(b)
	for name, r := range benchRequests() {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := s.Sign(r); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkBareHMAC(b *testing.B) {
	s := benchSigner(b)
	for name, r := range benchRequests() {
		text, err := s.Message(r)
		if err != nil {
			b.Fatal(err)
		}
		message := []byte(text)
		b.Run(name, func(b *testing.B) {
			mac := hmac.New(sha256.New, []byte(benchKey))
			var sum []byte
			for b.Loop() {
				mac.Reset()
				mac.Write(message)
				sum = mac.Sum(sum[:0])
			}
		})
	}
}

func BenchmarkDryRun(b *testing.B) {
	s := benchSigner(b)
	r := benchRequests()["small"]
	b.ReportAllocs()
	for b.Loop() {
		if _, err := s.DryRun(r); err != nil {
			b.Fatal(err)
		}
	}
}

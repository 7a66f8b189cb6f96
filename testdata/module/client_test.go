package client

import (
	"testing"

	"sigkit/sigtest"
	"sigkit/vectors"
)

// TestSignature runs the vectors that Token has the parameters for. To test a client that reads all
// inputs, call sigtest.Run(t, sign), which takes every vector up to level extended.
func TestSignature(t *testing.T) {
	config := sigtest.Config{Level: vectors.Core, Vectors: ours()}
	config.Run(t, func(in vectors.Input) (sigtest.Signature, error) {
		token, err := Token([]byte(*in.KeyFile), in.Method, in.Resource, in.Data)
		return sigtest.Signature{Token: token}, err
	})
}

// ours are the vectors that Token has the parameters for.
func ours() (chosen []vectors.Vector) {
	for _, v := range vectors.All() {
		in := v.Input
		if in.KeyFile != nil && in.DashboardConfig == nil && in.Profile != "vigiles" {
			chosen = append(chosen, v)
		}
	}
	return chosen
}

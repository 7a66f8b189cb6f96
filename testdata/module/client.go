// Package client shows how another module uses sigkit: it signs a request with package signer.
package client

import "sigkit/signer"

// Token returns the value of X-Auth-Signature for a request of a linuxlink client. The key file is
// the text of the file, and data is a JSON object. An error says what cannot be signed.
func Token(keyFile []byte, method, resource string, data []byte) (string, error) {
	credentials, err := signer.ParseKeyFile(signer.LinuxLink, keyFile)
	if err != nil {
		return "", err
	}
	s, err := signer.New(credentials)
	if err != nil {
		return "", err
	}
	parameters, err := signer.ParseData(data)
	if err != nil {
		return "", err
	}
	return s.Sign(signer.Request{Method: method, Resource: resource, Data: parameters})
}

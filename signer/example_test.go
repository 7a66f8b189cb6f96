package signer_test

import (
	"fmt"
	"log"

	"sigkit/signer"
)

func ExampleSigner_Sign() {
	credentials, err := signer.ParseKeyFile(signer.LinuxLink, []byte(`{"email": "user@example.com", "key": "test-key-0123456789abcdef"}`))
	if err != nil {
		log.Fatal(err)
	}
	s, err := signer.New(credentials)
	if err != nil {
		log.Fatal(err)
	}
	token, err := s.Sign(signer.Request{Method: "POST", Resource: "/api/v1/heartbeat"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(signer.Header+":", token)
	// Output: X-Auth-Signature: x3fre7NRaMRC1uzZN1iNLsYMWfXDic6DRYn2iYCzjeY=
}

func ExampleSigner_DryRun() {
	data, err := signer.ParseData([]byte(`{"tokens": ["b", "a"], "confirmed": true}`))
	if err != nil {
		log.Fatal(err)
	}
	s, err := signer.New(signer.Credentials{Email: "user@example.com", Key: signer.NewKey("test-key"), BaseURL: "https://linuxlink.timesys.com"})
	if err != nil {
		log.Fatal(err)
	}
	d, err := s.DryRun(signer.Request{Method: "GET", Resource: "/api/v1/x", Data: data})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(d.HMACMsg)
	fmt.Println(d.Wire.URL)
	// Output:
	// GET/api/v1/xconfirmed=True&email=user@example.com&tokens=a&tokens=b
	// https://linuxlink.timesys.com/api/v1/x?confirmed=True&email=user%40example.com&tokens=b&tokens=a
}

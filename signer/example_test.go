package signer_test

import (
	"context"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httptest"

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
	fmt.Println(d.Sent.URL)
	// Output:
	// GET/api/v1/xconfirmed=True&email=user@example.com&tokens=a&tokens=b
	// https://linuxlink.timesys.com/api/v1/x?confirmed=True&email=user%40example.com&tokens=b&tokens=a
}

func ExampleSigner_NewRequest() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Println(r.Method, r.RequestURI, string(body), len(r.Header.Get(signer.Header)))
	}))
	defer server.Close()

	s, err := signer.New(signer.Credentials{Email: "user@example.com", Key: signer.NewKey("test-key"), BaseURL: server.URL})
	if err != nil {
		log.Fatal(err)
	}
	request, err := s.NewRequest(context.Background(), signer.Request{
		Method: "POST", Resource: "/api/v1/vigiles/folders", Data: signer.Object{{Key: "folder_name", Value: signer.String("a & b")}},
	})
	if err != nil {
		log.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	response.Body.Close()
	// Output: POST /api/v1/vigiles/folders folder_name=a+%26+b&email=user%40example.com 44
}

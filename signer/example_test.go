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

// The worked example of the package comment, with all intermediate texts.
func Example() {
	keyFile := `{"email": "user@example.com", "key": "test-key"}`
	credentials, err := signer.ParseKeyFile(signer.LinuxLink, []byte(keyFile)) // step 1
	if err != nil {
		log.Fatal(err)
	}
	data, err := signer.ParseData([]byte(`{"ids": ["b c", "B"], "all": true}`))
	if err != nil {
		log.Fatal(err)
	}

	data = signer.WithEmail(data, credentials.Email) // step 2
	for _, m := range data {
		fmt.Printf("data     %s: %s\n", m.Key, signer.AppendRepr(nil, m.Value))
	}
	pairs, err := signer.Pairs(data) // steps 3, 4 and 5
	if err != nil {
		log.Fatal(err)
	}
	var joined []byte
	for _, p := range pairs {
		fmt.Println("pair    ", p.Key, "=", p.Value)
		joined = signer.AppendPair(joined, 0, p.Key, signer.String(p.Value)) // step 6
	}
	fmt.Println("joined  ", string(joined))
	fmt.Println("message ", "GET"+"/api/v1/x"+string(joined)) // step 7

	s, err := signer.New(credentials)
	if err != nil {
		log.Fatal(err)
	}
	signed, err := s.DryRun(signer.Request{Method: "GET", Resource: "/api/v1/x", Data: data})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("hmac_msg", signed.HMACMsg) // the same, by one call
	fmt.Println("token   ", signed.Token)   // step 8
	fmt.Println("URL     ", signed.Sent.URL)
	// Output:
	// data     ids: ['b c', 'B']
	// data     all: True
	// data     email: 'user@example.com'
	// pair     all = True
	// pair     email = user@example.com
	// pair     ids = B
	// pair     ids = b c
	// joined   all=True&email=user@example.com&ids=B&ids=b c
	// message  GET/api/v1/xall=True&email=user@example.com&ids=B&ids=b c
	// hmac_msg GET/api/v1/xall=True&email=user@example.com&ids=B&ids=b c
	// token    /Wr1O5YE6qjEtCQyhChZHPHB+8VANIBdH35csAGFXkY=
	// URL      https://linuxlink.timesys.com/api/v1/x?all=True&email=user%40example.com&ids=b+c&ids=B
}

func ExampleSigner_Sign() {
	keyFile := `{"email": "user@example.com", "key": "test-key-0123456789abcdef"}`
	credentials, err := signer.ParseKeyFile(signer.LinuxLink, []byte(keyFile))
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

func ExampleSigner_NewRequest() {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		fmt.Println(r.Method, r.RequestURI, string(body), len(r.Header.Get(signer.Header)))
	}))
	defer server.Close()

	s, err := signer.New(signer.Credentials{
		Email:   "user@example.com",
		Key:     signer.NewKey("test-key"),
		BaseURL: server.URL,
	})
	if err != nil {
		log.Fatal(err)
	}
	request, err := s.NewRequest(context.Background(), signer.Request{
		Method:   "POST",
		Resource: "/api/v1/vigiles/folders",
		Data:     signer.Object{{Key: "folder_name", Value: signer.String("a & b")}},
	})
	if err != nil {
		log.Fatal(err)
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		log.Fatal(err)
	}
	response.Body.Close()
	// Output:
	// POST /api/v1/vigiles/folders folder_name=a+%26+b&email=user%40example.com 44
}

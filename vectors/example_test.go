package vectors_test

import (
	"fmt"
	"strings"

	"sigkit/vectors"
)

func ExampleAll() {
	for _, v := range vectors.All() {
		if v.ID == "list-order/numbers-by-value" {
			fmt.Println(v.Level, v.Rule)
			fmt.Println(strings.TrimPrefix(v.Expect.HMACMsg, v.Input.Method+v.Input.Resource))
		}
	}
	// Output:
	// extended list-order
	// a=-10&a=-2&a=-1&a=0&a=2&a=9&a=9&a=10&email=user@example.com
}

package main

// This file signs requests of the LinuxLink / Vigiles API with the standard library alone. Copy it
// and files.go into a client. Names in backquotes are rules of docs/SIGNATURE.md. It lacks objects,
// since encoding/json loses the order of members, and lists in lists (`nested-repr`). It says so.

import (
	"errors"
	"fmt"
	"net/url"
	"strings"

	// begin:
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math"
	"math/big"
	"slices"
	"strconv"
	"unicode/utf8"
	// end
)

var errUnsupported = errors.New("objects, lists in lists, and NaN in files")

// signed is what to send, and the message that was signed.
type signed struct {
	Headers map[string]string `json:"headers"`
	Message string            `json:"hmac_msg"`
	URL     string            `json:"url"`
	Body    string            `json:"body,omitempty"`
}

// sign signs a request. The values of data are those of encoding/json, with json.Number.
func sign(c credentials, method, resource string, data map[string]any) (s signed, err error) {
	method, data = strings.ToUpper(method), joinEmail(data, c.email)
	var pairs []string
	query := url.Values{}
	for _, key := range sortKeys(data) {
		sorted, err := sortList(spread(data[key]))
		if err != nil {
			return s, err
		}
		for _, value := range sorted {
			text, err := toText(value)
			if err != nil {
				return s, err
			}
			pairs = append(pairs, key+"="+text)
		}
		addValues(query, key, spread(data[key]), method)
	}
	s.Message = buildMessage(method, resource, joinPairs(pairs))
	token, err := token(c.key, s.Message)
	s.Headers = map[string]string{"X-Auth-Signature": token}
	if s.URL = c.server + resource; method == "POST" {
		s.Body = query.Encode()
	} else {
		s.URL += "?" + query.Encode()
	}
	return s, err
}

// joinEmail is step 2.
func joinEmail(data map[string]any, email string) map[string]any {
	// begin email-joins: return data
	joined := maps.Clone(data)
	joined["email"] = email
	return joined
	// end
}

// sortList is step 3: strings by code point, numbers and booleans by exact value, never mixed.
func sortList(list []any) ([]any, error) {
	// begin list-order: return list, nil
	kinds := map[string]bool{}
	for _, value := range list {
		kinds[kind(value)] = true
	}
	switch {
	case len(list) < 2: // one alone is in order
	case len(kinds) > 1 || kinds["null"] || kinds["object"]:
		return nil, errors.New("this list has no order")
	case kinds["list"]:
		return nil, errUnsupported
	}
	return slices.SortedStableFunc(slices.Values(list), func(a, b any) int {
		if s, ok := a.(string); ok {
			return strings.Compare(s, b.(string)) // by byte, which is by code point
		}
		return number(a).Cmp(number(b))
	}), nil
	// end
}

// begin:
func kind(value any) string {
	switch value.(type) {
	case nil:
		return "null"
	case string:
		return "string"
	case []any:
		return "list"
	case map[string]any:
		return "object"
	}
	return "number" // json.Number, or a boolean, which counts 0 or 1
}

func number(value any) *big.Float {
	if n, ok := value.(json.Number); !ok {
		return big.NewFloat(map[any]float64{true: 1}[value])
	} else if isFloat(n) {
		f, _ := n.Float64() // too large is an infinity
		return big.NewFloat(f)
	} else {
		i, _ := new(big.Int).SetString(n.String(), 10)
		return new(big.Float).SetInt(i) // exact
	}
}

func isFloat(n json.Number) bool { return strings.ContainsAny(n.String(), ".eE") }

// end

// sortKeys is step 4.
func sortKeys(data map[string]any) (keys []string) {
	// begin pair-order: for key := range data { keys = append(keys, key) }; return keys
	return slices.Sorted(maps.Keys(data)) // by byte, which is by code point
	// end
}

// toText is step 5.
func toText(value any) (string, error) {
	// begin text-boolean: return fmt.Sprint(value), nil
	switch value := value.(type) {
	case string:
		return value, nil
	case bool:
		return map[bool]string{true: "True", false: "False"}[value], nil
	case nil:
		return "None", nil
	case json.Number:
		if isFloat(value) {
			f, _ := value.Float64()
			return floatText(f), nil
		}
		return strings.Replace(value.String(), "-0", "0", 1), nil // an integer has no other "-0"
	}
	return "", errUnsupported
	// end
}

// begin:
// floatText is `text-float`: the shortest digits, as strconv finds them too, in another layout.
func floatText(f float64) string {
	size := math.Abs(f)
	if math.IsInf(f, 0) {
		return strings.ToLower(strings.TrimPrefix(fmt.Sprint(f), "+"))
	} else if size >= 1e16 || size < 1e-4 && size > 0 {
		return strconv.FormatFloat(f, 'e', -1, 64)
	}
	text := strconv.FormatFloat(f, 'f', -1, 64)
	if !strings.Contains(text, ".") {
		text += ".0"
	}
	return text
}

// end

// spread gives the elements of a list, else the value alone.
func spread(value any) []any {
	// begin list-pairs: return []any{value}
	if list, ok := value.([]any); ok {
		return list
	}
	return []any{value}
	// end
}

// joinPairs is step 6.
func joinPairs(pairs []string) string {
	// begin pairs-join: return ""
	return strings.Join(pairs, "&")
	// end
}

// buildMessage is step 7.
func buildMessage(method, resource, joined string) string {
	// begin message-layout: return joined
	return method + resource + joined
	// end
}

// token is step 8.
func token(key, message string) (string, error) {
	// begin token-hmac: return "", nil
	if !utf8.ValidString(key) || !utf8.ValidString(message) {
		return "", errors.New("an unpaired surrogate has no UTF-8 form") // `message-utf8`
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(message))
	return base64.StdEncoding.EncodeToString(mac.Sum(nil)), nil
	// end
}

// addValues adds what is sent under a key: a list as it came, not sorted.
func addValues(query url.Values, key string, values []any, method string) {
	// begin wire-form: return
	for _, value := range values {
		if value == nil && method == "POST" {
			continue
		}
		text, _ := toText(value) // signed before, so it has a text
		query.Add(key, text)
	}
	// end
}

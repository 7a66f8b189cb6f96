// A port in Go: it signs requests of the LinuxLink / Vigiles API with the standard library. It
// reads one JSON question a line and writes one JSON answer a line (docs/PROTOCOL.md). Names in
// backquotes are rules of docs/SIGNATURE.md. It lacks floats, null and nested values, and says so.
package main

import (
	"bufio"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"maps"
	"math/big"
	"os"
	"slices"
	"strings"
	"unicode"
)

type object map[string]any

// stop is a panic that ends a question: the member is "error" or "unsupported".
type stop struct{ member, why string }

func main() {
	in, out := bufio.NewReader(os.Stdin), json.NewEncoder(os.Stdout)
	for more := true; more; {
		line, err := in.ReadString('\n') // not a Scanner, which gives up at 64 KiB
		if more = err == nil; strings.TrimSpace(line) != "" {
			out.Encode(reply(line))
		}
	}
}

func reply(line string) (answer object) {
	var question object
	defer func() {
		if s, ok := recover().(stop); ok {
			answer = object{s.member: s.why}
		}
		answer["id"] = question["id"]
	}()
	question = parse(line)
	message, key := prepare(question)
	// encoding/json turns half a surrogate pair into U+FFFD, and says nothing: `message-utf8`
	escaped := strings.Contains(strings.ToLower(line), `\ufffd`)
	if strings.Contains(message+key, "\ufffd") && !escaped && !strings.Contains(line, "\ufffd") {
		panic(stop{"error", "an unpaired surrogate has no UTF-8 form"})
	}
	mac := hmac.New(sha256.New, []byte(key))
	mac.Write([]byte(message))
	token := base64.StdEncoding.EncodeToString(mac.Sum(nil))
	return object{"hmac_msg": message, "headers": object{"X-Auth-Signature": token}}
}

// prepare does the steps 1, 2, 6 and 7.
func prepare(q object) (message, key string) {
	credentials, keys, vigiles := q, []string{"key"}, q["profile"] == "vigiles"
	if q["key_file"] != nil {
		credentials = readFile(q.text("key_file"))
		if vigiles { // `organization-key`; server_url is not signed, but must be a string
			keys, _ = []string{"organization_key", "key", ""}, credentials.text("server_url", "")
		}
	}
	data, _ := q["data"].(map[string]any)
	if q["dashboard_config"] != nil {
		maps.Copy(data, dashboardTokens(readFile(q.text("dashboard_config")), vigiles))
	}
	data["email"] = credentials.text("email") // `email-joins`: over the caller's
	message = q.text("method") + q.text("resource") + strings.Join(pairs(data), "&")
	return message, credentials.text(keys...)
}

// dashboardTokens returns what an upload adds to the data: `dashboard-config`.
func dashboardTokens(config object, vigiles bool) object {
	tokens := object{"folder_token": config.text("folder", "")}
	if !vigiles {
		tokens["product_token"] = config.text("product")
	} else if tokens["group_token"] = config.text("group", "product"); tokens["group_token"] == "" {
		panic(stop{"error", "the group in the dashboard config is empty"})
	}
	maps.DeleteFunc(tokens, func(_ string, token any) bool { return token == "" })
	return tokens
}

// pairs does the steps 3 to 5. Go compares strings by byte, which is by code point.
func pairs(data object) (pairs []string) {
	for _, key := range slices.Sorted(maps.Keys(data)) {
		list, ok := data[key].([]any)
		if !ok {
			list = []any{data[key]}
		}
		slices.SortStableFunc(list, compare)
		for _, element := range list {
			text, _ := scalar(element)
			pairs = append(pairs, key+"="+text)
		}
	}
	return pairs
}

// compare is `list-order`: strings by code point, integers and booleans by value, never mixed.
func compare(a, b any) int {
	s, i := scalar(a)
	t, j := scalar(b)
	if (i == nil) != (j == nil) {
		panic(stop{"error", "a list of strings and other values has no order"})
	} else if i == nil {
		return strings.Compare(s, t)
	}
	return i.Cmp(j)
}

// scalar returns the text of a value, and the number that an integer or a boolean stands for.
func scalar(v any) (string, *big.Int) {
	if b, ok := v.(bool); ok {
		return map[bool]string{true: "True", false: "False"}[b], big.NewInt(map[bool]int64{true: 1}[b])
	} else if n, ok := v.(json.Number); ok && !strings.ContainsAny(n.String(), ".eE") {
		i, _ := new(big.Int).SetString(n.String(), 10)
		return i.String(), i
	} else if s, ok := v.(string); ok {
		return s, nil
	}
	panic(stop{"unsupported", "floats, null, objects, and lists in lists"})
}

func parse(text string) (o object) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if !json.Valid([]byte(text)) || decoder.Decode(&o) != nil || o == nil {
		panic(stop{"error", "this is no JSON object in UTF-8"})
	}
	return o
}

// readFile reads a key file or dashboard config, and strips its texts: `key-file-strip`.
func readFile(text string) object {
	if strings.Contains(text, "NaN") && !json.Valid([]byte(text)) {
		panic(stop{"unsupported", "NaN in a file, which only Python's JSON reader takes"})
	}
	file := parse(text)
	for name, v := range file {
		if s, ok := v.(string); ok {
			file[name] = strings.TrimFunc(s, isSpace)
		}
	}
	return file
}

// isSpace is unicode.IsSpace with U+001C to U+001F.
func isSpace(r rune) bool { return unicode.IsSpace(r) || 0x1c <= r && r <= 0x1f }

// text gives the first of the members that is there, which must be a string.
func (o object) text(names ...string) string {
	for _, name := range names {
		if s, ok := o[name].(string); ok || name == "" { // "" for a member that may be missing
			return s
		} else if _, given := o[name]; given {
			break
		}
	}
	panic(stop{"error", strings.Join(names, " or ") + " must be there and must be a string"})
}

// A port in Go: it answers the questions of sigcheck with signature.go. It reads one JSON question
// a line and writes one JSON answer a line (docs/PROTOCOL.md). With --send it also sends each
// request.
//
//	go build -o port . && sigcheck run -- ./port
//	sigcheck run --capture -- ./port --send
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strings"
)

func main() {
	sends := slices.Contains(os.Args[1:], "--send")
	in, out := bufio.NewReader(os.Stdin), json.NewEncoder(os.Stdout)
	for more := true; more; {
		line, err := in.ReadString('\n') // not a Scanner, which gives up at 64 KiB
		if more = err == nil; strings.TrimSpace(line) == "" {
			continue
		}
		if err := out.Encode(reply(line, sends)); err != nil {
			os.Exit(1)
		}
	}
}

func reply(line string, sends bool) any {
	question, err := parseObject(line)
	var s signed
	if err == nil {
		s, err = answer(question)
	}
	if err == nil && sends {
		err = send(question["method"].(string), s)
	}
	answer := map[string]any{"id": question["id"]}
	switch {
	case errors.Is(err, errUnsupported):
		answer["unsupported"] = err.Error()
	case err != nil:
		answer["error"] = err.Error()
	default:
		return struct {
			ID any `json:"id"`
			signed
		}{question["id"], s}
	}
	return answer
}

// answer signs the request that the question describes.
func answer(question map[string]any) (s signed, err error) {
	profile, err := textMember(question, "profile", "linuxlink")
	if err != nil || servers[profile] == "" {
		return s, fmt.Errorf("unknown profile %q", profile)
	}
	c, err := readCredentials(question, profile)
	if err != nil {
		return s, err
	}
	data, ok := question["data"].(map[string]any)
	method, methodErr := textMember(question, "method")
	resource, resourceErr := textMember(question, "resource")
	if err := errors.Join(methodErr, resourceErr); err != nil || !ok {
		return s, errors.Join(err, errors.New(`"data" must be an object`))
	}
	if config, given := question["dashboard_config"].(string); given {
		tokens, err := dashboardTokens(config, profile)
		if err != nil {
			return s, err
		}
		for name, token := range tokens {
			data[name] = token
		}
	}
	return sign(c, method, resource, data)
}

func readCredentials(question map[string]any, profile string) (c credentials, err error) {
	if file, given := question["key_file"].(string); given {
		if c, err = readKeyFile(file, profile); err != nil {
			return c, err
		}
	} else {
		email, emailErr := textMember(question, "email")
		key, keyErr := textMember(question, "key")
		c, err = credentials{email, key, servers[profile]}, errors.Join(emailErr, keyErr)
	}
	if base, given := question["base_url"].(string); given {
		c.server = base
	}
	return c, err
}

// send sends a signed request.
func send(method string, s signed) error {
	request, err := http.NewRequest(method, s.URL, strings.NewReader(s.Body))
	if err != nil {
		return err
	}
	for name, value := range s.Headers {
		request.Header.Set(name, value)
	}
	if method == http.MethodPost {
		request.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	}
	response, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	_, err = io.Copy(io.Discard, response.Body)
	return err
}

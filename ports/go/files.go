package main

// This file reads key files and dashboard configs, and the JSON that is signed.

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	// begin:
	"unicode"
	// end
)

var servers = map[string]string{
	"linuxlink": "https://linuxlink.timesys.com",
	"vigiles":   "https://vigiles.lynx.com",
}

type credentials struct{ email, key, server string }

// readKeyFile is step 1, for the profile linuxlink or vigiles.
func readKeyFile(text, profile string) (c credentials, err error) {
	file, err := parseFile(text)
	if err != nil {
		return c, err
	}
	c.server = servers[profile]
	keys := []string{"key"}
	if profile == "vigiles" {
		keys = []string{"organization_key", "key", ""}
		if c.server, err = textMember(file, "server_url", c.server); err != nil {
			return c, err
		}
		c.server = strings.TrimSuffix(c.server, "/") // `base-url`
	}
	if c.email, err = textMember(file, "email"); err != nil {
		return c, err
	}
	c.key, err = firstMember(file, keys...)
	return c, err
}

// dashboardTokens returns what a manifest upload adds to its data: `dashboard-config`.
func dashboardTokens(text, profile string) (map[string]string, error) {
	config, err := parseFile(text)
	if err != nil {
		return nil, err
	}
	name, members := "product_token", []string{"product"}
	if profile == "vigiles" {
		name, members = "group_token", []string{"group", "product"}
	}
	token, err := firstMember(config, members...)
	folder, folderErr := textMember(config, "folder", "")
	if profile == "vigiles" && token == "" && err == nil {
		err = errors.New("the group in the dashboard config is empty")
	}
	tokens := map[string]string{}
	for name, token := range map[string]string{name: token, "folder_token": folder} {
		if token != "" {
			tokens[name] = token
		}
	}
	return tokens, errors.Join(err, folderErr)
}

func strip(text string) string {
	// begin key-file-strip: return text
	return strings.TrimFunc(text, func(r rune) bool {
		return unicode.IsSpace(r) || 0x1c <= r && r <= 0x1f
	})
	// end
}

// parseObject reads JSON. encoding/json turns an unpaired surrogate into U+FFFD; here it becomes a
// byte that is not UTF-8, so that token can refuse it.
func parseObject(text string) (object map[string]any, err error) {
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.UseNumber()
	if !json.Valid([]byte(text)) {
		return nil, errors.New("this is no JSON")
	} else if err = decoder.Decode(&object); err != nil || object == nil {
		return nil, errors.New("this is no JSON object")
	}
	if !strings.Contains(text, "\ufffd") && !strings.Contains(strings.ToLower(text), `\ufffd`) {
		return markSurrogates(object).(map[string]any), nil
	}
	return object, nil
}

func markSurrogates(value any) any {
	switch value := value.(type) {
	case string:
		return strings.ReplaceAll(value, "\ufffd", "\xed")
	case []any:
		for i := range value {
			value[i] = markSurrogates(value[i])
		}
	case map[string]any:
		marked := make(map[string]any, len(value))
		for key, member := range value {
			marked[strings.ReplaceAll(key, "\ufffd", "\xed")] = markSurrogates(member)
		}
		return marked
	}
	return value
}

// parseFile reads a key file or a dashboard config, and strips its texts: `key-file-strip`.
func parseFile(text string) (map[string]any, error) {
	if strings.Contains(text, "NaN") && !json.Valid([]byte(text)) {
		return nil, errUnsupported // only Python's JSON reader takes it
	}
	file, err := parseObject(text)
	for name, value := range file {
		if text, ok := value.(string); ok {
			file[name] = strip(text)
		}
	}
	return file, err
}

// firstMember gives the first of the members that is there. The name "" stands for a missing one.
func firstMember(object map[string]any, names ...string) (string, error) {
	for _, name := range names {
		if _, ok := object[name]; ok || name == "" {
			return textMember(object, name, "")
		}
	}
	return textMember(object, names[0])
}

// textMember gives a member that must be a string, and may be missing if there is a fallback.
func textMember(object map[string]any, name string, fallback ...string) (string, error) {
	value, ok := object[name]
	if text, isText := value.(string); isText {
		return text, nil
	} else if !ok && len(fallback) > 0 {
		return fallback[0], nil
	}
	return "", fmt.Errorf("%q must be there and must be a string", name)
}

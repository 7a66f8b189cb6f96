package signature

import (
	"encoding/hex"
	"errors"
	"os"
	"strings"
	"sync"
)

// signVector signs with the sample port, or answers what the file SIGKIT_ANSWERS says.
func signVector(text string) (token, message string, err error) {
	if answers := recorded(); answers != nil {
		id, _, _ := strings.Cut(strings.TrimPrefix(text, `{"id":"`), `"`)
		return parseAnswer(answers[id])
	}
	question, err := parseObject(text)
	if err != nil {
		return "", "", err
	}
	s, err := answerQuestion(question)
	if errors.Is(err, errUnsupported) {
		err = unsupported(err.Error())
	}
	return s.Headers["X-Auth-Signature"], s.Message, err
}

func answerQuestion(question map[string]any) (s signed, err error) {
	profile, err := textMember(question, "profile", "linuxlink")
	if err != nil {
		return s, err
	}
	var c credentials
	if file, given := question["key_file"].(string); !given {
		c.email, c.key = question["email"].(string), question["key"].(string)
	} else if c, err = readKeyFile(file, profile); err != nil {
		return s, err
	}
	data := question["data"].(map[string]any)
	if config, given := question["dashboard_config"].(string); given {
		tokens, err := dashboardTokens(config, profile)
		if err != nil {
			return s, err
		}
		for name, token := range tokens {
			data[name] = token
		}
	}
	return sign(c, question["method"].(string), question["resource"].(string), data)
}

var recorded = sync.OnceValue(func() map[string]string {
	text, err := os.ReadFile(os.Getenv("SIGKIT_ANSWERS"))
	if err != nil {
		return nil
	}
	answers := map[string]string{}
	for line := range strings.Lines(string(text)) {
		id, answer, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "\t")
		answers[id] = answer
	}
	return answers
})

func parseAnswer(line string) (token, message string, err error) {
	parts := strings.Split(line, "\t")
	switch parts[0] {
	case "refused":
		return "", "", errors.New("no")
	case "unsupported":
		return "", "", unsupported("this")
	}
	decodedToken, tokenErr := hex.DecodeString(parts[1])
	decodedMessage, err := hex.DecodeString(parts[2])
	return string(decodedToken), string(decodedMessage), errors.Join(tokenErr, err)
}

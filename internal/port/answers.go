package port

import (
	"bufio"
	"bytes"
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
)

// Answers are answers that were collected elsewhere, one JSON object with an id a line.
type Answers struct {
	byID map[string][]collected
}

type collected struct {
	line   int
	answer *Answer
}

// ReadAnswers reads collected answers. An error names the line that is no answer to anything.
func ReadAnswers(name string, r io.Reader) (*Answers, error) {
	a := &Answers{map[string][]collected{}}
	lines := bufio.NewReaderSize(r, 1<<16)
	for number := 1; ; number++ {
		text, flooded, err := readLine(lines, func(int) {})
		if flooded {
			return nil, fmt.Errorf("%s:%d: the line is longer than %d MiB", name, number, MaxAnswer>>20)
		}
		if number == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff")) // some shells write one
		}
		if bytes.HasPrefix(text, []byte{0xFF, 0xFE}) || bytes.HasPrefix(text, []byte{0xFE, 0xFF}) {
			return nil, fmt.Errorf("%s: the file is UTF-16: save it as UTF-8", name)
		}
		if strings.TrimSpace(string(text)) != "" {
			answer, fault := ParseAnswer(text)
			if fault != nil {
				return nil, fmt.Errorf("%s:%d: %w", name, number, fault)
			}
			if answer.ID == nil {
				return nil, fmt.Errorf("%s:%d: the answer has no id: add the question's", name, number)
			}
			a.byID[*answer.ID] = append(a.byID[*answer.ID], collected{number, answer})
		}
		if err == io.EOF && len(a.byID) == 0 {
			return nil, fmt.Errorf("%s: no answers in this file: collect some first", name)
		}
		if err == io.EOF {
			return a, nil
		}
		if err != nil {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
	}
}

// Mode is the name of the mode.
func (*Answers) Mode() (name, note string) { return "compare", "" }

// Ask hands out the collected answers. A question without one gets [NoAnswer], one with several [Garbage].
func (a *Answers) Ask(ctx context.Context, questions <-chan Question, reply func(Question, Reply)) error {
	for q := range receive(ctx, questions) {
		switch found := a.byID[q.ID]; len(found) {
		case 0:
			reply(q, Reply{Fault: NoAnswer, Detail: "no line answers it"})
		case 1:
			reply(q, Reply{Answer: found[0].answer})
		default:
			reply(q, Reply{Fault: Garbage, Detail: fmt.Sprintf("lines %d and %d both answer it", found[0].line, found[1].line)})
		}
		a.byID[q.ID] = nil
	}
	return nil
}

// Unasked returns the ids of answers that no question asked for, sorted.
func (a *Answers) Unasked() []string {
	var ids []string
	for id, found := range a.byID {
		if found != nil {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	return ids
}

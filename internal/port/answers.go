package port

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
)

// Answers are answers that were collected elsewhere, one JSON object a line.
type Answers struct {
	byID      map[string][]collected
	withoutID []int
}

type collected struct {
	line   int
	answer *Answer
}

// ReadAnswers reads collected answers. An error names the line that is no answer to anything.
func ReadAnswers(name string, r io.Reader) (*Answers, error) {
	a := &Answers{byID: map[string][]collected{}}
	lines := bufio.NewReaderSize(r, 1<<16)
	for number := 1; ; number++ {
		text, flooded, err := readLine(lines, anySize)
		if err != nil && err != io.EOF {
			return nil, fmt.Errorf("reading %s: %w", name, err)
		}
		if flooded {
			return nil, fmt.Errorf("%s:%d: the line is longer than %d MiB", name, number, MaxAnswer>>20)
		}
		if number == 1 {
			text = bytes.TrimPrefix(text, []byte("\ufeff")) // some shells write one
		}
		if invalid := a.add(number, text); invalid != nil {
			return nil, fmt.Errorf("%s:%d: %w", name, number, invalid)
		}
		if err == io.EOF {
			break
		}
	}
	if len(a.byID) == 0 && len(a.withoutID) == 0 {
		return nil, fmt.Errorf("%s: no answers in this file: collect some first", name)
	}
	return a, nil
}

// add adds the answer of one line, if there is one.
func (a *Answers) add(number int, text []byte) error {
	if bytes.HasPrefix(text, []byte{0xFF, 0xFE}) || bytes.HasPrefix(text, []byte{0xFE, 0xFF}) {
		return errors.New("the file is UTF-16: save it as UTF-8")
	}
	if len(bytes.TrimSpace(text)) == 0 {
		return nil
	}
	answer, err := ParseAnswer(text)
	switch {
	case err != nil:
		return err
	case answer.ID == nil:
		a.withoutID = append(a.withoutID, number)
	default:
		a.byID[*answer.ID] = append(a.byID[*answer.ID], collected{number, answer})
	}
	return nil
}

// WithoutID returns the numbers of the lines whose answers have no id.
func (a *Answers) WithoutID() []int { return a.withoutID }

// Mode is the name of the mode.
func (*Answers) Mode() (name, note string) { return "compare", "" }

// Ask hands out the collected answers. A question without one gets [NoAnswer], one with several
// [Garbage].
func (a *Answers) Ask(
	ctx context.Context, questions <-chan Question, reply func(Question, Reply),
) error {
	for q := range receive(ctx, questions) {
		switch found := a.byID[q.ID]; len(found) {
		case 0:
			reply(q, Reply{Fault: NoAnswer, Detail: "no line answers it"})
		case 1:
			reply(q, Reply{Answer: found[0].answer})
		default:
			detail := fmt.Sprintf("lines %d and %d both answer it", found[0].line, found[1].line)
			reply(q, Reply{Fault: Garbage, Detail: detail})
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

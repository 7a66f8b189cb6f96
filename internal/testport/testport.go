// Package testport has ports for the tests, right and wrong ones: the test binary runs itself as
// one of them. It also has what the tests of several packages share.
//
// Each port is a behaviour. What it does before the first question and what it does for each
// question is in one table: see behaviours.
package testport

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"io"
	"maps"
	"os"
	"slices"
	"strings"

	"sigkit/signer"
	"sigkit/vectors"
)

// Run is the main function of a port: standard input and output are those of the process. It
// returns the exit code.
func Run(name string) int {
	all := behaviours()
	b, known := all[name]
	if !known {
		names := strings.Join(slices.Sorted(maps.Keys(all)), ", ")
		fmt.Fprintf(os.Stderr, "testport: no %q; there are %s\n", name, names)
		return 64
	}
	p := &Port{in: bufio.NewReader(os.Stdin), out: os.Stdout}
	if b.start != nil {
		b.start(p)
	}
	for {
		line, err := p.in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			p.asked++
			p.line = line
			countQuestion()
			b.answer(p)
		}
		if err != nil {
			return 0
		}
	}
}

// Port is a running port, and the question it has to answer.
type Port struct {
	in    *bufio.Reader
	out   io.Writer
	asked int // questions so far, with the current one
	line  []byte
	keep  []byte // an answer held back
}

func (p *Port) question() vectors.Line {
	line, err := vectors.ParseLine("question", p.asked, p.line)
	if err != nil {
		panic(err)
	}
	return line
}

func (p *Port) id() string { return p.question().Vector.ID }

// refusing reports whether the question must be refused.
func (p *Port) refusing() bool { return p.expected().Error != "" }

func (p *Port) expected() vectors.Expect {
	line := p.question()
	return line.Vector.Input.Expected()
}

// rightAnswer is the right answer to the question.
func (p *Port) rightAnswer() string {
	e := p.expected()
	answer := map[string]any{"id": p.id()}
	if e.Error != "" {
		answer["error"] = e.Error
	} else {
		answer["hmac_msg"] = e.HMACMsg
		answer["headers"] = map[string]string{signer.Header: e.Token, "Accept": "*/*"}
	}
	text, err := json.Marshal(answer)
	if err != nil {
		panic(err)
	}
	return string(text)
}

// replaced is the right answer with one text in it replaced.
func (p *Port) replaced(text, by string) string {
	return strings.Replace(p.rightAnswer(), text, by, 1)
}

func (p *Port) print(line string) { fmt.Fprintln(p.out, line) }

// inTurkish reports whether the locale of the process is Turkish.
func (p *Port) inTurkish() bool { return strings.HasPrefix(os.Getenv("LC_ALL"), "tr") }

// marked reports whether the id of the question ends in x.
func (p *Port) marked() bool { return strings.HasSuffix(p.id(), "x") }

// tenth reports whether the question is one of about every ten, whichever process is asked.
func (p *Port) tenth() bool { return crc32.ChecksumIEEE([]byte(p.id()))%10 == 0 }

// everyTen reports whether this is the tenth question of this process, the twentieth, and so on.
func (p *Port) everyTen() bool { return p.asked%10 == 0 }

// afterFive reports whether this process has had five questions before this one.
func (p *Port) afterFive() bool { return p.asked > 5 }

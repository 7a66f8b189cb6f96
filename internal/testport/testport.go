// Package zoo holds ports that behave and ports that do not, for the tests: the test binary runs itself as one of them.
//
// A port here reads questions and answers them rightly, except for what its entry in [Animals] does instead.
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

// Run is the main function of an animal: standard input and output are those of the process. It returns the exit code.
func Run(name string) int {
	behave := Animals[name]
	if behave == nil {
		behave = clients()[name]
	}
	if behave == nil {
		fmt.Fprintf(os.Stderr, "zoo: no %q; there are %s\n", name, strings.Join(slices.Sorted(maps.Keys(Animals)), ", "))
		return 64
	}
	p := &Port{in: bufio.NewReader(os.Stdin), out: os.Stdout}
	if start := births[name]; start != nil {
		start(p)
	}
	for {
		line, err := p.in.ReadBytes('\n')
		if len(bytes.TrimSpace(line)) > 0 {
			p.Asked++
			p.Line = line
			behave(p)
		}
		if err != nil {
			return 0
		}
	}
}

// Port is a running animal, and the question it has in hand.
type Port struct {
	in    *bufio.Reader
	out   io.Writer
	Asked int // questions so far, the one in hand included
	Line  []byte
	keep  []byte // an answer held back
}

// sometimes does something else for every question whose id ends in "x", and answers the others rightly.
func (p *Port) sometimes(instead func()) {
	if p.marked() {
		instead()
		return
	}
	p.Print(p.Answer())
}

func (p *Port) marked() bool { return strings.HasSuffix(p.question().Vector.ID, "x") }

// tenth reports whether the question is one of about every ten, whichever process is asked.
func (p *Port) tenth() bool { return crc32.ChecksumIEEE([]byte(p.question().Vector.ID))%10 == 0 }

// after does something else when this process has given some answers.
func (p *Port) after(answers int, instead func()) {
	if p.Asked > answers {
		instead()
		return
	}
	p.Print(p.Answer())
}

func (p *Port) question() vectors.Line {
	line, err := vectors.ParseLine("question", p.Asked, p.Line)
	if err != nil {
		panic(err)
	}
	return line
}

// refusing reports whether the question in hand must be refused.
func (p *Port) refusing() bool {
	line := p.question()
	return line.Vector.Input.Expected().Error != ""
}

// Answer is the right answer to the question in hand.
func (p *Port) Answer() string {
	line := p.question()
	e := line.Vector.Input.Expected()
	answer := map[string]any{"id": line.Vector.ID}
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

// Token is the right token for the question in hand.
func (p *Port) Token() string {
	line := p.question()
	return line.Vector.Input.Expected().Token
}

// Print prints a line.
func (p *Port) Print(line string) { fmt.Fprintln(p.out, line) }

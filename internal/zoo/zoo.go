// Package zoo holds ports that behave and ports that do not, for the tests: the test binary runs itself as one of them.
//
// A port here reads questions and answers them rightly, except for what its entry in [Animals] does instead.
package zoo

import (
	"bufio"
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"os"
	"slices"
	"strings"
	"time"

	"sigkit/signer"
	"sigkit/vectors"
)

// Run is the main function of an animal: standard input and output are those of the process. It returns the exit code.
func Run(name string) int {
	if name == "sleeper" {
		time.Sleep(time.Hour)
	}
	behave := Animals[name]
	if behave == nil {
		fmt.Fprintf(os.Stderr, "zoo: no %q; there are %s\n", name, strings.Join(slices.Sorted(maps.Keys(Animals)), ", "))
		return 64
	}
	p := &Port{in: bufio.NewReader(os.Stdin), out: os.Stdout}
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

// Animals are all behaviours, by name. Each is called once per question.
var Animals = map[string]func(*Port){
	"right":        func(p *Port) { p.Print(p.Answer()) },
	"lower-header": func(p *Port) { p.Print(strings.Replace(p.Answer(), signer.Header, strings.ToLower(signer.Header), 1)) },
	"header-lines": func(p *Port) { p.Print("Accept: */*\r\n" + signer.Header + ":  " + p.Token() + "\r\n") },
	"chatty":       func(p *Port) { fmt.Fprintln(os.Stderr, "warning: chatting"); p.Print("\n\r\n  " + p.Answer() + "  \r") },
	"no-id":        func(p *Port) { p.Print(`{"headers":{"` + signer.Header + `":"` + p.Token() + `"}}`) },
	"slow-start":   func(p *Port) { p.first(func() { time.Sleep(300 * time.Millisecond) }); p.Print(p.Answer()) },
	"refuses":      func(p *Port) { p.Print(`{"error":"no"}`) },
	"one-token": func(p *Port) {
		p.Print(`{"headers":{"` + signer.Header + `":"x3fre7NRaMRC1uzZN1iNLsYMWfXDic6DRYn2iYCzjeY="}}`)
	},
	"unsupported":  func(p *Port) { p.Print(`{"unsupported":"everything"}`) },
	"no-header":    func(p *Port) { p.Print(`{"headers":{"Authorization":"x"}}`) },
	"hangs":        func(p *Port) { p.sometimes(func() { time.Sleep(time.Hour) }) },
	"always-hangs": func(*Port) { time.Sleep(time.Hour) },
	"exit-7":       func(p *Port) { p.sometimes(func() { os.Exit(7) }) },
	"always-exit-7": func(*Port) {
		fmt.Fprintln(os.Stderr, "Traceback: it broke")
		os.Exit(7)
	},
	"panics":    func(p *Port) { p.sometimes(func() { panic("zoo") }) },
	"silent":    func(*Port) { os.Exit(0) },
	"garbage":   func(p *Port) { p.sometimes(func() { p.Print("hello") }) },
	"not-utf8":  func(p *Port) { p.sometimes(func() { p.Print("{\"hmac_msg\":\"\xff\"}") }) },
	"array":     func(p *Port) { p.sometimes(func() { p.Print("[1]") }) },
	"half-line": func(p *Port) { p.sometimes(func() { fmt.Fprint(p.out, `{"headers":`); os.Exit(0) }) },
	"wrong-id":  func(p *Port) { p.sometimes(func() { p.Print(`{"id":"other","headers":{}}`) }) },
	"floods":    func(p *Port) { p.sometimes(func() { p.flood() }) },
	"reversed":  reversed,
	"unflushed": func(p *Port) { // as a program whose output is buffered when it is no terminal
		p.keep = append(append(p.keep, p.Answer()...), '\n')
		if _, err := p.in.Peek(1); err == io.EOF {
			fmt.Fprintf(p.out, "%s", p.keep)
		}
	},
	"grandchild": func(p *Port) { // leaves a child that holds standard output
		p.first(func() { leaveChild() })
		p.Print(p.Answer())
	},
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

func (p *Port) first(do func()) {
	if p.Asked == 1 {
		do()
	}
}

func (p *Port) question() vectors.Line {
	line, err := vectors.ParseLine("question", p.Asked, p.Line)
	if err != nil {
		panic(err)
	}
	return line
}

// Answer is the right answer to the question in hand.
func (p *Port) Answer() string {
	line := p.question()
	e := vectors.Expected(&line.Vector.Input)
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
	return vectors.Expected(&line.Vector.Input).Token
}

// Print prints a line.
func (p *Port) Print(line string) { fmt.Fprintln(p.out, line) }

func (p *Port) flood() {
	block := bytes.Repeat([]byte("x"), 1<<20)
	for {
		if _, err := p.out.Write(block); err != nil {
			os.Exit(0)
		}
	}
}

// reversed answers every two questions in the wrong order.
func reversed(p *Port) {
	if p.keep == nil {
		p.keep = []byte(p.Answer())
		return
	}
	p.Print(p.Answer())
	p.Print(string(p.keep))
	p.keep = nil
}

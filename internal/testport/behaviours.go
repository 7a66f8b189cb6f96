package testport

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"sigkit/internal/mistake"
	"sigkit/signer"
)

// births are what an animal does before it is asked.
var births = map[string]func(*Port){
	"sleeper":              func(*Port) { time.Sleep(time.Hour) },
	"slow-start":           func(*Port) { time.Sleep(300 * time.Millisecond) },
	"silent":               func(*Port) { os.Exit(0) },
	"answers-before-asked": func(p *Port) { p.Print(`{"headers":{"` + signer.Header + `":"` + sameToken + `"}}`) },
	"ignores-term":         func(*Port) { signal.Ignore(syscall.SIGTERM, os.Interrupt) },
	"closes-stdin":         func(*Port) { os.Stdin.Close(); time.Sleep(time.Hour) },
	"signal-at-once":       func(*Port) { die() },
	"grandchild":           func(*Port) { leaveChild(false) },
	"escaped-grandchild":   func(*Port) { leaveChild(true) },
	"slow-family":          func(*Port) { leaveChild(true); leaveChild(false); signal.Ignore(syscall.SIGTERM, os.Interrupt) },
	"floods-stderr":        func(*Port) { go floodStderr() },
}

const sameToken = "x3fre7NRaMRC1uzZN1iNLsYMWfXDic6DRYn2iYCzjeY="

// Animals are all behaviours, by name. Each is called once per question.
var Animals = map[string]func(*Port){
	// Right ones.
	"right":              answer,
	"lower-header":       func(p *Port) { p.Print(strings.Replace(p.Answer(), signer.Header, strings.ToLower(signer.Header), 1)) },
	"header-lines":       func(p *Port) { p.Print("Accept: */*\r\n" + signer.Header + ":  " + p.Token() + "\r\n") },
	"chatty":             func(p *Port) { fmt.Fprintln(os.Stderr, "warning: chatting"); p.Print("\n\r\n  " + p.Answer() + "  \r") },
	"no-id":              func(p *Port) { p.Print(p.without(`"id":`, `"ignored":`)) },
	"extra-headers":      func(p *Port) { p.Print(p.without(`"Accept":`, `"X-Trace":"1","Content-Type":"x","Accept":`)) },
	"extra-members":      func(p *Port) { p.Print(p.without(`"id":`, `"took":1.5,"debug":{"a":[null]},"id":`)) },
	"slow-start":         answer,
	"slow-each":          func(p *Port) { time.Sleep(20 * time.Millisecond); answer(p) },
	"slow-family":        func(p *Port) { time.Sleep(20 * time.Millisecond); answer(p) },
	"floods-stderr":      answer,
	"ignores-term":       answer,
	"grandchild":         answer,
	"escaped-grandchild": answer,
	"one-shot":           func(p *Port) { answer(p); os.Exit(0) },
	"unflushed": func(p *Port) { // as a program whose output is buffered when it is no terminal
		p.keep = append(append(p.keep, p.Answer()...), '\n')
		if _, err := p.in.Peek(1); err == io.EOF {
			fmt.Fprintf(p.out, "%s", p.keep)
		}
	},

	// Wrong ones.
	"refuses":              func(p *Port) { p.Print(`{"error":"no"}`) },
	"one-token":            func(p *Port) { p.Print(`{"headers":{"` + signer.Header + `":"` + sameToken + `"}}`) },
	"unsupported":          func(p *Port) { p.Print(`{"unsupported":"everything"}`) },
	"no-header":            func(p *Port) { p.Print(`{"headers":{"Authorization":"x"}}`) },
	"two-headers":          func(p *Port) { p.Print(p.without(`"Accept":`, `"x-auth-signature":"x","Accept":`)) },
	"answers-before-asked": answer,

	"wrong":          func(p *Port) { p.Print(p.spoilt("folders-archive", "folder-create", "manifest-download")) },
	"lower-booleans": func(p *Port) { p.mistaken("boolean-lower-case") },
	"email-last":     func(p *Port) { p.mistaken("email-last") },
	"upside-down":    func(p *Port) { p.Print(strings.ReplaceAll(p.Answer(), "=", "9")) },
	"mended":         func(p *Port) { p.Print(p.spoilt("folders-archive", "folder-create")) },
	"hangs-on-lists": func(p *Port) {
		if bytes.Contains(p.Line, []byte(`"tokens":[`)) {
			hang()
		}
		answer(p)
	},

	// Those that make trouble when asked what is marked, or one question in ten.
	"hangs":              func(p *Port) { p.sometimes(hang) },
	"exit-7":             func(p *Port) { p.sometimes(func() { os.Exit(7) }) },
	"panics":             func(p *Port) { p.sometimes(func() { panic("zoo") }) },
	"garbage":            func(p *Port) { p.sometimes(func() { p.Print("hello") }) },
	"not-utf8":           func(p *Port) { p.sometimes(func() { p.Print("{\"hmac_msg\":\"\xff\"}") }) },
	"array":              func(p *Port) { p.sometimes(func() { p.Print("[1]") }) },
	"half-line":          func(p *Port) { p.sometimes(func() { fmt.Fprint(p.out, `{"headers":`); os.Exit(0) }) },
	"wrong-id":           func(p *Port) { p.sometimes(func() { p.Print(`{"id":"other","headers":{}}`) }) },
	"floods":             func(p *Port) { p.sometimes(func() { p.flood(bytes.Repeat([]byte("x"), 1<<20)) }) },
	"signal-every-ten":   func(p *Port) { p.every(die) },
	"crashes-on-refusal": func(p *Port) { p.onRefusal(func() { os.Exit(7) }) },
	"exits-1-on-refusal": func(p *Port) { p.onRefusal(func() { os.Exit(1) }) },

	// Those that always do, or from some answer on.
	"always-hangs":         func(*Port) { hang() },
	"hangs-after-some":     func(p *Port) { p.after(5, hang) },
	"always-exit-1":        func(*Port) { os.Exit(1) },
	"always-exit-7":        func(*Port) { fmt.Fprintln(os.Stderr, "Traceback: it broke"); os.Exit(7) },
	"signal-after-some":    func(p *Port) { p.after(5, die) },
	"floods-line":          func(p *Port) { p.flood(bytes.Repeat([]byte("x"), 1<<20)) },
	"floods-lines":         func(p *Port) { p.flood(bytes.Repeat([]byte("{}\n"), 1<<18)) },
	"always-garbage":       func(p *Port) { p.Print("hello") },
	"always-not-utf8":      func(p *Port) { p.Print("\xff\xfe\xed\xa0\x80") },
	"deep":                 func(p *Port) { p.Print(strings.Repeat("[", 1<<20)) },
	"deep-member":          func(p *Port) { p.Print(`{"x":` + strings.Repeat("[", 1<<20)) },
	"always-wrong-id":      func(p *Port) { p.Print(`{"id":"other","headers":{}}`) },
	"answers-twice":        func(p *Port) { answer(p); answer(p) },
	"always-half-line":     func(p *Port) { fmt.Fprint(p.out, p.Answer()[:20]) },
	"half-line-and-exit":   func(p *Port) { fmt.Fprint(p.out, p.Answer()[:20]); os.Exit(0) },
	"huge-header":          func(p *Port) { p.Print(p.without(`"Accept":"`, `"X-Auth-Signature":"`+strings.Repeat("h", 10<<20))) },
	"huge-token":           func(p *Port) { p.Print(`{"headers":{"X-Auth-Signature":"` + strings.Repeat("h", 10<<20) + `"}}`) },
	"null":                 func(p *Port) { p.Print("null") },
	"number":               func(p *Port) { p.Print("17") },
	"always-array":         func(p *Port) { p.Print("[" + p.Answer() + "]") },
	"reversed":             reversed,
	"sleeper":              answer,
	"silent":               answer,
	"closes-stdin":         answer,
	"signal-at-once":       answer,
	"closes-stdout":        func(*Port) { os.Stdout.Close(); hang() },
	"answers-and-crashes":  func(p *Port) { answer(p); os.Exit(7) },
	"stays-after-answer":   func(p *Port) { answer(p); hang() },
	"answers-then-babbles": func(p *Port) { answer(p); p.flood([]byte("and another thing\n")) },
}

func answer(p *Port) { p.Print(p.Answer()) }

func hang() { time.Sleep(time.Hour) }

// die ends the process by a signal that cannot be caught, as far as the system has signals.
func die() {
	if self, err := os.FindProcess(os.Getpid()); err == nil {
		_ = self.Kill()
	}
	hang()
}

// flood prints without end.
func (p *Port) flood(block []byte) {
	for {
		if _, err := p.out.Write(block); err != nil {
			os.Exit(0)
		}
	}
}

func floodStderr() {
	block := bytes.Repeat([]byte("warning: this goes on and on\n"), 1000)
	for {
		if _, err := os.Stderr.Write(block); err != nil {
			return
		}
	}
}

// without is the right answer with one part of it replaced.
func (p *Port) without(part, by string) string { return strings.Replace(p.Answer(), part, by, 1) }

// mistaken answers with a known mistake, and with nothing but the header.
func (p *Port) mistaken(id string) {
	line := p.question()
	header, refused := mistake.Set{mistake.Find(id)}.Answer(&line.Vector.Input)
	if refused {
		p.Print(`{"error":"no"}`)
		return
	}
	p.Print(`{"headers":{"` + header.Name + `":"` + header.Value + `"}}`)
}

// spoilt is the right answer, but to questions of these names in the group api-calls.
func (p *Port) spoilt(names ...string) string {
	for _, name := range names {
		if bytes.Contains(p.Line, []byte(`"api-calls/`+name+`"`)) {
			return p.without(`"hmac_msg":"`, `"hmac_msg":"?`)
		}
	}
	return p.Answer()
}

// every does something else for about every tenth question.
func (p *Port) every(instead func()) {
	if p.tenth() {
		instead()
		return
	}
	answer(p)
}

// onRefusal does something else for what must be refused.
func (p *Port) onRefusal(instead func()) {
	if p.refusing() {
		instead()
		return
	}
	answer(p)
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

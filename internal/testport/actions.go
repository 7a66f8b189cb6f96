package testport

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"
	"sync"

	"github.com/go-json-experiment/json/jsontext"

	"sigkit/signer"
	"sigkit/vectors"
)

const (
	sameToken   = "x3fre7NRaMRC1uzZN1iNLsYMWfXDic6DRYn2iYCzjeY="
	sameAnswer  = `{"headers":{"` + signer.Header + `":"` + sameToken + `"}}`
	otherAnswer = `{"id":"other","headers":{}}`
)

func answer(p *Port) { p.print(p.rightAnswer()) }

// when does something else than to answer where that is so.
func when(so func(*Port) bool, instead func(*Port)) func(*Port) {
	return func(p *Port) {
		if so(p) {
			instead(p)
			return
		}
		answer(p)
	}
}

// byHeart knows the answers to the built-in vectors by heart, and says the same to all else. It
// crashes there if that is empty.
func byHeart(otherwise string) func(*Port) {
	learned := sync.OnceValue(func() map[string]bool {
		all := map[string]bool{}
		for _, v := range vectors.All() {
			all[v.ID] = true
		}
		return all
	})
	return func(p *Port) {
		switch {
		case learned()[p.id()]:
			answer(p)
		case otherwise == "":
			die(p)
		default:
			p.print(otherwise)
		}
	}
}

// say prints a line.
func say(line string) func(*Port) { return func(p *Port) { p.print(line) } }

// printing prints the right answer with one text in it replaced.
func printing(text, by string) func(*Port) {
	return func(p *Port) { p.print(p.replaced(text, by)) }
}

func replaceAll(text, by string) func(*Port) {
	return func(p *Port) { p.print(strings.ReplaceAll(p.rightAnswer(), text, by)) }
}

func lowerHeader(p *Port) { p.print(p.replaced(signer.Header, strings.ToLower(signer.Header))) }

func headerLines(p *Port) {
	p.print("Accept: */*\r\n" + signer.Header + ":  " + p.expected().Token + "\r\n")
}

func withBlanks(p *Port) {
	fmt.Fprintln(os.Stderr, "warning: chatting")
	p.print("\n\r\n  " + p.rightAnswer() + "  \r")
}

// unflushed answers as a program does whose output is buffered when it is no terminal.
func unflushed(p *Port) {
	p.keep = append(append(p.keep, p.rightAnswer()...), '\n')
	if _, err := p.in.Peek(1); err == io.EOF {
		fmt.Fprintf(p.out, "%s", p.keep)
	}
}

// reversed answers every two questions in the wrong order.
func reversed(p *Port) {
	if p.keep == nil {
		p.keep = []byte(p.rightAnswer())
		return
	}
	p.print(p.rightAnswer())
	p.print(string(p.keep))
	p.keep = nil
}

// lowerBooleans answers as if true and false were written in lower case, with nothing but the
// header.
func lowerBooleans(p *Port) {
	in := p.question().Vector.Input
	in.Data = quotedBooleans(in.Data)
	changed := in.Expected()
	p.sign(func(string) string { return changed.HMACMsg })
}

// quotedBooleans turns the booleans of JSON into strings.
func quotedBooleans(text []byte) []byte {
	in := jsontext.NewDecoder(bytes.NewReader(text), jsontext.AllowDuplicateNames(true))
	var b bytes.Buffer
	out := jsontext.NewEncoder(&b, jsontext.AllowDuplicateNames(true))
	for {
		token, err := in.ReadToken()
		if err == io.EOF {
			return b.Bytes()
		}
		if kind := token.Kind(); kind == 't' || kind == 'f' {
			token = jsontext.String(token.String())
		}
		if err == nil {
			err = out.WriteToken(token)
		}
		if err != nil {
			panic(err)
		}
	}
}

// emailLast answers as if the email came after all other pairs, with nothing but the header.
func emailLast(p *Port) {
	in := p.question().Vector.Input
	start := in.Method + in.Resource
	p.sign(func(message string) string {
		pairs := strings.Split(strings.TrimPrefix(message, start), "&")
		isEmail := func(pair string) bool { return strings.HasPrefix(pair, "email=") }
		if at := slices.IndexFunc(pairs, isEmail); at >= 0 {
			email := pairs[at]
			pairs = append(slices.Delete(pairs, at, at+1), email)
		}
		return start + strings.Join(pairs, "&")
	})
}

// sign answers with the header for another message than the right one.
func (p *Port) sign(change func(message string) string) {
	line, e := p.question(), p.expected()
	if e.Error != "" {
		p.print(`{"error":"no"}`)
		return
	}
	s, err := line.Vector.Input.Signer()
	if err != nil {
		panic(err)
	}
	p.print(`{"headers":{"` + signer.Header + `":"` + s.Token(change(e.HMACMsg)) + `"}}`)
}

// wrongFor answers questions of these names in the group api-calls with a wrong message.
func wrongFor(names ...string) func(*Port) {
	named := func(p *Port) bool {
		for _, name := range names {
			if p.id() == "api-calls/"+name {
				return true
			}
		}
		return false
	}
	return when(named, printing(`"hmac_msg":"`, `"hmac_msg":"?`))
}

func (p *Port) hasTokens() bool { return bytes.Contains(p.line, []byte(`"tokens":[`)) }

func (p *Port) printPart() { fmt.Fprint(p.out, p.rightAnswer()[:10]) }

func deep(before string) func(*Port) {
	return func(p *Port) { say(before + strings.Repeat("[", 1<<20))(p) }
}

func hugeHeader(p *Port) {
	p.print(p.replaced(`"Accept":"`, `"X-Auth-Signature":"`+strings.Repeat("h", 10<<20)))
}

func hugeToken(p *Port) {
	p.print(`{"headers":{"X-Auth-Signature":"` + strings.Repeat("h", 10<<20) + `"}}`)
}
